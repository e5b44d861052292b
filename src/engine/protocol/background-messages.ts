import type { ModuleSeries } from '../../experiment/settings/metric.ts';
import type { EngineInfo } from './engine-info.ts';
import type { FrameMessage } from './frame.ts';
import type { RunMessage } from './page-messages.ts';
import type { DoneMessage, FailedMessage } from './worker-messages.ts';

// Runs that no lab shows: they are asked for as a whole, and their record comes in one piece.

/** Train this experiment to the end of its budget. One after another where there are several. */
export interface BackgroundRunMessage extends Pick<RunMessage, 'experiment' | 'choice' | 'drawing' | 'page'> {
  readonly type: 'quiet';
  /** Unique among the quiet runs of this worker. */
  readonly quiet: number;
  /** Steps at which spectra and losses are wanted too, ascending, at most MAX_OBSERVED_STEPS. Left out: none. */
  readonly observe?: readonly number[];
  /** What is wanted of its last step beside the summary. Left out: nothing. */
  readonly keep?: readonly RecordPart[];
}

export const MAX_OBSERVED_STEPS = 100;
/** `factors`: A and B; `target`: ΔW*. */
export const RECORD_PARTS = ['factors', 'target'] as const;
type RecordPart = (typeof RECORD_PARTS)[number];

/** It is no longer wanted, begun or not: nothing more is heard of it. */
interface CancelMessage {
  readonly type: 'cancel';
  readonly quiet: number;
}

export type BackgroundMessage = BackgroundRunMessage | CancelMessage;

/** One number a step from step 0 on, as in frames. */
export interface BackgroundRunPoints extends Pick<FrameMessage, 'series'> {
  readonly modules: readonly { readonly [name in ModuleSeries]: Float64Array }[];
}

export interface BackgroundRunSummary {
  readonly status: Exclude<DoneMessage['ending'], 'paused'>;
  /** Updates made; for `diverged`, up to its last good step. */
  readonly steps: number;
  /** The learning rate: the experiment's own, or the derived one. */
  readonly rate: number;
  /** At its last step, as are all that follow. */
  readonly loss: number;
  /** Null where a ΔW* is not known. */
  readonly relativeError: number | null;
  /** The smallest relative error within reach, of all modules together; null if one of their floors is not known. */
  readonly floor: number | null;
  /** Over all training samples, and over those held out; null where there are none. */
  readonly losses: FrameMessage['losses'];
  readonly modules: readonly {
    readonly name: string;
    readonly d: number;
    readonly k: number;
    readonly rank: number;
    /** The smallest relative matrix error within reach at its rank; null where it is not known. */
    readonly floor: number | null;
    /** Of s·B·A. */
    readonly effectiveRank: number;
  }[];
}

export interface BackgroundRunObservation {
  readonly step: number;
  readonly losses: FrameMessage['losses'];
  readonly modules: readonly {
    /** Singular values of s·B·A. */
    readonly spectrum: Float64Array;
    /** Those of ΔW = s·B·A − s₀·B₀·A₀ where an initialisation has moved a part of W₀; null where both are the same. */
    readonly update: Float64Array | null;
  }[];
}

/** One module as a quiet run leaves it. */
export interface BackgroundRunModule {
  readonly name: string;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  /** r × k and d × r row by row, at the last step; null where they were not asked for. */
  readonly factors: { readonly A: Float32Array; readonly B: Float32Array } | null;
  /** ΔW* row by row; null where it was not asked for. */
  readonly target: Float32Array | null;
  /** What an initialisation has moved into the adapter, A₀, B₀ and s₀: ΔW is less by s₀·B₀·A₀; null where it has not. */
  readonly moved: { readonly A: Float32Array; readonly B: Float32Array; readonly scaling: number } | null;
}

export interface BackgroundRunRecord {
  readonly summary: BackgroundRunSummary;
  readonly points: BackgroundRunPoints;
  readonly engine: Pick<EngineInfo, 'backend' | 'stepper' | 'device'>;
  /** Those of `observe` that were made, ascending, and the last step; empty where none were asked for. */
  readonly observed: readonly BackgroundRunObservation[];
  readonly kept: readonly BackgroundRunModule[];
}

/** Answers a quiet message that was not cancelled: how it ended, or why it is not possible. */
export interface BackgroundResult {
  readonly type: 'quieted';
  readonly quiet: number;
  readonly result: BackgroundRunRecord | Pick<FailedMessage, 'kind' | 'why'>;
}
