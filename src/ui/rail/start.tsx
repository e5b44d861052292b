import { type InitName, inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/initialisation.ts';
import { fillingOf, obstacleTo } from '../../experiment/settings/availability.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { Group } from '../../kit/choice.tsx';
import { type ChoiceMeaning, Explained } from '../controls/explained.tsx';
import { BackToDefault, Numeric } from '../controls/numeric.tsx';
import { Vary } from '../controls/vary.tsx';
import { useVisible } from '../controls/visible.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Corner } from './thumbnail.tsx';

/** How A and B start: a few tiles, the whole list one click away, the variance in words. */
export function StartControls() {
  const [init, sigma] = [useVisible('init'), useVisible('sigma')];
  const dispatch = useDispatch();
  return (
    <>
      {init && (
        <div className="ctl inits" data-param="init">
          <div className="hd">
            <Explained of="init" choices={USUAL} />
            <span className="val">
              <Vary of="init" />
            </span>
            <button
              type="button"
              className="link"
              aria-haspopup="dialog"
              onClick={() => dispatch({ type: 'panel', panel: { name: 'inits' } })}
            >
              All {inits.all.length} …
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
const usual = inits.all.slice(0, MOST_TILES);
const USUAL = usual.map((it): ChoiceMeaning => [shortName(it), it.explanation]);

/** The first of the list; another that was chosen takes the last place. */
function StartTiles() {
  const chosen = useShown((s) => s.experiment.init);
  const dispatch = useDispatch();
  const here = inits.byName(chosen);
  const tiles = usual.includes(here) ? usual : [...usual.slice(0, MOST_TILES - 1), here];
  return (
    <Group className="tiles" aria-label={param('init').label}>
      {tiles.map((it) => (
        <StartTile
          key={it.name}
          name={it.name}
          pressed={it === here}
          onPick={() => dispatch({ type: 'changed', changes: { init: it.name } })}
        />
      ))}
    </Group>
  );
}

interface TileProps {
  readonly name: InitName;
  readonly pressed: boolean;
  readonly onPick: () => void;
}

/** One that is not available here opens the list, which says why and offers the nearest setting that has it. */
function StartTile({ name, pressed, onPick }: TileProps) {
  const it = inits.byName(name);
  const why = useShown((s) => obstacleTo(name, s.experiment));
  const dispatch = useDispatch();
  const cannot = why !== null && !pressed;
  return (
    <button
      type="button"
      className={cannot ? 'tile cannot' : 'tile'}
      aria-pressed={pressed}
      aria-haspopup={cannot ? 'dialog' : undefined}
      title={why ?? it.explanation}
      onClick={cannot ? () => dispatch({ type: 'panel', panel: { name: 'inits' } }) : onPick}
    >
      <Corner of={name} />
      <span className={usual.includes(it) ? undefined : 'long'}>
        {shortName(it)}
        {it.moves && '\u00a0†'}
      </span>
    </button>
  );
}

/** "A: variance 1/(3k) = 0.0052; B: 0", and what the initialisation does to W₀ or to what trains. */
function Variance() {
  const init = useShown((s) => s.experiment.init);
  const text = useShown((s) => {
    const { A, B } = fillingOf(s.experiment.init, s.experiment);
    return `A: ${A}; B: ${B}`;
  });
  const { moves, frozen } = inits.byName(init);
  return (
    <div className="note">
      {text}
      {moves && '. † B and A take over part of W₀.'}
      {frozen && `. ${frozen} does not train.`} <BackToDefault of="init" />
    </div>
  );
}
