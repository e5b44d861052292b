import type { ReactNode } from 'react';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { type Init, shortName } from '../../experiment/inits/init.ts';
import { count, display } from '../../experiment/numbers.ts';
import { fillingOf, initObstacle } from '../../experiment/settings/availability.ts';
import { frozenFactorOf, isBesideLora, isNetwork, isQuantised } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { holdsStart } from '../../experiment/settings/data-kind.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { innerScaling } from '../../experiment/settings/rate.ts';
import { Button } from '../../kit/button.tsx';
import { Group } from '../../kit/choice.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { currentScaling } from '../../state/select.ts';
import { type ChoiceMeaning, ControlName, VaryButton } from '../controls/control-name.tsx';
import { DefaultButton, Numeric, RankSlider } from '../controls/numeric.tsx';
import { choiceMeanings, Segments } from '../controls/segmented-choice.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { onDemand, Press, useDispatch, useLab } from '../page.tsx';
import { parameterLine } from '../words/parameters.ts';
import { MethodControls, useMethodRow } from './method.tsx';
import { InitCorner } from './thumbnail.tsx';

export function AdapterControls() {
  const rank = useIsVisible('rank');
  return (
    <>
      <MethodControls />
      {rank && <RankSlider />}
      <ScalingControls />
    </>
  );
}

const RULES = choiceMeanings('scaling', {
  standard: 'The usual rule: a higher rank makes each direction weaker.',
  rslora: 'Rank-stabilised: with a higher rank the update keeps its size.',
  none: 'α is not used.',
});

/** α, and the rule for s unless it is listed beside the method; the head shows the result: s = 16/8 = 2. */
function ScalingControls() {
  const [alpha, visible, listed] = [useIsVisible('alpha'), useIsVisible('scaling'), useMethodRow()];
  const rule = visible && !listed;
  if (!alpha) return rule ? <Segments of="scaling" /> : null;
  return (
    <Numeric of="alpha" className="scaling" choices={visible ? RULES : []} around={(field) => <Sum field={field} />}>
      {rule && <Segments of="scaling" bare />}
    </Numeric>
  );
}

function Sum({ field }: { readonly field: ReactNode }) {
  const rule = useLab((s) => s.experiment.scaling);
  const rank = useLab((s) => s.experiment.rank);
  const value = display(useLab((s) => innerScaling(s.experiment)));
  if (rule === 'none')
    return (
      <span>
        <Sym of="s" /> = 1, <Sym of="α" /> = {field}
      </span>
    );
  return (
    <span className="sum">
      <span>
        <Sym of="s" /> = {field}/{rule === 'rslora' && '√'}
        {rank}
      </span>
      <span> = {value}</span>
    </span>
  );
}

/** The frozen weight next to B and A: W₀, or W₀ less the part that the initialisation moves. */
function Base() {
  const moves = useLab((s) => inits.byName(s.experiment.init).moves);
  const quantised = useLab((s) => isQuantised(s.experiment));
  if (quantised) return <i className="m w0">Q </i>;
  if (!moves) return <Sym of="W₀" />;
  return (
    <i className="m w0">
      W<sub>frozen</sub>{' '}
    </i>
  );
}

const NetworkCosts = onDemand(async () => ({ default: (await import('../network/rail-controls.tsx')).NetworkCosts }));

const MethodFormula = onDemand(async () => ({ default: (await import('./method-sizes.tsx')).MethodFormula }));

export function Formula() {
  const network = useLab((s) => isNetwork(s.experiment));
  const beside = useLab((s) => isBesideLora(s.experiment));
  return network ? <NetworkCosts /> : beside ? <MethodFormula /> : <LayerFormula />;
}

function LayerFormula() {
  const scaling = display(useLab(currentScaling));
  const costs = useLab((s) => {
    const { full, adapter } = countsOf(adapterOf(s.experiment));
    return `${count(full)} + ${count(adapter)} multiply-adds`;
  });
  const line = useLab((s) => parameterLine(adapterOf(s.experiment)));
  return (
    <div className="under-rule formula">
      <div>
        <Sym of="h" /> = <Base />
        <Sym of="x" /> + {scaling}·<Sym of="B" />(<Sym of="A" />
        <Sym of="x" />)
        <Press className="link" aria-label="Merge the adapter" event={{ type: 'panel', panel: { name: 'merge' } }}>
          Merge
        </Press>
      </div>
      <span className="muted block">{costs}</span>
      <span className="muted block">{line}</span>
    </div>
  );
}

export function InitControls() {
  const [init, sigma] = [useIsVisible('init'), useIsVisible('sigma')];
  return (
    <>
      {init && (
        <div className="ctl inits" data-param="init">
          <div className="hd">
            <ControlName of="init" choices={USUAL} />
            <span className="val">
              <VaryButton of="init" />
            </span>
            <Press className="link" aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'inits' } }}>
              All {inits.all.length} …
            </Press>
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
const usual: readonly Init<InitName>[] = inits.all.slice(0, MOST_TILES);
const USUAL = usual.map((it): ChoiceMeaning => [shortName(it), `${it.brief}.`]);

/** The first ones of the list; another that is chosen, or A and B of a file, replaces the last tile. */
function StartTiles() {
  const chosen = useLab((s) => s.experiment.init);
  const dispatch = useDispatch();
  const file = useLab((s) => s.experiment.target === 'matrix' && holdsStart(s.experiment.data));
  const here = inits.byName(chosen);
  const other = usual.includes(here) && file ? inits.byName('file') : here;
  const tiles = usual.includes(other) ? usual : [...usual.slice(0, MOST_TILES - 1), other];
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

/** If not available, it opens the list, which gives the reason and the nearest setting that allows it. */
function StartTile({ name, pressed, onPick }: TileProps) {
  const it = inits.byName(name);
  const why = useLab((s) => initObstacle(name, s.experiment));
  const dispatch = useDispatch();
  const cannot = why !== null && !pressed;
  return (
    <Button
      className={cannot ? 'tile cannot' : 'tile'}
      aria-pressed={pressed}
      aria-haspopup={cannot ? 'dialog' : undefined}
      title={why ?? `${it.brief}.`}
      onClick={cannot ? () => dispatch({ type: 'panel', panel: { name: 'inits' } }) : onPick}
    >
      <InitCorner of={name} />
      <span className={usual.includes(it) ? undefined : 'long'}>
        {shortName(it)}
        {it.moves && '\u00a0†'}
      </span>
    </Button>
  );
}

function Variance() {
  const text = useLab((s) => {
    const { A, B } = fillingOf(s.experiment.init, s.experiment);
    return `A: ${A}; B: ${B}`;
  });
  const frozen = useLab((s) => frozenFactorOf(s.experiment));
  return (
    <div className="note">
      {text}
      {frozen && `. ${frozen} does not train.`} <DefaultButton of="init" />
    </div>
  );
}
