import { bisectRight } from 'd3-array';
import type { Prediction } from '../experiment/prediction/predict.ts';
import type { Status } from '../experiment/run-file/run-file.ts';
import type { HistoryLosses } from '../experiment/run-file/run-record.ts';
import type { CHART_METRICS } from '../experiment/settings/metric.ts';
import type { Knowledge } from '../experiment/targets/spectrum.ts';
import type { ReadableChart, Table } from '../kit/chart/chart.ts';
import type { EffectiveRankKind } from '../math/spectral/spectra.ts';
import type { StepCurve } from './sweep/marks.ts';

/** The per-step record of one run; every list has one entry per step, from step 0. */
export interface Curves {
  readonly length: number;
  readonly loss: ArrayLike<number>;
  readonly gradNormA: ArrayLike<number>;
  readonly gradNormB: ArrayLike<number>;
  readonly updateNormA: ArrayLike<number>;
  readonly updateNormB: ArrayLike<number>;
  readonly relativeError: ArrayLike<number>;
}

/** Singular values of ΔW at the steps of the kept frames, ascending in step. */
export interface SampledSpectra {
  readonly steps: readonly number[];
  readonly spectra: readonly ArrayLike<number>[];
}

/** Loss over all training samples and over the held-out ones, at some steps, ascending. */
export interface Losses {
  readonly steps: readonly number[];
  readonly training: ArrayLike<number>;
  readonly heldOut: ArrayLike<number>;
  /** Of a network: shares of right answers on the new task and on the old one. */
  readonly accuracy?: ArrayLike<number>;
  readonly oldAccuracy?: ArrayLike<number>;
}

/** Shares of right answers on the new task and on the old one. */
export interface Answers {
  readonly accuracy: number;
  readonly old: number;
}

/** The ends of runs of one method, which differ in their learning rate. */
export interface MethodPath<Point> {
  readonly name: string;
  readonly kind: 'full' | 'lora';
  readonly rank: number | null;
  readonly points: readonly (Point & { readonly rate: number })[];
}

export type KeptPath = MethodPath<Answers>;

export interface RankFigures {
  readonly rank: number;
  /** Its trained parameters over those of full fine-tuning. */
  readonly trained: number;
  /** Share of right answers on the new task: the best run of this rank; null: none yet. */
  readonly best: number | null;
  /** The same of full fine-tuning, its ΔW cut to this rank in each matrix; null: not known. */
  readonly cut: number | null;
}

/** A network that knows an old task and is trained on a new one. */
export interface NetworkFacts {
  readonly losses: HistoryLosses;
  /** The same experiment with full fine-tuning; null: it has not run. */
  readonly reference: HistoryLosses | null;
  /** A few words for each task: "turned" and "upright". */
  readonly newName: string;
  readonly oldName: string;
  /** Held-out examples of the new task and of the old one. */
  readonly heldOut: number;
  readonly old: number;
  /** Those of the new task are trained on: a hand without test drawings. */
  readonly seen: boolean;
  /** Of LoRA with both factors; null: of another method, */
  readonly rank: number | null;
  /** which is not full fine-tuning. */
  readonly beside?: boolean;
  /** Its trained parameters over those of full fine-tuning. */
  readonly trained: number;
  /** Of other runs of the same task. */
  readonly paths: readonly KeptPath[];
  readonly ranks: readonly RankFigures[];
}

/** The samples of a regression target. */
export interface SampleFacts {
  /** All samples, the held-out ones, and those of a step. */
  readonly count: number;
  readonly heldOut: number;
  readonly batch: number;
  /** Condition number of the inputs, and standard deviation of the noise on an entry of a label. */
  readonly condition: number;
  readonly noise: number;
  readonly losses: Losses;
  /** The smallest losses within reach at the rank of the run; if unknown, null. */
  readonly floors: { readonly training: number | null; readonly heldOut: number | null };
}

/** The smallest relative error within reach of a run, if known, and its cause. */
export interface RunFloor {
  readonly value: number | null;
  /** The rank r; a part s₀·B₀·A₀ moved out of W₀, which has to be given back too; or the span of a frozen factor. */
  readonly by: 'rank' | 'moved' | 'frozen' | 'method';
  /** The lowest error found for a method without a floor: no bound, training may pass it. */
  readonly found?: number;
  /** The method, or the initialisation that moved it, and the upper bound by which the value is too high. */
  readonly of?: string;
  readonly open?: number;
}

export interface SceneQuantised {
  /** ‖Q − W₀‖/‖W₀‖. */
  readonly off: number;
  /** The floor at this rank if W₀ were kept as it is; null: not known. */
  readonly floor: number | null;
  /** A and B have taken their part of W₀ before, as many directions as the rank: at another rank Q is another one. */
  readonly rest: boolean;
}

export type Hover =
  | { readonly axis: 'rank'; readonly index: number }
  | { readonly axis: 'step'; readonly step: number };

/** The cursor at a place of an axis; if none, null. */
export function hoverAt(axis: Hover['axis'], at: number | null): Hover | null {
  if (at === null) return null;
  return axis === 'rank' ? { axis, index: at } : { axis, step: at };
}

/** A method beside LoRA, as charts write it. */
export interface SceneMethod {
  readonly label: string;
  readonly trained: number;
  /** The rank at which LoRA trains as many numbers. */
  readonly place: number;
  /** What the gradient norms are of; null: there is none. */
  readonly streams: { readonly A: string | null; readonly B: string };
}

export interface OtherRun {
  readonly name: string;
  readonly rank: number;
  /** Of a method beside LoRA: the rank at which LoRA trains as many numbers. */
  readonly place?: number;
  /** Of a method beside LoRA: what its gradient norms are of. */
  readonly streams?: SceneMethod['streams'];
  readonly curves: Curves;
  readonly sampled: SampledSpectra;
  /** Null for a target without samples. */
  readonly losses: Losses | null;
  /** True if its hues are mixed into the paper. */
  readonly pale: boolean;
  readonly pin?: ChartPin;
}

interface ChartPin {
  readonly id: number;
  /** The number of its singular values: its rank, or twice that. */
  readonly directions: number;
  /** The floor that holds instead of that of its rank, and the initialisation that causes it. */
  readonly ownFloor: { readonly value: number; readonly of: string } | null;
  readonly diverged: boolean;
}

/** The end of another run on the same ΔW*. */
export interface EarlierEnd {
  readonly rank: number;
  readonly error: number;
  /** A method beside LoRA, which may have no rank: `place` is the rank at which LoRA trains as many numbers. */
  readonly method?: Pick<SceneMethod, 'label' | 'place'>;
}

type RaisedRun = 'live' | number;

export interface Seeds {
  readonly relativeError: readonly StepCurve[];
  readonly gradNormA: readonly StepCurve[];
  readonly gradNormB: readonly StepCurve[];
  /** Singular values of ΔW at some steps, one list per seed. */
  readonly sampled: readonly SampledSpectra[];
  /** One list per seed; empty for a target without samples. */
  readonly training: readonly StepCurve[];
  readonly heldOut: readonly StepCurve[];
  /** Empty for a target that is no network. */
  readonly accuracy: readonly StepCurve[];
  readonly oldAccuracy: readonly StepCurve[];
}

export interface Foretold {
  /** Null: no law holds. */
  readonly prediction: Prediction | null;
  /** A change of the run ended the prediction at this step; null: none did. */
  readonly until: number | null;
  /** uᵢᵀΔW·vᵢ of the run at some steps, ascending; the largest direction of ΔW* first. */
  readonly measured: SampledSpectra;
}

/** The input of every chart: one run at one moment, as plain data. */
export interface Scene {
  readonly status: Status;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** The adapted matrices of a scene of all of them, of which d × k is the largest; undefined: d × k alone. */
  readonly matrices?: readonly Pick<Scene, 'd' | 'k'>[];
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  /** Step budget: the end of the step axis. */
  readonly budget: number;
  /** Steps of an epoch in which every sample comes once; undefined: there are no such epochs. */
  readonly epoch?: number;
  readonly step: number;
  /** True while an earlier step than the newest is shown. */
  readonly lookingBack: boolean;
  readonly curves: Curves;
  readonly sampled: SampledSpectra;
  /** Spectrum of ΔW at `step` (or the nearest kept frame before it); null before the matrices exist. */
  readonly spectrum: ArrayLike<number> | null;
  /** Entry i − 1: agreement of the leading i singular vectors of ΔW and ΔW*, 0 … 1; NaN if undefined. */
  readonly alignment: { readonly left: ArrayLike<number>; readonly right: ArrayLike<number> } | null;
  readonly target: {
    /** The description of ΔW*; undefined: the target of the run. */
    readonly name?: string;
    /** ΔW* is what another run has learned: no goal of this one, and its curve no floor. */
    readonly learned?: true;
    /** Singular values of ΔW*, descending: all of them, or the leading ones. */
    readonly values: ArrayLike<number>;
    readonly how: Knowledge;
    /** Upper bound of the error of a value, relative to σ₁. */
    readonly error: number;
    /** ‖ΔW*‖_F */
    readonly norm: number;
    /** What errors are shares of, if that is another norm. */
    readonly unit?: number;
    /** Entry i: Frobenius error of the best rank-i approximation, over ‖ΔW*‖_F; one entry more than values. */
    readonly floor: ArrayLike<number>;
    /** Entry i: that floor is at most this much too high; undefined if all singular values are known. */
    readonly open?: ArrayLike<number>;
  } | null;
  readonly ownFloor: RunFloor;
  /** The base is Q, what NF4 leaves of W₀, and ΔW* stands for what leads from Q to W₀ + ΔW*. */
  readonly quantised?: SceneQuantised;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
  /** Undefined: LoRA. */
  readonly method?: SceneMethod;
  readonly samples: SampleFacts | null;
  readonly network: NetworkFacts | null;
  /** The factor that is exactly zero at the start. */
  readonly zeroAtStart: 'A' | 'B' | 'both' | null;
  readonly definition: EffectiveRankKind;
  /** What was known of the run before its first step; null or left out: it is not asked for. */
  readonly foretold?: Foretold | null;
  /** Runs drawn in addition to this one, such as the one that a restart has just replaced. */
  readonly others: readonly OtherRun[];
  /** The run whose lines are highlighted while the others fade; undefined: none. */
  readonly raised?: RaisedRun | null;
  /** With pins: the gradients drawn, one factor's of all runs or both of this run. Undefined: both of all. */
  readonly compared?: 'A' | 'B' | 'both';
  /** The ends of the other runs on the same ΔW*. */
  readonly ended: readonly EarlierEnd[];
  /** The same experiment over several seeds; null or undefined: its run only. */
  readonly seeds?: Seeds | null;
  readonly hover: Hover | null;
  /** The scene that fixes the axes while they are frozen; undefined: this scene. */
  readonly axes?: Scene;
  /** Sentences instead of the picture if there is nothing to draw. */
  readonly empty: string | null;
}

/** Number of singular values of a d × k matrix. */
export const valuesOf = ({ d, k }: Pick<Scene, 'd' | 'k'>) => Math.max(1, Math.min(d, k));

/** The end of the step axis: the budget, or the last step if the run exceeds it. */
export function lastStep({ axes, ...scene }: Pick<Scene, 'axes' | 'budget' | 'curves'>): number {
  return axes ? lastStep(axes) : Math.max(1, scene.budget, scene.curves.length - 1);
}

/** The scene that determines the height of a chart. */
export const heightsOf = (scene: Scene): Scene => scene.axes ?? scene;

/** The last step of another run within the step axis. */
export const lastStepOf = (other: Curves, scene: Scene) => Math.min(other.length - 1, lastStep(scene));

export const newestStep = (scene: Scene) => Math.max(0, scene.curves.length - 1);

/** The step shown, clamped to the measured ones. */
export const shownStep = (scene: Scene) => Math.max(0, Math.min(scene.step, newestStep(scene)));

/** The index of the last of ascending steps that is at most `step`; if all are later, −1. */
export const lastIndexUpTo = (steps: readonly number[], step: number) => bisectRight(steps, step) - 1;

/** Step of the newest sample up to the step shown; if none, null. */
export const measuredStep = (scene: Scene): number | null =>
  scene.sampled.steps[lastIndexUpTo(scene.sampled.steps, shownStep(scene))] ?? null;

/** Whether the initialisation has moved a part of W₀ into the adapter, so that ΔW = s·B·A − s₀·B₀·A₀. */
export const hasMovedPart = ({ ownFloor }: Pick<Scene, 'ownFloor'>) => ownFloor.by === 'moved';

/** Where a run stands on an axis of ranks: a method beside LoRA where LoRA trains as many numbers. */
export const rankPlace = (scene: Pick<Scene, 'rank' | 'method' | 'd' | 'k'>): number =>
  scene.method ? Math.min(valuesOf(scene), Math.max(1, scene.method.place)) : scene.rank;

/** The same of another run. */
export const endedPlace = ({ rank, method }: EarlierEnd, scene: Pick<Scene, 'd' | 'k'>): number =>
  method ? Math.min(valuesOf(scene), Math.max(1, method.place)) : rank;

/** Whether no step has been trained and the best rank-r update, which ΔW may become, is known. */
export const isUntrained = ({ curves, target, ownFloor, rank }: Scene) =>
  curves.length === 1 && ownFloor.by === 'rank' && (target?.values.length ?? 0) >= rank;

/** The matrix of the singular values: ΔW, or the adapter alone if a part of W₀ was moved into it. */
export const updateName = (scene: Pick<Scene, 'ownFloor'>) => (hasMovedPart(scene) ? 's·B·A' : 'ΔW');

/** A method beside LoRA may have no rank: its error stands against what it trains. */
export function titleOf({ title }: { readonly title: string }, scene: Pick<Scene, 'ownFloor' | 'method'>): string {
  const named = title.replace('ΔW', updateName(scene));
  return scene.method ? named.replace('against rank', 'against trained parameters') : named;
}

/** The classes of this run's own line, which fades while another one is highlighted. */
export const liveRunClass = (hue: string, { raised = null }: Pick<Scene, 'raised'>) =>
  raised === null || raised === 'live' ? hue : `${hue} faint`;

/** The shares of a whole, largest first, and the equivalent number of equal ones. */
export interface Shares {
  readonly values: readonly number[];
  readonly equal: number;
  readonly words: string;
}

export interface RunChart extends ReadableChart<Scene> {
  /** Also its key in CHART_METRICS, the metrics that the engine computes for it. */
  readonly name: keyof typeof CHART_METRICS;
  readonly short: string;
  /** The axis shared by its column. */
  readonly axis: Hover['axis'];
  /** Of all modules of a run, whose error is one number; undefined: of the shown one. */
  readonly whole?: true;
  /** The result of a pinned run in a few words, for the title row while it is highlighted; if unknown, null. */
  readonly ofPin?: (pin: OtherRun, scene: Scene) => string | null;
  readonly table: (scene: Scene) => Table;
}

/** "What am I looking at": paragraphs, and the formula with this run's numbers. */
export interface Explanation {
  readonly paragraphs: readonly string[];
  readonly formulas: readonly string[];
  readonly numbers: string;
  /** Drawn next to the text if the formula is about shares. */
  readonly shares?: Shares;
}
