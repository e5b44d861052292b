import { useEffect, useState } from 'react';
import type { ReadCollection } from '../../experiment/collection/collection.ts';
import { unpackCollection } from '../../experiment/collection/in-link.ts';
import { counted } from '../../experiment/numbers.ts';
import { useDispatch, useShown } from '../page.tsx';

/** Experiments that the link brings: they are kept only if a person says so. */
export function Brought() {
  const packed = useShown((s) => s.view.experiments);
  const [read, setRead] = useState<{ readonly of: string; readonly found: ReadCollection } | null>(null);
  const dispatch = useDispatch();
  useEffect(() => {
    if (packed !== '') void unpackCollection(packed).then((found) => setRead({ of: packed, found }));
  }, [packed]);
  if (packed === '' || read?.of !== packed) return null;
  const { found } = read;
  const away = () => dispatch({ type: 'viewed', changes: { experiments: '' } });
  if ('fault' in found)
    return (
      <section className="brought" aria-label="Experiments in this link">
        <p>
          <b>The experiments in this link could not be read.</b> {found.fault}
        </p>
        <button type="button" className="btn" onClick={away}>
          Close
        </button>
      </section>
    );
  return (
    <section className="brought" aria-label="Experiments in this link">
      <p>
        <b>This link brings {counted(found.experiments.length, 'experiment')}.</b>
      </p>
      <ul>
        {found.experiments.map(({ title, note }, i) => (
          <li key={i}>
            {title}
            {note !== '' && <span className="note"> {note}</span>}
          </li>
        ))}
      </ul>
      {found.left.length > 0 && <p className="note">{found.left.join(' ')}</p>}
      <button
        type="button"
        className="btn main"
        onClick={() => {
          dispatch({ type: 'command', command: { mine: { add: found.experiments } } });
          away();
        }}
      >
        Add to mine
      </button>{' '}
      <button type="button" className="btn" onClick={away}>
        Not now
      </button>
    </section>
  );
}
