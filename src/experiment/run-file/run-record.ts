import { stepNearFloor } from '../layer/floor.ts';
import type { ModuleSizes } from '../layer/module.ts';
import type { HandSets } from '../network/digits.ts';
import { autoOf, hasAutoAlpha, isAuto } from '../settings/experiment.ts';
import { type ModuleSeries, moduleSeries } from '../settings/metric.ts';
import type { Change, Experiment } from '../settings/params.ts';
import { type Rate, scalingOf } from '../settings/rate.ts';
import { defaultView, type View } from '../settings/view.ts';
import type { Status } from './run-file.ts';

export interface Computed {
  readonly from: number;
  readonly backend: string;
  readonly device: string;
}

/** The norms of one module, one number per step. */
export type ModuleTrace = Readonly<Record<ModuleSeries, Float64Array>>;

/** The per-step record of a run: entry t was measured before update t + 1. Never changed in place once visible. */
export interface Trace {
  readonly length: number;
  readonly series: { readonly loss: Float64Array; readonly relativeError?: Float64Array };
  readonly modules: readonly ModuleTrace[];
}

/** One module at a step: A r × k and B d × r, row by row. */
export interface HistoryModule {
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** The numbers of a method beside LoRA. */
  readonly own?: readonly Float32Array[];
  /** Singular values of s·B·A, min(r, d, k) of them, descending. */
  readonly spectrum: Float64Array | null;
  /** ‖U_iᵀÛ_i‖²/i with the singular vectors of ΔW*, i = 1 … r, left and right, 0 … 1; NaN if undefined. */
  readonly alignment: { readonly left: Float64Array; readonly right: Float64Array } | null;
  /** uᵢᵀΔW·vᵢ for the leading singular directions of ΔW*, the largest first; null or left out: not known. */
  readonly directions?: Float64Array | null;
}

/** What ΔW has done to W₀. */
export interface UpdateSize {
  /** The name of the matrix. */
  readonly name: string;
  /** ‖ΔW‖/‖W₀‖. */
  readonly relativeSize: number;
  /** Intruder dimensions among the 10 leading left singular vectors of W₀ + ΔW, at ε = 0.5. */
  readonly intruders: number;
}

/** A network's answer to each held-out example of the new task and of the old one. */
export interface NetworkAnswers {
  readonly heldOut: Uint8Array;
  readonly old: Uint8Array;
}

export interface HistoryFrame {
  readonly step: number;
  readonly modules: readonly HistoryModule[];
  readonly answers?: NetworkAnswers | null;
}

/** Singular values at a step without kept factors, one list per module; null if unknown. */
export interface Sample {
  readonly step: number;
  readonly spectra: readonly (Float64Array | null)[];
  /** uᵢᵀΔW·vᵢ, one list per module; null or left out: not known. */
  readonly directions?: readonly (Float64Array | null)[];
}

export interface Sampled {
  readonly steps: readonly number[];
  readonly spectra: readonly Float64Array[];
}

/** Over all samples at one step: losses, and of a network shares of right answers. */
export interface MeasuredLosses {
  /** NaN if not measured, as of networks. */
  readonly training: number;
  readonly heldOut: number;
  /** Held out, on the new task and on the old one. */
  readonly accuracy?: number;
  readonly oldAccuracy?: number;
}

/** Those at some steps of a run, ascending. */
export type HistoryLosses = { readonly steps: readonly number[] } & {
  readonly [name in keyof MeasuredLosses]: readonly number[];
};

export const NO_LOSSES: HistoryLosses = { steps: [], training: [], heldOut: [] };

/** Contradictions of a run file to its link (initial factors, results) or to its own last factors. */
export type Contradiction =
  | { readonly of: 'A' | 'B' | 'own numbers' }
  | {
      readonly of: 'first loss' | 'last loss' | 'accuracy';
      readonly step: number;
      readonly recorded: number;
      readonly link: number;
    }
  | { readonly of: 'last product'; readonly step: number }
  | {
      readonly of: 'last error' | 'own loss' | 'floor';
      readonly step: number;
      readonly recorded: number;
      readonly own: number;
    };

export interface RunReach {
  /** The least relative error within reach of all its modules, and by how much it may be too high; null if unknown. */
  readonly floor: number | null;
  readonly open: number;
  /** Of s·B·A at the end, entropy, the mean over modules; null if not measured. */
  readonly effectiveRank: number | null;
}

/** A run as finished data: its settings, its kept history, and its ending. */
export interface RunRecord {
  /** The number under which a lab first ran it: it stays if the run is repeated or comes back; 0: no lab did. */
  readonly origin: number;
  /** At step 0; later changes are in `changes`. */
  readonly experiment: Experiment;
  readonly view: View;
  readonly changes: readonly Change[];
  /** Steps that were added to its budget once it had spent it. */
  readonly more: number;
  readonly rate: Rate | null;
  readonly status: Status;
  readonly computed: readonly Computed[];
  /** 0: unknown. */
  readonly secondsPerStep: number;
  /** In the order of all lists of modules; empty until known. */
  readonly modules: readonly ModuleSizes[];
  readonly trace: Trace;
  readonly frames: readonly HistoryFrame[];
  readonly samples: readonly Sample[];
  readonly losses: HistoryLosses;
  readonly reach: RunReach | null;
  /** Singular values of ΔW, one list per module, if a part of W₀ was moved; null: unknown, or those of s·B·A. */
  readonly update: readonly Sampled[] | null;
  /** The last step reported by the file it came from; −1 if it came from none. */
  readonly held: number;
  readonly contradictions: readonly Contradiction[];
  /** The drawings that it trained on; they are not part of its file. Undefined: none. */
  readonly hand?: HandSets | null;
  /** An adapter of a file on its network: there are no steps to go on from, so training begins anew. */
  readonly untrained?: true;
}

const NONE = new Float64Array(0);
export const NO_NORMS = moduleSeries(() => NONE);

export function emptyTrace(): Trace {
  return { length: 0, series: { loss: NONE }, modules: [NO_NORMS] };
}

export function newRecord(experiment: Experiment, view: View = defaultView()): RunRecord {
  return {
    ...{ origin: 0, experiment, view, changes: [], more: 0 },
    ...{ rate: experiment.lr, status: 'preparing', computed: [], secondsPerStep: 0 },
    ...{ modules: [], trace: emptyTrace(), frames: [], samples: [], losses: NO_LOSSES },
    ...{ reach: null, update: null, held: -1, contradictions: [] },
  };
}

export interface RunFigures {
  readonly status: Status;
  /** Updates made; for `diverged`, up to its last good step. */
  readonly steps: number;
  readonly rate: Rate;
  readonly loss: number;
  /** ‖ΔW − ΔW*‖_F/‖ΔW*‖_F; null if ΔW* is unknown. */
  readonly error: number | null;
  readonly floor: number | null;
  /** Over all held-out and over all training samples; null without samples. */
  readonly heldOut: number | null;
  readonly training: number | null;
  /** Of networks: shares of right answers on held-out examples, of the new task and of the old one. */
  readonly accuracy?: number | null;
  readonly oldAccuracy?: number | null;
  readonly effectiveRank: number;
  /** The first step with an error of at most 5% above the floor; null if there was none. */
  readonly reached: number | null;
}

export function lastStep({ trace }: Pick<RunRecord, 'trace'>): number {
  return trace.length - 1;
}

/** Whether a run has ended as it should: its budget is spent, or it has converged. */
export function isComplete({ status }: Pick<RunRecord, 'status'>): boolean {
  return status === 'finished' || status === 'converged';
}

/** The relative errors from step 0 on; null if ΔW* is unknown. */
export function errorsOf({ trace: { series, length } }: Pick<RunRecord, 'trace'>): Float64Array | null {
  return series.relativeError?.subarray(0, length) ?? null;
}

export function errorRecord(record: RunRecord): RunRecord {
  const { trace } = record;
  const relativeError = errorsOf(record)?.slice();
  const series = relativeError ? { loss: NONE, relativeError } : { loss: NONE };
  return { ...record, trace: { length: trace.length, series, modules: [] }, frames: [], samples: [], update: null };
}

/** The relative error at the last step; null if ΔW* is unknown. */
export function errorAtEnd(record: Pick<RunRecord, 'trace'>): number | null {
  return record.trace.series.relativeError?.[lastStep(record)] ?? null;
}

/** The settings in force at a step: those of step 0 with the changes made up to it. */
export function settingsAt(
  { experiment, changes }: Pick<RunRecord, 'experiment' | 'changes'>,
  step = Number.POSITIVE_INFINITY,
): Experiment {
  const made = changes.filter((change) => change.step <= step).map(({ key, value }) => [key, value]);
  const auto = autoOf(
    isAuto('lr', experiment.auto),
    hasAutoAlpha(experiment) && !made.some(([key]) => key === 'alpha'),
  );
  return { ...experiment, ...Object.fromEntries(made), auto };
}

export function scalingAt(record: Pick<RunRecord, 'experiment' | 'changes'>, step?: number): number {
  return scalingOf(settingsAt(record, step));
}

export function figuresOf(record: RunRecord): RunFigures {
  const { status, rate, trace, losses, reach } = record;
  const steps = lastStep(record);
  const floor = reach?.floor ?? null;
  const errors = trace.series.relativeError;
  return {
    ...{ status, steps, floor },
    rate: rate ?? Number.NaN,
    loss: trace.series.loss[steps],
    error: errorAtEnd(record),
    heldOut: losses.heldOut.at(-1) ?? null,
    training: losses.accuracy ? null : (losses.training.at(-1) ?? null),
    ...(losses.accuracy && { accuracy: losses.accuracy.at(-1), oldAccuracy: losses.oldAccuracy?.at(-1) }),
    effectiveRank: reach?.effectiveRank ?? Number.NaN,
    reached: errors ? stepNearFloor(errors, steps, floor) : null,
  };
}

export type Measure = 'ratio' | 'error' | 'heldOut' | 'steps' | 'accuracy' | 'oldAccuracy';

export interface CellRun extends RunFigures {
  /** Relative errors at some steps, including the first and the last; losses if no error is known. */
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] };
  /** Milliseconds since the previous run ended: with several at a time, less than it took; default: unknown. */
  readonly ms?: number;
}

export type Outcome = CellRun | { readonly why: string };
