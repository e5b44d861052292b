import type { Metric } from '../../experiment/settings/metric.ts';
import type { Change, Experiment, Tuning } from '../../experiment/settings/params.ts';
import type { DataMatrix } from '../../experiment/targets/factored-matrix.ts';
import type { EngineChoice } from './engine-info.ts';

// What the page tells the worker. check.ts says whether it is what it should be.

/** What is to be worked out beside the losses and norms of every step, of which modules, and how often it is looked at. */
export interface Watch {
  readonly metrics: readonly Metric[];
  /** Names; null: all of them. */
  readonly modules: readonly string[] | null;
  /** Milliseconds between two frames while steps are made. Left out: as often as the page takes them. */
  readonly every?: number;
}

/** Make the matrices of an experiment. Supersedes any earlier run of its session. Training starts with `pace`. */
export interface RunMessage {
  readonly type: 'run';
  /** Unique on the whole page; those of a session only grow. */
  readonly run: number;
  /** The lab on the page whose run this is; 0: the first. Each has one run at a time. */
  readonly session: number;
  readonly experiment: Experiment;
  readonly choice: EngineChoice;
  /** What `data` holds: a decoded drawing, rows × cols with values 0 … 1, a matrix, or factors of one; or null. */
  readonly drawing: DataMatrix | null;
  readonly watch: Watch;
  /** The page's own address: the worker's files are named relative to it, and a worker from a blob has no address. */
  readonly page: string;
  /** Repeat the first steps of a run that is known: its changes are applied at their steps, then the run stands at `to`. */
  readonly replay: { readonly to: number; readonly changes: readonly Change[] } | null;
}

/** Tune the running trainer. At the worker's present step, which it records in the next frame's `changes`. */
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
 * Train until `until` updates are made, `pace` steps per second (Infinity: as fast as it goes; 0: pause now). `until` may
 * lie beyond the budget. Every pace message is answered by one `done` that carries its `order`, unless a later one comes
 * first; one that leaves nothing to do is answered at once.
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

/** Merge these factors of a module into its frozen weight and compare; a later one takes the place of an earlier one. */
export interface MergeMessage {
  readonly type: 'merge';
  readonly run: number;
  readonly order: number;
  readonly module: string;
  /** r × k and d × r row by row: those on screen, which may be of an earlier step. */
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
