import type {
  Curves,
  Foretold,
  Hover,
  NetworkFacts,
  OtherRun,
  RunFloor,
  SampleFacts,
  Scene,
  SceneMethod,
  Seeds,
} from '../charts/chart.ts';
import type { StepCurve } from '../charts/sweep/marks.ts';
import { inits } from '../experiment/inits/index.ts';
import { methods } from '../experiment/methods/index.ts';
import { stepsPerEpoch } from '../experiment/regression/order.ts';
import { type MeasuredLosses, settingsAt } from '../experiment/run-file/run-record.ts';
import { tookBefore } from '../experiment/settings/availability.ts';
import { besideLora, isFull, isQuantised } from '../experiment/settings/bounds.ts';
import { adapterOf, placeAmongRanks } from '../experiment/settings/counts.ts';
import { diffKeys, isActive } from '../experiment/settings/experiment.ts';
import { type Experiment, SETTINGS } from '../experiment/settings/params.ts';
import { scalingOf } from '../experiment/settings/rate.ts';
import { methodOfRun, otherRunEnds, shownRepeats, shownSweepEnds } from '../state/run/listed-runs.ts';
import {
  highestRank,
  lastStep,
  otherShown,
  type ReadyTarget,
  type Run,
  type ShownRun,
  shownIndex,
  shownModule,
  shownNorms,
  shownSizes,
  targetNorm,
} from '../state/run/run.ts';
import {
  type Floors,
  floorReason,
  floorsOf,
  reachOf,
  runFloors,
  sampledSpectra,
  shownStep,
  zeroFactorAtStart,
} from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { RepeatedRun, RepeatedRuns } from '../state/sweep/sweep.ts';
import { isShallowEqual } from './page.tsx';
import { firstDifference, ownFloorBy, pinNames } from './words/run-names.ts';

/** s of the shown module at the shown step: the present setting, or for an earlier step the one in force then. */
export function shownScaling(state: State): number {
  const { run, next, look, experiment } = state;
  const step = shownStep(state);
  // While new matrices are made, the settings on screen are not those of the run on screen.
  const now = !next && (look === null || step >= lastStep(run)) ? experiment : settingsAt(run, step);
  // One of several modules may be too small for the rank that is set.
  return scalingOf(run.modules.length > 1 ? { ...now, rank: shownSizes(state).rank } : now);
}

/** End of the step axis: the budget, or the last step if a run went past it; added steps count once made. */
export function shownBudget({ run, next, experiment }: State): number {
  const steps = next && run.ready ? run.experiment.steps : experiment.steps - run.more;
  return Math.max(steps, lastStep(run));
}

function emptyWords({ run }: State): string | null {
  if (run.ready) return null;
  if (run.status === 'preparing') return 'Making the matrices …';
  return run.refused ? 'These settings give no matrices.' : 'No matrices yet. Press Train to make them.';
}

/** Spectra are sampled: the latest one up to `step`. */
function spectrumShown(state: State, step: number): Float64Array | null {
  const { steps, spectra } = sampledSpectra(state.run, shownIndex(state));
  return spectra[steps.findLastIndex((at) => at <= step)] ?? null;
}

function alignmentShown(state: State, step: number) {
  const index = shownIndex(state);
  const frame = state.run.frames.findLast(({ step: at, modules }) => at <= step && modules[index].alignment);
  return frame?.modules[index].alignment ?? null;
}

/** Sizes of the shown module; before it exists, the requested ones. */
function sizesOf(state: State): Pick<Scene, 'rank' | 'd' | 'k' | 'frozenFactor'> {
  const module = shownModule(state);
  const { rank, d, k, frozenFactor } = module ?? adapterOf(state.experiment);
  return { rank: module?.method?.largestRank ?? rank, d, k, frozenFactor: module?.method ? null : frozenFactor };
}

/** The method of the run on screen, if it is one beside LoRA. */
const methodOf = ({ run, experiment }: State): SceneMethod | null =>
  methodOfRun(run, run.ready ? run.experiment : experiment);

function curvesOf(shown: ShownRun<Pick<Run, 'modules' | 'trace'>>): Curves {
  const { length, series } = shown.run.trace;
  return { length, ...shownNorms(shown), loss: series.loss, relativeError: series.relativeError ?? [] };
}

const parts = (state: State, axis: Hover['axis']) => ({
  status: state.run.status,
  ready: state.run.ready,
  full: state.run.full,
  paths: state.paths,
  networkFacts,
  foretold: foretoldOf(state)?.shown ?? null,
  trace: state.run.trace,
  losses: state.run.losses,
  frames: state.run.frames,
  samples: state.run.samples,
  module: shownIndex(state),
  ...sizesOf(state),
  scaling: shownScaling(state),
  budget: shownBudget(state),
  epoch: epochOf(state.run),
  step: shownStep(state),
  definition: state.definition,
  ghost: state.ghost,
  pins: state.compare.pins,
  names: state.compare.pins.length > 0 ? pinNames(state) : null,
  raised: state.compare.pointed,
  gradients: state.compare.gradients,
  ended: state.ended,
  repeated: shownRepeats(state),
  ends: shownSweepEnds(state),
  frozen: state.frozen,
  hover: state.hover?.axis === axis ? state.hover : null,
  empty: emptyWords(state),
});

function targetOf(
  { run }: State,
  { spectrum, known, norm, unit }: Omit<ReadyTarget, 'matrix' | 'plane' | 'along' | 'floorAtRank'>,
  { floor, open }: Floors,
): Scene['target'] {
  const { how, error } = known;
  const learned = run.full && { name: 'full fine-tuning', learned: true as const };
  const shares = unit !== undefined && { unit };
  return { values: spectrum, how, error, norm, ...shares, floor, ...(open && { open }), ...learned };
}

function samplesOf(state: State): SampleFacts | null {
  const { ready, experiment, losses } = state.run;
  if (!ready?.samples) return null;
  const { training, heldOut, floors } = ready.samples;
  const known = (floor: number) => (Number.isNaN(floor) ? null : floor);
  return {
    count: training.count,
    heldOut: heldOut.count,
    batch: shownModule(state)?.facts.inputs?.batch ?? training.count,
    condition: experiment.condition,
    noise: experiment.labelnoise,
    losses,
    floors: { training: known(floors.training), heldOut: known(floors.heldOut) },
  };
}

/** Steps of an epoch of a run in which every sample comes once; undefined: there are none. */
function epochOf({ ready, experiment }: State['run']): number | undefined {
  const { order, batch } = experiment;
  const { samples, network } = ready ?? {};
  const n = samples?.training.count ?? (network?.kind === 'labelled' ? network.examples : 0);
  return order === 'epochs' && n > 0 && isActive('order', experiment)
    ? stepsPerEpoch(n, Math.min(batch, n))
    : undefined;
}

type FactsOf = (state: State) => NetworkFacts | null;
let networkFacts: FactsOf = () => null;

/** Facts of networks are loaded with their charts. */
export function provideNetworkFacts(of: FactsOf): void {
  networkFacts = of;
}

/** What was known of the run on screen before its first step. */
export interface ForetoldRun {
  /** The same object as long as nothing in it changes. */
  readonly shown: Foretold;
  /** Why nothing was known, in one sentence; null: something was. */
  readonly why: string | null;
  /** The largest distance of its errors from the predicted ones; null: it has made no step, or nothing is predicted. */
  readonly distance: number | null;
}

type ForetoldOf = (state: State) => ForetoldRun | null;
let foretoldSource: ForetoldOf = () => null;

/** Null if it is not asked for, or the laws are not loaded yet. */
export const foretoldOf: ForetoldOf = (state) => (state.view.predict ? foretoldSource(state) : null);

/** The laws are loaded when a prediction is asked for. */
export function provideForetold(of: ForetoldOf): void {
  foretoldSource = of;
}

function ownFloorOf(state: State): RunFloor {
  const module = shownModule(state);
  const value = module?.wanted?.floorAtRank ?? null;
  if (module?.method) {
    const { name, floor } = module.method;
    return {
      value,
      by: 'method',
      of: methods.byName(name).label,
      ...(floor?.kind === 'best' && { found: floor.value }),
    };
  }
  if (module?.frozenFactor) return { value, by: 'frozen' };
  if (!module?.moved) return { value, by: 'rank' };
  return { value, by: 'moved', of: floorReason(state.run) ?? undefined, open: module.moved.reach?.open ?? 0 };
}

function quantisedOf(state: State): Pick<Scene, 'quantised'> {
  const was = shownModule(state)?.quantised;
  if (!was) return {};
  return { quantised: { off: was.off, floor: was.floor, rest: tookBefore(state.run.experiment) } };
}

/** Where another run stands, and what its gradients are of, if it has a method beside LoRA. */
function otherMethod(e: Experiment): Pick<OtherRun, 'place' | 'streams'> {
  const beside = besideLora(e);
  return beside ? { place: placeAmongRanks(e) ?? 1, streams: methods.byName(beside).streams } : {};
}

/** The replaced run, named by a setting that differs; none if it is the same run again. */
function before(state: State, whole: boolean): OtherRun[] {
  const { ghost, run } = state;
  const shown = ghost && otherShown(state, ghost);
  if (!ghost || !shown) return [];
  const { experiment, changes, losses } = ghost;
  if (diffKeys(experiment, run.experiment).length === 0 && changes.length === 0) return [];
  const other = firstDifference(experiment, run.experiment);
  return [
    {
      name: other === null ? 'previous' : `previous, ${other}`,
      ...otherMethod(experiment),
      rank: whole ? highestRank(ghost.modules) : shownSizes(shown).rank,
      curves: curvesOf(shown),
      sampled: sampledSpectra(ghost, shownIndex(shown)),
      losses: losses.steps.length > 0 ? losses : null,
      pale: true,
    },
  ];
}

const NOT_KNOWN = { steps: [], spectra: [] };

/** The trained pins, as thin lines, each named by its differences from the run on screen. */
function pinned(state: State, whole: boolean): OtherRun[] {
  const { compare } = state;
  const live = shownModule(state);
  const size = shownSizes(state);
  const names = pinNames(state);
  return compare.pins.flatMap((pin, i): OtherRun[] => {
    const { id, run: old, experiment: own } = pin;
    const shown = old && otherShown(state, old);
    if (!shown) return [];
    // Matrices of another size have other axes.
    const { d, k, rank } = shownSizes(shown);
    if (d !== size.d || k !== size.k) return [];
    const place = placeAmongRanks(own);
    const moves = place === null && inits.byName(own.init).moves;
    // On another base than that of the run on screen the floors of its ranks do not hold.
    const other = isQuantised(own) !== isQuantised(state.run.experiment);
    const by = ownFloorBy(own) ?? (other ? SETTINGS.quant.names[own.quant] : null);
    const floor = old.reach?.floor ?? null;
    return [
      {
        ...otherMethod(own),
        name: names[i],
        rank: whole ? highestRank(old.modules) : rank,
        curves: curvesOf(shown),
        // If the live run draws s·B·A, so does the pin; else it draws ΔW, which may have twice as many directions.
        sampled:
          moves && !live?.moved
            ? (old.update?.[shownIndex(shown)] ?? NOT_KNOWN)
            : sampledSpectra(old, shownIndex(shown)),
        losses: old.losses.steps.length > 0 ? old.losses : null,
        pale: true,
        pin: {
          id,
          directions: moves && !live?.moved ? Math.min(2 * rank, d, k) : rank,
          ownFloor: floor !== null && by ? { value: floor, of: by } : null,
          diverged: old.status === 'diverged',
        },
      },
    ];
  });
}

function seedsOf({ runs }: RepeatedRuns, module: number): Seeds {
  const curves = (list: (run: RepeatedRun) => readonly number[]) =>
    runs.map((run): StepCurve => ({ steps: run.steps, values: list(run), diverged: run.diverged }));
  const losses = (name: keyof MeasuredLosses) =>
    runs.flatMap(({ losses: { steps, [name]: values = [] }, diverged }): StepCurve[] =>
      values.length > 0 ? [{ steps, values, diverged }] : [],
    );
  return {
    relativeError: curves(({ relativeError }) => relativeError),
    gradNormA: curves(({ modules }) => modules[module].gradNormA),
    gradNormB: curves(({ modules }) => modules[module].gradNormB),
    sampled: runs.map(({ modules }) => modules[module].sampled),
    training: losses('training'),
    heldOut: losses('heldOut'),
    accuracy: losses('accuracy'),
    oldAccuracy: losses('oldAccuracy'),
  };
}

const largestOf = <M extends Pick<Scene, 'd' | 'k'>>(modules: readonly M[]): M =>
  modules.reduce((most, one) => (Math.min(one.d, one.k) > Math.min(most.d, most.k) ? one : most));

/** The scene of all modules of a run together, whose error is one number. */
function wholeRun(state: State, scene: Scene): Scene {
  const { run } = state;
  const { ready, modules: matrices } = run;
  const { d, k } = largestOf(matrices);
  const whole = { ...scene, d, k, rank: highestRank(matrices), matrices };
  const wanted = ready && largestOf(ready.modules).wanted;
  if (!wanted) return whole;
  const target = targetOf(state, { ...wanted, norm: targetNorm(ready) }, runFloors(ready));
  const { floor: value = null, open = 0 } = reachOf(run) ?? {};
  return { ...whole, target, ownFloor: { ...scene.ownFloor, value, open } };
}

function build(state: State, axis: Hover['axis'], whole: boolean): Scene {
  const { run } = state;
  const all = parts(state, axis);
  const {
    ready: _,
    full: ________,
    paths: _________,
    networkFacts: __________,
    trace: __,
    losses: ___,
    frames: ____,
    samples: _____,
    module,
    ghost: ______,
    ...shown
  } = all;
  const { pins, names: _______, gradients, repeated, ends, frozen, ...rest } = shown;
  const [floors, wanted] = [floorsOf(state), shownModule(state)?.wanted];
  const method = methodOf(state);
  const scene: Scene = {
    ...rest,
    lookingBack: rest.step < lastStep(run),
    curves: curvesOf(state),
    sampled: sampledSpectra(run, module),
    spectrum: spectrumShown(state, rest.step),
    alignment: alignmentShown(state, rest.step),
    target: wanted && floors ? targetOf(state, wanted, floors) : null,
    ownFloor: ownFloorOf(state),
    ...quantisedOf(state),
    ...(method && { method }),
    samples: samplesOf(state),
    network: networkFacts(state),
    zeroAtStart: zeroFactorAtStart(state),
    others: pins.length > 0 ? pinned(state, whole) : before(state, whole),
    ...(pins.length > 0 && { compared: gradients }),
    // A method of one factor, and full fine-tuning, which trains ΔW itself.
    ...(method && method.streams.A === null && { compared: 'B' as const }),
    ...(isFull(run.experiment) && { compared: rest.frozenFactor === 'A' ? ('B' as const) : ('A' as const) }),
    ended: [...otherRunEnds(state), ...ends],
    seeds: repeated && seedsOf(repeated, module),
    ...(frozen && { axes: sceneOf({ ...frozen, frozen: null }, axis, whole) }),
  };
  return whole ? wholeRun(state, scene) : scene;
}

/** Keyed by the trace of a run, a new object every frame, so that labs side by side each have their own entry. */
const scenes = () => new WeakMap<Run['trace'], { readonly parts: ReturnType<typeof parts>; readonly scene: Scene }>();
const made = { rank: scenes(), step: scenes(), 'whole rank': scenes(), 'whole step': scenes() };

/**
 * Input of a column's charts, of the shown module or of the `whole` run. The same object until something in it changes,
 * so that charts redraw only then.
 */
export function sceneOf(state: State, axis: Hover['axis'], whole = false): Scene {
  const now = parts(state, axis);
  const all = whole && state.run.modules.length > 1;
  const known = made[all ? (`whole ${axis}` as const) : axis];
  const last = known.get(now.trace);
  if (last && isShallowEqual(last.parts, now)) return last.scene;
  const scene = build(state, axis, all);
  known.set(now.trace, { parts: now, scene });
  return scene;
}
