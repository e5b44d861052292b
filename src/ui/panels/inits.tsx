import { inits } from '../../experiment/inits/index.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Corner } from '../rail/corner.tsx';
import { Dialog } from './dialog.tsx';

/** Every way to start A and B, with its source and its variances; those that cannot be had here say why. */
export function InitsPanel() {
  return (
    <Dialog title="Start of A and B" kind="inits-all">
      <ul className="starts">
        {inits.all.map(({ name }) => (
          <li key={name}>
            <Start name={name} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Start({ name }: { readonly name: (typeof inits.all)[number]['name'] }) {
  const it = inits.byName(name);
  const chosen = useShown((s) => s.experiment.init === name);
  const why = useShown((s) => it.unavailable?.(s.experiment) ?? null);
  const variance = useShown((s) => {
    const { A, B } = it.variance(s.experiment);
    return `A: ${A} · B: ${B}`;
  });
  const dispatch = useDispatch();
  const choose = () => {
    dispatch({ type: 'changed', changes: { init: it.name } });
    dispatch({ type: 'panel', panel: null });
  };
  return (
    <button type="button" className="start" aria-pressed={chosen} disabled={why !== null && !chosen} onClick={choose}>
      <Corner filling={it.filling} />
      <span>
        <b>{it.label}</b> <code>{it.name}</code>
        <span className="says">{it.explanation}</span>
        <span className="note">{variance}</span>
        <span className="note">{it.source}</span>
        {why && <span className="why">Not with these settings: {why}</span>}
      </span>
    </button>
  );
}
