import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { type Init, shortName } from '../../experiment/inits/init.ts';
import { methods } from '../../experiment/methods/index.ts';
import type { METHOD_WORDS } from '../../experiment/methods/method-words.ts';
import { count, display } from '../../experiment/numbers.ts';
import { fillingOf, initObstacle, methodObstacle } from '../../experiment/settings/availability.ts';
import { frozenFactorOf, isBesideLora, isNetwork, isQuantised } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { holdsStart } from '../../experiment/settings/data-kind.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { type Experiment, type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { innerScaling } from '../../experiment/settings/rate.ts';
import { Button, Choice, Group, Select } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { currentScaling } from '../../state/select.ts';
import { type ChoiceMeaning, ControlName, useHelp, VaryButton } from '../controls/control-name.tsx';
import { choiceMeanings, DefaultButton, Numeric, RankSlider, Segments } from '../controls/numeric.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { onDemand, Press, useDispatch, useLab } from '../page.tsx';
import { parameterLine } from '../words/parameters.ts';
import { InitCorner } from './target.tsx';

/** Whether the methods stand in the rail. */
const useMethodRow = (): boolean => useIsVisible('method');

const Blocks = onDemand(async () => ({ default: (await import('./method-sizes.tsx')).Blocks }));
const SizeOfC = onDemand(async () => ({ default: (await import('./method-sizes.tsx')).SizeOfC }));

/** The method, and the settings that it alone reads. */
function MethodControls() {
  const [method, block, factor, entries] = [
    useIsVisible('method'),
    useIsVisible('block'),
    useIsVisible('factor'),
    useIsVisible('entries'),
  ];
  return (
    <>
      {method && <MethodTiles />}
      {block && <Blocks />}
      {factor && <SizeOfC />}
      {entries && <Numeric of="entries" />}
    </>
  );
}

/** What each method does, and what it is in PEFT, which is loaded after the first view. */
function useMeanings(): readonly ChoiceMeaning[] {
  const [words, setWords] = useState<typeof METHOD_WORDS | null>(null);
  useEffect(() => {
    const load = import('../../experiment/methods/method-words.ts');
    void load.then((loaded) => setWords(loaded.METHOD_WORDS)).catch(() => {});
  }, []);
  return useMemo(
    () => methods.all.map(({ name, label, brief }) => [label, words ? `${brief} PEFT: ${words[name].peft}.` : brief]),
    [words],
  );
}

/** Those with a button; another one that is chosen takes the place of the last. */
const FIRST: readonly Experiment['method'][] = ['lora', 'dora', 'oft', 'shira'];

interface MethodTile {
  readonly name: Experiment['method'];
  readonly label: string;
  readonly title: string;
}

const TILES = methods.all.map(({ name, label, formula, brief }): MethodTile => {
  return { name, label, title: `ΔW = ${formula}. ${brief}` };
});
const WITH_FULL: readonly MethodTile[] = [
  ...TILES,
  { name: 'full', label: 'Full', title: 'Full fine-tuning: the matrices of the network train themselves.' },
];

/** One row, beside its name the choice that belongs to the method. */
function MethodTiles() {
  const chosen = useLab((s) => s.experiment.method);
  const all = useLab((s) => isNetwork(s.experiment)) ? WITH_FULL : TILES;
  const meanings = useMeanings();
  const dispatch = useDispatch();
  const choose = (method: Experiment['method']) => dispatch({ type: 'changed', changes: { method } });
  const here = all.filter(({ name }) => name === chosen || FIRST.includes(name));
  const shown = here.length > FIRST.length ? here.filter(({ name }) => name !== FIRST[FIRST.length - 1]) : here;
  return (
    <div className="ctl" data-param="method">
      <div className="hd">
        <ControlName of="method" choices={meanings} />
        <span className="val">
          <VaryButton of="method" />
          {LINES.map((key) => (
            <Line key={key} of={key} />
          ))}
        </span>
      </div>
      <Choice
        aria-label={param('method').label}
        options={shown.map(({ name, label, title }) => [name, label, title])}
        value={chosen}
        onChange={choose}
      >
        <Menu label="…" name="Method: more" kind="more">
          {all
            .filter((it) => !shown.includes(it))
            .map((it) => (
              <Other key={it.name} tile={it} choose={choose} />
            ))}
        </Menu>
      </Choice>
    </div>
  );
}

interface OtherProps {
  readonly tile: MethodTile;
  readonly choose: (name: Experiment['method']) => void;
}

function Other({ tile: { name, label, title }, choose }: OtherProps) {
  const why = useLab((s) => methodObstacle(s.experiment, name));
  return (
    <Button className="link" title={why ?? title} onClick={() => choose(name)}>
      {label}
    </Button>
  );
}

/** Choices that are listed beside the name of the method. */
const LINES = ['scaling', 'train', 'norm', 'places', 'side'] as const satisfies readonly ParamKey[];

/** What stands before a value that does not say what it is of. */
const LEADS: Readonly<Partial<Record<(typeof LINES)[number], string>>> = { scaling: 's = ', norm: 'norm ' };

function Line({ of }: { readonly of: (typeof LINES)[number] }) {
  const visible = useIsVisible(of);
  const value = useLab((s): string => s.experiment[of]);
  const dispatch = useDispatch();
  const { names, label } = SETTINGS[of];
  const help = useHelp(of);
  if (!visible) return null;
  return (
    <Select
      data-param={of}
      className="pick quiet"
      aria-label={label}
      title={help}
      options={Object.entries<string>(names).map(([name, text]) => [name, `${LEADS[of] ?? ''}${text}`])}
      value={value}
      onChange={(chosen) => dispatch({ type: 'changed', changes: { [of]: chosen } })}
    />
  );
}

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
