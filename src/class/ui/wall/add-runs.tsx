import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../../kit/button.tsx';
import { Press } from '../../../ui/page.tsx';
import { REHEARSE, REHEARSE_HANDS, useWallOrder } from './use-wall.ts';

interface AddRunsProps {
  /** On an empty wall, with the sources of runs; otherwise it was opened on request and takes the focus. */
  readonly first: boolean;
  readonly done: () => void;
}

/** Import of runs: files, and links as text. */
export function AddRuns({ first, done }: AddRunsProps) {
  const order = useWallOrder();
  const [text, setText] = useState('');
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!first) box.current?.querySelector<HTMLElement>('button')?.focus();
  }, [first]);
  const pick = () => {
    order('pick');
    done();
  };
  const add = () => {
    order({ paste: text });
    setText('');
    done();
  };
  return (
    <div ref={box} className="adding">
      <div className="add-runs">
        <section className="drop-here">
          <h2 className="page-title">Drop run files here</h2>
          <p className="read">
            All at once or one by one, runs or hands. Nothing leaves this device, and nothing is stored.
          </p>
          <Button className="btn main" onClick={pick}>
            Choose files …
          </Button>
        </section>
        <section>
          <label className="block strong space-below" htmlFor={id}>
            Or paste links, one per line
          </label>
          <textarea
            id={id}
            rows={6}
            spellCheck={false}
            value={text}
            aria-describedby={`${id}note`}
            placeholder="https://…/#v=1&target=low-rank&…&by=Ada"
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <p id={`${id}note`} className="note space-below">
            Each link is trained here; one with a hand is read as it is. Up to 60 runs and 60 hands. If a link has no
            name, write one in front of it.
          </p>
          <Button onClick={add} disabled={text.trim() === ''}>
            Add links
          </Button>
        </section>
      </div>
      {first && (
        <p className="read far-above">
          On the page you gave them, students press <b>Hand in …</b> to save a run file or copy a link with their
          nickname. Collect the files or links the way you collect other homework. Before there are any, you can{' '}
          <Press className="link under" event={REHEARSE}>
            rehearse with an example class
          </Press>{' '}
          of runs, or{' '}
          <Press className="link under" event={REHEARSE_HANDS}>
            of thirty hands
          </Press>
          : adapters that each read one person’s digits.
        </p>
      )}
    </div>
  );
}
