import type { Palette, SweepAxis, SweepCell, SweepScene } from '../../charts/sweep/cells.ts';
import { inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/init.ts';
import { cached } from '../../experiment/layer/cached.ts';
import { count, exactText, plural } from '../../experiment/numbers.ts';
import type { Axis } from '../../experiment/plan/sweep.ts';
import { isOfTarget, rowEdges } from '../../experiment/prediction/start-size.ts';
import type { CellRun, Measure, Outcome } from '../../experiment/run-file/run-record.ts';
import { isBesideLora, isQuantised } from '../../experiment/settings/bounds.ts';
import { adapterOf, trainedPerRank } from '../../experiment/settings/counts.ts';
import { diffKeys, isActive, isNumeric, param, unsetText } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { noiseNorm } from '../../experiment/targets/low-rank.ts';
import { shownModule, unitOfTarget } from '../../state/run/run.ts';
import { floorsOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { type PlannedSweep, plannedSweep } from '../../state/sweep/plan.ts';
import type { Sweep } from '../../state/sweep/sweep.ts';
import { sizeText } from '../words/parameters.ts';

function cellsWith({ plan, cells, runs }: PlannedSweep, results: ReadonlyMap<string, Outcome>): SweepCell[] {
  return Array.from({ length: cells }, (_, i): SweepCell => {
    const own = Array.from({ length: plan.repeat }, (__, seed) => runs[seed * cells + i]);
    const found = own.map((run) => (run ? results.get(run.key) : undefined));
    const refused = found.find((outcome) => outcome !== undefined && 'why' in outcome);
    return {
      at: own[0]?.cell.at ?? [],
      runs: found.map((outcome): CellRun | null => (outcome && !('why' in outcome) ? outcome : null)),
      why: own[0]?.cell.why ?? (refused && 'why' in refused ? refused.why : null),
      way: own[0]?.cell.way,
    };
  });
}

const runsIn = (cells: readonly SweepCell[]) => cells.flatMap(({ runs }) => runs.filter((run) => run !== null));

/** Error over the floor if every cell has the floor of its rank; held-out loss if there are samples. */
function usualMeasure(
  { plan }: PlannedSweep,
  cells: readonly SweepCell[],
  samples: boolean,
  network: boolean,
): Measure {
  if (network) return 'accuracy';
  if (samples) return 'heldOut';
  if (plan.axes.some(({ key }) => key === 'init' || key === 'target')) return 'error';
  if (plan.axes.length === 1 && plan.axes[0].key === 'rank') return 'error';
  const none = runsIn(cells).some(({ floor }) => floor === null || floor < LEAST_FLOOR);
  return none ? 'error' : 'ratio';
}

/** At full rank the floor is 0 up to rounding. */
const LEAST_FLOOR = 1e-6;

export function measuresOf({ samples, network }: Pick<SweepScene, 'samples' | 'network'>): readonly Measure[] {
  if (network) return ['accuracy', 'oldAccuracy', 'heldOut'];
  return samples ? ['heldOut', 'error', 'ratio', 'steps'] : ['ratio', 'error', 'steps'];
}

/** The cells of a plan; the same list while plan and results are unchanged. */
const cellsOf = cached((planned: PlannedSweep) => cached((results: Sweep['results']) => cellsWith(planned, results)));

export function sweepSceneOf(state: State, palette: Palette): SweepScene {
  const planned = plannedSweep(state);
  const { sweep, experiment } = state;
  const cells = cellsOf(planned)(sweep.results);
  const { kind } = targets.byName(experiment.target);
  const network = kind === 'network';
  const samples = kind === 'samples' || network;
  const { measure } = sweep;
  const axes = planned.plan.axes.map(axisWords);
  const { at } = sweep;
  const varies = (key: string) => axes.some((axis) => axis.key === key);
  const adapter = adapterOf(experiment);
  const weights = adapter.d * adapter.k;
  const starts = planned.plan.axes.find(({ key }) => key === 'init')?.values ?? [experiment.init];
  const frozen = adapter.frozenFactor !== null || varies('train') || varies('method') || isBesideLora(experiment);
  const reach =
    !['target', 'd', 'k', 'seed', 'truerank', 'shape', 'law', 'rate', 'noise', 'align', 'quant'].some(varies) &&
    !(isQuantised(experiment) && varies('base')) &&
    !frozen &&
    !starts.some((name) => hasOwnFloor(String(name)));
  return {
    axes,
    cells,
    seeds: planned.plan.repeat,
    measure:
      measure && measuresOf({ samples, network }).includes(measure)
        ? measure
        : usualMeasure(planned, cells, samples, network),
    samples,
    network,
    pointed: (at && cells.find((cell) => cell.at.length === at.length && cell.at.every((v, i) => v === at[i]))) ?? null,
    palette,
    floors: reach ? (floorsOf(state)?.floor ?? null) : null,
    noise: reach ? noiseShare(state) : null,
    perRank: trainedPerRank(adapter) / weights,
    weights,
    ...edgesOf(planned)(state.run.ready ? sigma1Of(state) : null),
  };
}

/** σ₁(ΔW*) of the target of the lab if its matrices are those of its settings; else null. */
function sigma1Of({ run, experiment, view }: State): number | null {
  const same = diffKeys(run.experiment, experiment).every((key) => !isOfTarget(key));
  // What QPiSSA leaves to be quantised, and with it the goal, is not that of other starts and ranks.
  return same && inits.byName(run.experiment.init).quantises !== 'rest'
    ? (shownModule({ run, view })?.facts.sigma1 ?? null)
    : null;
}

/** Both edges of SGD in each row of each panel of a map over learning rates, if all are known. */
const edgesOf = cached(({ plan, runs }: PlannedSweep) => {
  const known = new Map<number | null, Pick<SweepScene, 'edges'>>();
  const madeEdges = (sigma1: number | null): Pick<SweepScene, 'edges'> => {
    const edges = sigma1 === null ? null : rowEdges(plan.axes, (at) => runs[at]?.cell.experiment ?? null, sigma1);
    return edges ? { edges } : {};
  };
  return (sigma1: number | null): Pick<SweepScene, 'edges'> => {
    const made = known.get(sigma1) ?? madeEdges(sigma1);
    known.set(sigma1, made);
    return made;
  };
});

/** ‖N‖/‖ΔW*‖ of the noise in the target of the run on screen. */
function noiseShare(state: State): number | null {
  const { target, noise } = state.experiment;
  const norm = unitOfTarget(shownModule(state)?.wanted ?? null);
  return target === 'low-rank' && noise > 0 && norm > 0 ? noiseNorm(state.experiment) / norm : null;
}

/** An initialisation with a floor of its own: it is not bound by that of its rank. */
function hasOwnFloor(name: string): boolean {
  const { moves, frozen, quantises } = inits.byName(name as Experiment['init']);
  return Boolean(moves || frozen || quantises === 'rest');
}

const SAID: readonly ParamKey[] = [
  'adapt',
  'modules',
  'method',
  'quant',
  'rank',
  'alpha',
  'scaling',
  'init',
  'train',
  'opt',
  'lr',
  'batch',
  'steps',
];

/** The common settings of a sweep in one line, for an exported picture. */
export function fixedLine(state: State): string {
  const { experiment: e } = state;
  const { plan } = plannedSweep(state);
  const varies = (key: string) => plan.axes.some((axis) => axis.key === key);
  const fixed = SAID.filter((key) => !varies(key) && isActive(key, e)).map((key) => {
    const { before } = axisWords({ key, values: [e[key]] });
    return `${before}${valueText(key, e[key])}`;
  });
  const seeds = `${plural(plan.repeat, 'seed')} from ${e.seed}`;
  return [
    ...(varies('target') ? [] : [`Target: ${targets.byName(e.target).caption(e)}, ${sizeText(e)}`]),
    ...fixed,
    seeds,
  ].join(' · ');
}

/** Prefix of a value in a sentence: "rate 0.2", "r = 16". Default: the name of the setting. */
const BEFORE: { readonly [key in ParamKey]?: string } = {
  rank: 'r = ',
  alpha: 'α = ',
  scaling: 's = ',
  lr: 'rate ',
  ratio: 'λ = ',
  init: '',
  train: '',
  quant: '',
  opt: '',
  target: '',
  picture: '',
  edit: '',
  modules: '',
  adapt: '',
  method: '',
};

const NAMES: { readonly [key in ParamKey]?: string } = {
  rank: 'rank r',
  alpha: 'α',
  scaling: 'scaling rule',
  lr: 'learning rate',
  ratio: 'ratio λ',
  init: 'initialisation',
  modules: 'matrices',
  adapt: 'new task',
};

function axisName(key: ParamKey): string {
  const { label } = param(key);
  return NAMES[key] ?? label.charAt(0).toLowerCase() + label.slice(1);
}

export function valueText(key: ParamKey, value: unknown): string {
  if (key === 'init') {
    const it = inits.byName(value as Experiment['init']);
    return `${shortName(it)}${it.moves ? ' †' : ''}`;
  }
  if (typeof value === 'number') return param(key).kind === 'integer' ? count(value) : exactText(value);
  if (key === 'modules') return value === '' ? 'all' : String(value).replaceAll(',', ' + ');
  const { names } = param(key) as { readonly names?: Readonly<Record<string, string>> };
  return names?.[String(value)] ?? (value === null ? unsetText(key) : String(value));
}

export function axisWords({ key, values }: Axis): SweepAxis {
  const p = param(key);
  const numeric = values.every((value) => typeof value === 'number');
  return {
    key,
    name: axisName(key),
    before: BEFORE[key] ?? `${axisName(key)} `,
    texts: values.map((value) => valueText(key, value)),
    numbers: numeric ? (values as readonly number[]) : null,
    scale: isNumeric(p) ? p.scale : 'linear',
  };
}
