import { bisectRight } from 'd3-array';
import type { Status } from '../experiment/run-file/run-file.ts';
import type { CHART_METRICS } from '../experiment/settings/metric.ts';
import type { Knowledge } from '../experiment/targets/spectrum.ts';
import type { ReadableChart, Table } from '../kit/chart/chart.ts';
import type { EffectiveRankKind } from '../math/spectral/spectra.ts';
import type { MarginLabel } from './drawing/labels.ts';
import type { StepCurve } from './sweep/bands.ts';

/** The per-step record of one run; every list has one entry a step, from step 0. */
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

/** Loss over all training samples and over those held out, at some steps, ascending. */
export interface Losses {
  readonly steps: readonly number[];
  readonly training: ArrayLike<number>;
  readonly heldOut: ArrayLike<number>;
}

/** What a regression target trains on. */
export interface SampleFacts {
  /** How many there are, how many are held out, and how many a step looks at. */
  readonly count: number;
  readonly heldOut: number;
  readonly batch: number;
  /** Condition number of the inputs, and standard deviation of the noise on an entry of a label. */
  readonly condition: number;
  readonly noise: number;
  readonly losses: Losses;
  /** The smallest losses within reach at the rank of the run; null where not known. */
  readonly floors: { readonly training: number | null; readonly heldOut: number | null };
}

/** The smallest relative error within reach of a run, null where not known, and what decides it. */
export interface RunFloor {
  readonly value: number | null;
  /** Its rank r; what it has to give back as well, where s₀·B₀·A₀ was moved out of W₀; or the span of a frozen factor. */
  readonly by: 'rank' | 'moved' | 'frozen';
  /** The initialisation that has moved it, and by how much the value may lie too high. */
  readonly of?: string;
  readonly open?: number;
}

/** What the cursor of one of the two shared axes points at. */
export type Hover =
  | { readonly axis: 'rank'; readonly index: number }
  | { readonly axis: 'step'; readonly step: number };

/** The cursor at a place of an axis; null: nowhere. */
export function hoverAt(axis: Hover['axis'], at: number | null): Hover | null {
  if (at === null) return null;
  return axis === 'rank' ? { axis, index: at } : { axis, step: at };
}

/** A run that is drawn beside the one on show, whole and thin. */
export interface OtherRun {
  /** For its labels and columns: "previous, r = 4". */
  readonly name: string;
  readonly rank: number;
  readonly curves: Curves;
  readonly sampled: SampledSpectra;
  /** Null for a target without samples. */
  readonly losses: Losses | null;
  /** True where its hues are mixed into the paper. */
  readonly pale: boolean;
  /** Of a pinned run; left out: the run that this one has replaced. */
  readonly pin?: ChartPin;
}

/** What a pinned run has beside other runs that are drawn. */
interface ChartPin {
  /** Tells it from others. */
  readonly id: number;
  /** How many directions its singular values are of: its rank, or twice that. */
  readonly directions: number;
  /** Where the other floor than that of its rank is that it can come down to, and the initialisation that makes it so. */
  readonly ownFloor: { readonly value: number; readonly of: string } | null;
  readonly diverged: boolean;
}

/** Which run is raised over the others: this one, or a pin. */
type RaisedRun = 'live' | number;

/** The run with other seeds, as far as they are there; curves are kept at some steps. */
export interface Seeds {
  readonly relativeError: readonly StepCurve[];
  readonly gradNormA: readonly StepCurve[];
  readonly gradNormB: readonly StepCurve[];
  /** Singular values of ΔW at some steps, a list a seed. */
  readonly sampled: readonly SampledSpectra[];
  /** A list a seed; empty for a target without samples. */
  readonly training: readonly StepCurve[];
  readonly heldOut: readonly StepCurve[];
}

/** Everything a chart may draw: one run at one moment, as plain data. */
export interface Scene {
  readonly status: Status;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  /** Step budget: the end of the step axis. */
  readonly budget: number;
  /** The step on show: the newest, or one looked back at. */
  readonly step: number;
  /** True while an earlier step than the newest is on show. */
  readonly lookingBack: boolean;
  readonly curves: Curves;
  readonly sampled: SampledSpectra;
  /** Spectrum of ΔW at `step` (or the nearest kept frame before it); null before the matrices exist. */
  readonly spectrum: ArrayLike<number> | null;
  /** Entry i − 1: agreement of the leading i singular vectors of ΔW and ΔW*, 0 … 1; NaN where it is not defined. */
  readonly alignment: { readonly left: ArrayLike<number>; readonly right: ArrayLike<number> } | null;
  readonly target: {
    /** What ΔW* is; left out: the target of the run. */
    readonly name?: string;
    /** Singular values of ΔW*, descending: all of them, or the leading ones. */
    readonly values: ArrayLike<number>;
    readonly how: Knowledge;
    /** By how much a value may be off, as a share of σ₁. */
    readonly error: number;
    /** ‖ΔW*‖_F */
    readonly norm: number;
    /** Entry i: Frobenius error of the best rank-i approximation, over ‖ΔW*‖_F; one entry more than values. */
    readonly floor: ArrayLike<number>;
    /** Entry i: by how much that floor may lie too high; left out where all singular values are known. */
    readonly open?: ArrayLike<number>;
  } | null;
  readonly ownFloor: RunFloor;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
  /** Null for a target without samples. */
  readonly samples: SampleFacts | null;
  /** Which factor is exactly zero at the start. */
  readonly zeroAtStart: 'A' | 'B' | 'both' | null;
  readonly definition: EffectiveRankKind;
  /** Runs that are drawn beside this one, as the one that a restart has just replaced. */
  readonly others: readonly OtherRun[];
  /** Whose lines stand out while the others fade; left out: nobody's. */
  readonly raised?: RaisedRun | null;
  /** Beside pins: whose gradients are drawn, one factor's of all runs or both of this run. Left out: both of all. */
  readonly compared?: 'A' | 'B' | 'both';
  /** Where the other runs have ended that learned the same ΔW*. */
  readonly ended: readonly { readonly rank: number; readonly error: number }[];
  /** The same experiment over several seeds; null or left out: its run alone. */
  readonly seeds?: Seeds | null;
  readonly hover: Hover | null;
  /** What the axes are made for, where they are kept as they were; left out: this scene. */
  readonly axes?: Scene;
  /** Sentences in the place of the content where there is nothing to draw. */
  readonly empty: string | null;
}

/** How many singular values a d × k matrix has. */
export const valuesOf = ({ d, k }: Pick<Scene, 'd' | 'k'>) => Math.max(1, Math.min(d, k));

/** The end of the step axis: the budget, or further where the run went on. */
export function lastStep({ axes, ...scene }: Pick<Scene, 'axes' | 'budget' | 'curves'>): number {
  return axes ? lastStep(axes) : Math.max(1, scene.budget, scene.curves.length - 1);
}

/** What the height of a chart is made for. */
export const heightsOf = (scene: Scene): Scene => scene.axes ?? scene;

/** The last step of another run that the step axis has room for. */
export const lastStepOf = (other: Curves, scene: Scene) => Math.min(other.length - 1, lastStep(scene));

/** The newest step that has been measured. */
export const newestStep = (scene: Scene) => Math.max(0, scene.curves.length - 1);

/** The step on show, within what has been measured. */
export const shownStep = (scene: Scene) => Math.max(0, Math.min(scene.step, newestStep(scene)));

/** The place of the last of ascending steps that is at most `step`; −1 where all are later. */
export const lastIndexUpTo = (steps: readonly number[], step: number) => bisectRight(steps, step) - 1;

/** The step at which the spectrum on show was measured: the newest sample up to the step on show; null before any. */
export const measuredStep = (scene: Scene): number | null =>
  scene.sampled.steps[lastIndexUpTo(scene.sampled.steps, shownStep(scene))] ?? null;

/** Whether the initialisation has moved a part of W₀ into the adapter, so that ΔW = s·B·A − s₀·B₀·A₀. */
export const hasMovedPart = ({ ownFloor }: Pick<Scene, 'ownFloor'>) => ownFloor.by === 'moved';

/** Whether nothing has been trained yet and the best rank-r update, which ΔW may become, is known. */
export const isUntrained = ({ curves, target, ownFloor, rank }: Scene) =>
  curves.length === 1 && ownFloor.by === 'rank' && (target?.values.length ?? 0) >= rank;

/** What the singular values are those of: ΔW, or the adapter alone where a part of W₀ was moved into it. */
export const updateName = (scene: Pick<Scene, 'ownFloor'>) => (hasMovedPart(scene) ? 's·B·A' : 'ΔW');

/** A chart's title, on the page as in its files. */
export function titleOf({ title }: { readonly title: string }, scene: Pick<Scene, 'ownFloor'>): string {
  return title.replace('ΔW', updateName(scene));
}

/** The classes of a thin line of another run: raised over the others it has its full hue, below a raised one it fades. */
export function otherRunClass(hue: string, { pale, pin }: OtherRun, { raised = null }: Pick<Scene, 'raised'>): string {
  if (raised !== null && pin) return raised === pin.id ? `${hue} raised` : `${hue} faint`;
  return `${hue}${pale ? ' pale' : ''}`;
}

/** The same of its name. */
export function otherNameClass({ pin }: OtherRun, { raised = null }: Pick<Scene, 'raised'>): string {
  return pin && raised === pin.id ? 'ink strong' : raised === null || !pin ? 'ink-2' : 'ink-3';
}

/** The classes of this run's own line, which fades while another one is raised. */
export const liveRunClass = (hue: string, { raised = null }: Pick<Scene, 'raised'>) =>
  raised === null || raised === 'live' ? hue : `${hue} faint`;

/** Tells whose a mark is, for a pointer. */
export function runData({ pin }: OtherRun): Readonly<Record<string, number>> {
  return pin ? { 'data-run': pin.id } : {};
}

/** The name of another run in a margin: a pin's with its value, which stays if the name is cut. */
export function nameTexts({ name, pin }: OtherRun, value: string): Pick<MarginLabel, 'texts' | 'kept'> {
  return pin ? { texts: [`${name}: ${value}`], kept: `: ${value}` } : { texts: [name] };
}

/** The shares of a whole, largest first, and how many equal ones count as much. */
export interface Shares {
  readonly values: readonly number[];
  readonly equal: number;
  readonly words: string;
}

/** A chart of a run. */
export interface RunChart extends ReadableChart<Scene> {
  /** Also that of its line in CHART_METRICS: what the engine has to compute for it. */
  readonly name: keyof typeof CHART_METRICS;
  /** For a tab on a phone. */
  readonly short: string;
  /** The axis that it shares with its column. */
  readonly axis: Hover['axis'];
  /** What a pinned run has come to, in few words, for the title row while it is raised; null where that is not known. */
  readonly ofPin?: (pin: OtherRun, scene: Scene) => string | null;
  readonly table: (scene: Scene) => Table;
}

/** "What am I looking at": paragraphs, and the formula with this run's numbers put in. */
export interface Explanation {
  readonly paragraphs: readonly string[];
  /** A line each. */
  readonly formulas: readonly string[];
  readonly numbers: string;
  /** Drawn beside the words, where the formula is about shares. */
  readonly shares?: Shares;
}
