import { combine, halvesOf, type Plane, productPlane } from '../../charts/matrices/plane.ts';
import { inits } from '../../experiment/inits/index.ts';
import { stepNearFloor } from '../../experiment/layer/floor.ts';
import { errorAtEnd, figuresOf, type HistoryModule, type RunRecord } from '../../experiment/run-file/run-record.ts';
import { tookBefore } from '../../experiment/settings/availability.ts';
import { isBesideLora, isQuantised } from '../../experiment/settings/bounds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type Rate, scalingOf } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { SAMPLE_PARAMS } from '../../experiment/targets/target.ts';
import type { Compare, PinnedRun, PointedRun } from '../../state/compare/compare.ts';
import { pinName } from '../../state/compare/pins.ts';
import { lastStep, otherShown, type ShownRun, shownIndex, shownModule, shownSizes } from '../../state/run/run.ts';
import { rateOf, reachOf, shownFrame, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { shownScaling } from '../lab-scene.ts';
import { firstDifference, ownFloorBy, pinNames } from '../words/run-names.ts';

export interface RunColumn {
  readonly at: PointedRun;
  readonly pin: PinnedRun | null;
  readonly name: string;
  readonly experiment: Experiment;
  readonly given?: string | null;
  /** Null while it trains. */
  readonly run: RunRecord | null;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** r × k and d × r at the end or at the shown step; null before there are any. */
  readonly factors: RunFactors | null;
  readonly error: number | null;
  readonly floor: number | null;
  /** Reason for the floor, if it is not the floor of the rank. */
  readonly ownFloor: string | null;
  /** First step whose error is at most 5% above the floor; null if none. */
  readonly within: number | null;
  readonly rate: Rate | null;
  readonly target: string;
  /** Key of what ΔW has to become. */
  readonly goal: string;
  readonly status: RunRecord['status'];
}

/** A and B; and A₀ and B₀ if the initialisation has moved s₀·B₀·A₀ out of W₀. */
interface RunFactors {
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly scaling: number;
  readonly start: { readonly A: Float32Array; readonly B: Float32Array; readonly scaling: number } | null;
}

const known = new WeakMap<Float32Array, RunFactors>();

/** The same object until something in it changes, so that its picture is not repainted. */
function factorsOf({ A, B }: Pick<HistoryModule, 'A' | 'B'>, scaling: number, start: RunFactors['start']): RunFactors {
  const old = known.get(A);
  if (old && old.B === B && old.scaling === scaling && old.start?.A === start?.A) return old;
  const made = { A, B, scaling, start };
  known.set(A, made);
  return made;
}

/** Whether a run has made a step: at step 0 there is nothing to compare. */
export const hasStepped = ({ run }: Pick<RunColumn, 'run'>): boolean => run !== null && lastStep(run) > 0;

/** Targets without random numbers. */
const FIXED: readonly Experiment['target'][] = ['picture', 'edit', 'matrix'];

/** Key of the ΔW* of some settings, without those that only samples depend on. */
function targetKey(e: Experiment): string {
  const { name, params } = targets.byName(e.target);
  const samples: readonly string[] = SAMPLE_PARAMS;
  const own = params.filter((key) => !samples.includes(key)).map((key) => e[key]);
  const seeded = FIXED.includes(e.target) ? [] : [e.seed, e.base];
  return JSON.stringify([name, e.d, e.k, ...own, ...seeded]);
}

/** Key of what ΔW has to become: ΔW*, or on a quantised base what leads from there to W₀ + ΔW*. */
export function goalKey(e: Experiment): string {
  if (!isQuantised(e)) return targetKey(e);
  return JSON.stringify([targetKey(e), e.quant, e.base, e.seed, ...(tookBefore(e) ? [e.init, e.rank] : [])]);
}

/** "this run, LoftQ": with what tells it from the first pin. */
function liveName({ compare: { pins } }: Pick<State, 'compare'>, e: Experiment): string {
  const own = pins.length === 0 ? null : firstDifference(e, pins[0].experiment);
  return own === null ? 'this run' : `this run, ${own}`;
}

export function liveColumn(state: State): RunColumn {
  const { run, next } = state;
  const e = next ? run.experiment : state.experiment;
  const frame = shownFrame(state);
  const error = run.trace.series.relativeError ?? [];
  const floor = reachOf(run)?.floor ?? null;
  const module = shownModule(state);
  const { d, k, rank } = module ?? e;
  const start = module?.moved ? { A: module.A, B: module.B, scaling: module.moved.scaling } : null;
  return {
    at: 'live',
    pin: null,
    name: liveName(state, e),
    experiment: e,
    run,
    given: pinName(state.compare, e),
    ...{ d, k, rank },
    factors: frame && factorsOf(frame, shownScaling(state), start),
    error: error[shownStep(state)] ?? null,
    floor,
    ownFloor: ownFloorBy(run.experiment),
    within: stepNearFloor(error, lastStep(run), floor),
    rate: next ? run.rate : rateOf(state),
    target: targetKey(e),
    goal: goalKey(e),
    status: run.status,
  };
}

function pinColumn(pin: PinnedRun, name: string, lab: ShownRun): RunColumn {
  const { experiment, run } = pin;
  const floor = run?.reach?.floor ?? null;
  const target = targetKey(experiment);
  const shown = run && otherShown(lab, run);
  const [first, last] = [run?.frames[0], run?.frames.at(-1)].map((frame) =>
    shown && frame ? frame.modules[shownIndex(shown)] : undefined,
  );
  const moves = !isBesideLora(experiment) && inits.byName(experiment.init).moves;
  const start = moves && first && run ? { A: first.A, B: first.B, scaling: scalingOf(run.experiment) } : null;
  const { d, k, rank } = shown ? shownSizes(shown) : experiment;
  return {
    at: pin.id,
    ...{ pin, name, experiment, run, d, k, rank, floor, target, goal: goalKey(experiment) },
    factors: last ? factorsOf(last, scalingOf(experiment), start) : null,
    error: run && errorAtEnd(run),
    ownFloor: ownFloorBy(experiment),
    within: run && figuresOf(run).reached,
    rate: experiment.lr ?? run?.rate ?? null,
    status: run?.status ?? 'preparing',
  };
}

interface KnownColumns {
  readonly module: number;
  readonly columns: readonly RunColumn[];
}

const pinColumns = new WeakMap<readonly string[], KnownColumns>();

/** The pins; the same objects until a pin, a name or the shown module changes. */
export function pinnedColumns(
  state: Pick<State, 'compare' | 'group' | 'experiment' | 'run' | 'view'>,
): readonly RunColumn[] {
  const names = pinNames(state);
  const known = pinColumns.get(names);
  const module = shownIndex(state);
  if (known?.module === module) return known.columns;
  const columns = state.compare.pins.map((pin, i) => pinColumn(pin, names[i], state));
  pinColumns.set(names, { module, columns });
  return columns;
}

/** ΔW, or E = ΔW − ΔW* if known; null before there are factors. */
export function pictureOf(
  { d, k, rank, factors, goal }: RunColumn,
  shown: Compare['shown'],
  wanted: { readonly plane: Plane; readonly goal: string } | null,
): Plane | null {
  if (!factors) return null;
  const product = ({ A, B, scaling }: Omit<RunFactors, 'start'>) => productPlane(halvesOf(B, A, d, k, rank), scaling);
  const adapter = product(factors);
  const update = factors.start ? combine(adapter, -1, product(factors.start)) : adapter;
  if (shown === 'dW') return update;
  const known = wanted && goal === wanted.goal && sameShape(update, wanted.plane) ? wanted.plane : null;
  return known && combine(update, -1, known);
}

const sameShape = (a: Plane, b: Plane) => a.rows === b.rows && a.cols === b.cols;

/** px per cell at which all pictures fit side by side into a width. */
export function cellSize(
  columns: readonly RunColumn[],
  wanted: { readonly k: number },
  width: number,
  max: number,
): number {
  const cells = columns.reduce(
    (sum, { k, rank, experiment }) => sum + k + (isBesideLora(experiment) ? 0 : rank),
    wanted.k,
  );
  const gaps = HEADS + (columns.length + 1) * BETWEEN + columns.length * CORNER;
  const largest = Math.max(...columns.flatMap(({ d, k }) => [d, k]));
  return Math.max(0.02, Math.min((max * USUAL) / largest, (width - gaps) / cells));
}

/** px: row names, gap between columns, gap from B to ΔW including frames. */
const HEADS = 104;
const BETWEEN = 20;
const CORNER = 8;
/** Rows or columns that give the largest cell. */
const USUAL = 64;
