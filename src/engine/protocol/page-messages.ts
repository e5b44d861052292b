import type { HandSets } from '../../experiment/network/digits.ts';
import type { Metric } from '../../experiment/settings/metric.ts';
import type { Change, Experiment, Tuning } from '../../experiment/settings/params.ts';
import type { ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import type { EngineChoice } from './engine-info.ts';

// Messages from the page to the worker; check.ts validates them.

/** Metrics besides the losses and norms of every step, the modules concerned, and the interval. */
export interface Watch {
  readonly metrics: readonly Metric[];
  /** Names; null: all of them. */
  readonly modules: readonly string[] | null;
  readonly every?: number;
}

/** Makes the matrices of an experiment. Supersedes any earlier run of its session. Training starts with `pace`. */
export interface RunMessage {
  readonly type: 'run';
  /** Unique on the whole page; ascending within a session. */
  readonly run: number;
  /** The lab of this run on the page, each with one run at a time; 0: the first. */
  readonly session: number;
  readonly experiment: Experiment;
  readonly choice: EngineChoice;
  /** The decoded `data`: a drawing, rows × cols with values 0 … 1, a matrix, or factors of one; or null. */
  readonly drawing: ReadyDrawing | null;
  /** The visitor's drawings of digits, for `adapt=hand`; left out: none. */
  readonly hand?: HandSets | null;
  readonly watch: Watch;
  /** The page's own address: the worker's files are named relative to it, and a worker from a blob has no address. */
  readonly page: string;
  /** Repeats the first steps of a known run: applies its changes at their steps, up to `to`. */
  readonly replay: { readonly to: number; readonly changes: readonly Change[] } | null;
}

/** Tunes the running trainer at the worker's current step, which it records in the next frame's `changes`. */
export interface TuneMessage {
  readonly type: 'tune';
  readonly run: number;
  readonly tuning: Tuning;
}

export interface WatchMessage {
  readonly type: 'watch';
  readonly run: number;
  readonly watch: Watch;
}

/**
 * Trains until `until` updates are made, possibly beyond the budget, `pace` steps per second (Infinity: full speed; 0:
 * pause now). Answered by one `done` with its `order`, unless a later one comes first.
 */
export interface PaceMessage {
  readonly type: 'pace';
  readonly run: number;
  readonly order: number;
  readonly pace: number;
  readonly until: number;
}

/** Frame `frame` has arrived: at most two may be under way. */
export interface AckMessage {
  readonly type: 'ack';
  readonly run: number;
  readonly frame: number;
}

/** Merges these factors of a module into its frozen weight and compares; a later one replaces an earlier one. */
export interface MergeMessage {
  readonly type: 'merge';
  readonly run: number;
  readonly order: number;
  readonly module: string;
  /** r × k and d × r row by row: those on screen, which may belong to an earlier step. */
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
}

export interface LeaveMessage {
  readonly type: 'leave';
  readonly session: number;
}

export type PageMessage =
  | RunMessage
  | LeaveMessage
  | TuneMessage
  | WatchMessage
  | PaceMessage
  | AckMessage
  | MergeMessage;
