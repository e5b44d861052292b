import { param } from '../../experiment/experiment.ts';
import { inits } from '../../experiment/inits/index.ts';
import { BackToDefault, Numeric } from '../controls/numeric.tsx';
import { useVisible } from '../controls/visible.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Typeset } from '../symbols.tsx';
import { Corner } from './corner.tsx';

/** How A and B start: a few tiles, the whole list one click away, the variance in words. */
export function StartControls() {
  const [init, sigma] = [useVisible('init'), useVisible('sigma')];
  const dispatch = useDispatch();
  return (
    <>
      {init && (
        <div className="ctl inits" data-param="init">
          <div className="hd">
            <span className="lb" title={param('init').help}>
              <Typeset>{param('init').label}</Typeset>
            </span>
            <BackToDefault of="init" />
            <button
              type="button"
              className="link"
              aria-haspopup="dialog"
              onClick={() => dispatch({ type: 'panel', panel: { name: 'inits' } })}
            >
              all {inits.all.length}
            </button>
          </div>
          <StartTiles />
          <Variance />
        </div>
      )}
      {sigma && <Numeric of="sigma" />}
    </>
  );
}

const MOST_TILES = 4;

/** Those with a tile; one from the list takes the last place. */
function StartTiles() {
  const chosen = useShown((s) => s.experiment.init);
  const dispatch = useDispatch();
  const usual = inits.all.filter((it) => it.tile !== undefined).slice(0, MOST_TILES);
  const here = inits.byName(chosen);
  const tiles = usual.includes(here) ? usual : [...usual.slice(0, MOST_TILES - 1), here];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid everywhere
    <div className="tiles" role="group" aria-label={param('init').label}>
      {tiles.map((it) => (
        <StartTile
          key={it.name}
          name={it.name}
          pressed={it === here}
          onPick={() => dispatch({ type: 'changed', changes: { init: it.name } })}
        />
      ))}
    </div>
  );
}

interface TileProps {
  readonly name: string;
  readonly pressed: boolean;
  readonly onPick: () => void;
}

function StartTile({ name, pressed, onPick }: TileProps) {
  const it = inits.byName(name);
  const why = useShown((s) => it.unavailable?.(s.experiment) ?? null);
  return (
    <button
      type="button"
      className="tile"
      aria-pressed={pressed}
      disabled={why !== null && !pressed}
      title={why ?? it.explanation}
      onClick={onPick}
    >
      <Corner filling={it.filling} />
      <span className={it.tile ? undefined : 'long'}>{it.tile ?? it.name}</span>
    </button>
  );
}

/** "A: variance 1/(3k) = 0.0052; B: 0" */
function Variance() {
  const text = useShown((s) => {
    const { A, B } = inits.byName(s.experiment.init).variance(s.experiment);
    return `A: ${A}; B: ${B}`;
  });
  return <div className="note">{text}</div>;
}
