import { targets } from '../../experiment/targets/index.ts';
import { useVisible } from '../controls/visible.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Sym } from '../symbols.tsx';
import { Corner, Thumbnail } from './thumbnail.tsx';

/** Target and start as two buttons, where the rail has become two rows: they open the whole rail and the list of starts. */
export function Picks() {
  const [target, init] = [useVisible('target'), useVisible('init')];
  const name = useShown((s) => s.experiment.target);
  const start = useShown((s) => s.experiment.init);
  const dispatch = useDispatch();
  return (
    <div className="picks">
      {target && (
        <button
          type="button"
          className="pk"
          aria-haspopup="dialog"
          onClick={() => dispatch({ type: 'panel', panel: { name: 'rail' } })}
        >
          <Thumbnail of={name} />
          <span>
            Target <Sym of="ΔW*" />
            <b>{targets.byName(name).label}</b>
          </span>
        </button>
      )}
      {init && (
        <button
          type="button"
          className="pk"
          aria-haspopup="dialog"
          onClick={() => dispatch({ type: 'panel', panel: { name: 'inits' } })}
        >
          <Corner of={start} />
          <span>
            Start of <Sym of="A" />, <Sym of="B" />
            <b>{start}</b>
          </span>
        </button>
      )}
    </div>
  );
}
