import { inits } from '../experiment/inits/index.ts';
import { cached } from '../experiment/layer/cached.ts';
import { floorFromValues, floorUncertainty } from '../experiment/layer/floor.ts';
import { MAX_FRAGMENT, writeLink } from '../experiment/link/link.ts';
import { methods } from '../experiment/methods/index.ts';
import { optimisers } from '../experiment/optimisers.ts';
import type { HistoryModule, Sampled } from '../experiment/run-file/run-record.ts';
import { isExercise } from '../experiment/settings/exercise.ts';
import { largestCurvature, type Rate, rateFor, scalingOf, scheduleOf, sgdEdge } from '../experiment/settings/rate.ts';
import { frameAt } from './run/history.ts';
import {
  isComplete,
  lastStep,
  type ReadyMessage,
  type ReadyModule,
  type ReadyTarget,
  type Run,
  type ShownRun,
  shownIndex,
  shownModule,
  targetNorm,
  unitOfTarget,
} from './run/run.ts';
import type { State } from './state.ts';

/** The proposed learning rate for the settings on screen; null until the matrices exist. */
export function proposedRate(state: Pick<State, 'experiment' | 'run'>): Rate | null {
  const { experiment, run } = state;
  return run.ready && rateFor(experiment, run.ready.modules);
}

/** The learning rate in force: the user's, otherwise the derived one. */
export function rateOf(state: Pick<State, 'experiment' | 'run'>): Rate | null {
  return state.experiment.lr ?? proposedRate(state);
}

/** Marks on the learning rate: above `at` a run may not settle, above `beyond` none does. Null: not known, or no mark. */
export interface RateMarks {
  readonly at: number | null;
  readonly beyond: number | null;
}

/** Of SGD. On a matrix target from B = 0 its edge is known; elsewhere 2/q is a safe bound. */
export function rateMarks({ experiment, run }: Pick<State, 'experiment' | 'run'>): RateMarks {
  if (!run.ready || !optimisers.byName(experiment.opt).hasEdge) return { at: null, beyond: null };
  const { modules, samples, network } = run.ready;
  const [{ facts, moved, frozenFactor }] = modules;
  const known =
    !samples &&
    !network &&
    modules.length === 1 &&
    !moved &&
    !frozenFactor &&
    !facts.method &&
    facts.b === 0 &&
    facts.a > 0 &&
    // An edge is that of one rate and whole gradients; 2/q bounds shorter steps too.
    !scheduleOf(experiment) &&
    experiment.clip === null;
  if (!known) {
    const q = largestCurvature(experiment, modules);
    return { at: q && 2 / q, beyond: null };
  }
  const { unstable, nothing } = sgdEdge(scalingOf(experiment), experiment.ratio, facts);
  return { at: unstable, beyond: nothing };
}

type LinkState = Pick<State, 'experiment' | 'view' | 'run' | 'next'> & Partial<Pick<State, 'left'>>;

/** The link to the screen, with its #: no derived rate while matrices are made; outside of Sweep, no sweep. */
export function linkOf(state: LinkState): string {
  const { view, sweep, compare } = state.view;
  // A link that holds a sweep or pins shows them.
  const implied = (view === 'sweep' && sweep !== '') || (view === 'compare' && compare !== '');
  const written = { ...state.view, view: implied ? 'lab' : view, sweep: view === 'sweep' ? sweep : '' } as const;
  // In the lesson of a class link the exercise stays that of the link.
  if (state.left && isExercise(state.view)) return writeLink(state.left.experiment, written, null);
  return writeLink(state.experiment, written, state.next ? null : rateOf(state));
}

/** The row of the map that is the update in the lab. A literal: the map, which names it, loads later. */
const OWN_ROW = 'own';

/** The link that Share copies: a plan, a complaint, and the map without one’s own update go without the experiment of the lab. */
export function sharedLinkOf(state: LinkState): string {
  const { view, cost, which, case: name } = state.view;
  if (view === 'plan') return `#v=1&view=plan${cost && `&cost=${cost}`}`;
  if (view === 'which' && !which.split(',').includes(OWN_ROW)) return `#v=1&view=which${which && `&which=${which}`}`;
  if (view === 'clinic') return `#v=1&view=clinic${name && `&case=${name}`}`;
  return linkOf(state);
}

/** The link of the experiment, or of its sweep, wherever on the page one is. */
export function experimentLinkOf(state: LinkState): string {
  return linkOf(state.view.view === 'sweep' ? state : { ...state, view: { ...state.view, view: 'lab' } });
}

/** The settings in the file names of the run. */
export const fileNameOf = ({ run: { experiment }, view }: Pick<State, 'run' | 'view'>): string => {
  const by = view.by.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${by === '' ? 'lora-explorer' : by}-r${experiment.rank}-seed${experiment.seed}`;
};

/** Without a drawing or matrix that would make it longer than `max`: for an address, or a line of a file. */
export function shortLinkOf(state: LinkState, max: number): string {
  const link = linkOf(state);
  return link.length <= max ? link : linkOf({ ...state, experiment: { ...state.experiment, data: '' } });
}

/** The screen of a frame as a link to the whole lab; a matrix too large for an address is left out. */
export function labLinkOf(state: LinkState): string {
  return shortLinkOf({ ...state, view: { ...state.view, view: 'lab', show: '', origin: '' } }, MAX_FRAGMENT);
}

export function shownStep(state: State): number {
  const last = Math.max(0, lastStep(state.run));
  return state.look === null ? last : Math.min(state.look, last);
}

export interface ShownFrame extends HistoryModule {
  readonly step: number;
}

/** The factors shown: the newest kept frame at or before the step shown; before the first one, the start. */
export function shownFrame(state: State): ShownFrame | null {
  const { run } = state;
  const frame = frameAt(run.frames, shownStep(state));
  if (frame) return { step: frame.step, ...frame.modules[shownIndex(state)] };
  const module = shownModule(state);
  return module && { step: 0, A: module.A, B: module.B, spectrum: null, alignment: null };
}

/** Spectra between frames may arrive after the last frame. */
const sampledRuns = cached((_: Run['frames']) => cached((_: Run['samples']) => new Map<number, Sampled>()));

/** The known spectra of a run's module number `module`, ascending in step: of the kept frames and between them. */
export function sampledSpectra(run: Pick<Run, 'frames' | 'samples'>, module: number): Sampled {
  const known = sampledRuns(run.frames)(run.samples);
  const sampled = known.get(module) ?? spectraOf(run, module);
  known.set(module, sampled);
  return sampled;
}

function spectraOf({ frames, samples }: Pick<Run, 'frames' | 'samples'>, module: number): Sampled {
  const all = new Map<number, Float64Array>();
  const add = (step: number, spectrum: Float64Array | null | undefined) => spectrum && all.set(step, spectrum);
  for (const { step, spectra } of samples) add(step, spectra[module]);
  for (const { step, modules } of frames) add(step, modules[module]?.spectrum);
  const sorted = [...all].sort(([a], [b]) => a - b);
  return { steps: sorted.map(([step]) => step), spectra: sorted.map(([, spectrum]) => spectrum) };
}

/** Which factor of a module is exactly zero at the start; cached, since a factor may hold a million entries. */
const zeroFactor = cached(({ facts, A, B, method }: ReadyModule) => {
  if (method) return null;
  const zero = (norm: number, values: Float32Array) => norm === 0 && values.every((v) => v === 0);
  const [a, b] = [zero(facts.a, A), zero(facts.b, B)];
  return a && b ? 'both' : a ? 'A' : b ? 'B' : null;
});

export function zeroFactorAtStart(shown: ShownRun): 'A' | 'B' | 'both' | null {
  const module = shownModule(shown);
  return module && zeroFactor(module);
}

/** By rank, relative to ‖ΔW*‖. */
export interface Floors {
  /** Eckart–Young, as far as known. */
  readonly floor: Float64Array;
  /** Each floor is at most this much too high; null if all singular values of ΔW* are known. */
  readonly open: Float64Array | null;
}

export function floorsOf(shown: ShownRun): Floors | null {
  const wanted = shownModule(shown)?.wanted;
  return wanted ? floorsOfTarget(wanted) : null;
}

const floorsOfTarget = cached(({ spectrum: values, known, norm, unit = norm }: ReadyTarget): Floors => {
  const spectrum = { values, ...known };
  const shares = (floors: Float64Array) => (unit === norm ? floors : floors.map((floor) => floor * (norm / unit)));
  const open = floorUncertainty(spectrum, norm);
  return { floor: shares(floorFromValues(spectrum, norm)), open: open && shares(open) };
});

export interface Reach {
  /** If unknown, null. */
  readonly floor: number | null;
  /** It is at most this much too high. */
  readonly open: number;
}

/** The cause of the floor if not the ranks: "PiSSA", whose part of W₀ has to be given back, or "this B". */
export function floorReason({ ready, experiment }: Run): string | null {
  const module = ready?.modules.find(isBound);
  if (!module) return null;
  if (module.method) return methods.byName(module.method.name).label;
  return module.frozenFactor ? `this ${module.frozenFactor}` : inits.byName(experiment.init).label;
}

const isBound = ({ frozenFactor, moved, method }: ReadyModule) => !!frozenFactor || !!moved || !!method;

/** The floor of a whole run: the error covers all its modules. Null before the matrices exist. */
export function reachOf({ ready }: Run): Reach | null {
  // Nobody knows how low the loss of a network can be.
  if (!ready || ready.network) return null;
  const reaches = ready.modules.map(moduleReach);
  return reaches.length === 1 ? reaches[0] : joined(ready, reaches);
}

/** The lowest error that a search found for the method of a run, which has no floor; null: none, or not found yet. */
export function foundOf({ ready }: Pick<Run, 'ready'>): number | null {
  const floors = ready?.modules.map(({ method }) => method?.floor);
  return floors?.find((floor) => floor?.kind === 'best')?.value ?? null;
}

/** √(Σ(floorᵢ·‖ΔWᵢ*‖)²)/‖ΔW*‖ of floors that are one per module. */
function joined(ready: Pick<ReadyMessage, 'modules'>, reaches: readonly Reach[]): Reach {
  const joinedFloor = (of: (reach: Reach) => number) =>
    Math.hypot(...reaches.map((reach, i) => of(reach) * unitOfTarget(ready.modules[i].wanted))) / targetNorm(ready);
  const floor = joinedFloor((reach) => reach.floor ?? Number.NaN);
  if (Number.isNaN(floor)) return { floor: null, open: 0 };
  return { floor, open: floor - joinedFloor((reach) => (reach.floor ?? 0) - reach.open) };
}

/** The floors of all modules of a run by the rank that is set: a module with fewer directions takes those it has. */
export function runFloors(ready: Pick<ReadyMessage, 'modules'>): Floors {
  const most = Math.max(...ready.modules.map(({ d, k }) => Math.min(d, k)));
  const all = Array.from({ length: most + 1 }, (_, i) =>
    joined(
      ready,
      ready.modules.map(({ d, k, wanted }) => knownFloor(wanted, Math.min(i, d, k))),
    ),
  );
  const known = all.flatMap(({ floor, open }) => (floor === null ? [] : [{ floor, open }]));
  return {
    floor: Float64Array.from(known, ({ floor }) => floor),
    open: known.some(({ open }) => open > 0) ? Float64Array.from(known, ({ open }) => open) : null,
  };
}

function knownFloor(wanted: ReadyTarget | null, rank: number): Reach {
  const known = wanted && floorsOfTarget(wanted);
  return { floor: known?.floor[rank] ?? null, open: known?.open?.[rank] ?? 0 };
}

function moduleReach(module: ReadyModule): Reach {
  const { rank, moved, wanted } = module;
  const known = knownFloor(isBound(module) ? null : wanted, rank);
  return { floor: wanted?.floorAtRank ?? known.floor, open: moved?.reach?.open ?? known.open };
}

export function estimatedSeconds(state: State): number {
  return state.run.secondsPerStep * state.experiment.steps;
}

export function currentScaling(state: Pick<State, 'experiment'>): number {
  return scalingOf(state.experiment);
}

/** Whether settings were changed while the run went on: then the link starts with the final ones. */
export function hasChangesWhileRunning(run: Run): boolean {
  return run.changes.length > 0;
}

/** Whether the settings on screen are trained to their end: a link of them may open trained. */
export const isTrained = ({ run, next }: Pick<State, 'run' | 'next'>): boolean =>
  isComplete(run) && !next && !hasChangesWhileRunning(run);
