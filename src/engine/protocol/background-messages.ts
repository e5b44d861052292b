import type { ModuleSizes } from '../../experiment/layer/module.ts';
import type { HistoryModule, ModuleTrace, NetworkAnswers, UpdateSize } from '../../experiment/run-file/run-record.ts';
import type { Rate } from '../../experiment/settings/rate.ts';
import type { EngineInfo } from './engine-info.ts';
import type { FrameMessage } from './frame.ts';
import type { RunMessage } from './page-messages.ts';
import type { DoneMessage, FailedMessage } from './worker-messages.ts';

// Runs that no lab shows: requested as a whole, with a record in one piece.

/** Trains this experiment to the end of its budget; several run one after another. */
export interface BackgroundRunMessage extends Pick<RunMessage, 'experiment' | 'choice' | 'drawing' | 'hand' | 'page'> {
  readonly type: 'quiet';
  /** Unique among the background runs of this worker. */
  readonly quiet: number;
  /** Steps at which spectra and losses are wanted too, ascending, at most MAX_OBSERVED_STEPS; default none. */
  readonly observe?: readonly number[];
  /** No step is made: what is measured are these factors, one pair per module, or the start. Undefined: it trains. */
  readonly measures?: 'start' | readonly Pick<HistoryModule, 'A' | 'B' | 'own'>[];
  /** Parts wanted besides the summary; default none. */
  readonly keep?: readonly RecordPart[];
}

export const MAX_OBSERVED_STEPS = 100;
/** `factors`: A and B; `target`: ΔW*; `snapshots`: A and B at each observed step; `cuts`: ΔW cut to lower ranks; `updates`: the size of each ΔW. */
export const RECORD_PARTS = ['factors', 'target', 'snapshots', 'cuts', 'updates'] as const;
type RecordPart = (typeof RECORD_PARTS)[number];

/** Cancels it, begun or not: there is no further answer. */
interface CancelMessage {
  readonly type: 'cancel';
  readonly quiet: number;
}

export type BackgroundMessage = BackgroundRunMessage | CancelMessage;

/** One number per step from step 0 on, as in frames. */
export interface BackgroundRunPoints extends Pick<FrameMessage, 'series'> {
  readonly modules: readonly ModuleTrace[];
}

export interface BackgroundRunSummary {
  readonly status: Exclude<DoneMessage['ending'], 'paused'>;
  readonly steps: number;
  readonly rate: Rate;
  /** At its last step, like all that follow. */
  readonly loss: number;
  /** Null if a ΔW* is unknown. */
  readonly relativeError: number | null;
  /** The smallest reachable relative error of all modules together; null if one of their floors is unknown. */
  readonly floor: number | null;
  /** Over all training and over all held-out samples; null if there are none. */
  readonly losses: FrameMessage['losses'];
  /** Of a network. */
  readonly answers?: NetworkAnswers | null;
  readonly modules: readonly (ModuleSizes & {
    /** The smallest reachable relative matrix error at its rank; null if unknown. */
    readonly floor: number | null;
    /** Of s·B·A. */
    readonly effectiveRank: number;
  })[];
}

export interface BackgroundRunObservation {
  readonly step: number;
  readonly losses: FrameMessage['losses'];
  readonly modules: readonly {
    /** Singular values of s·B·A. */
    readonly spectrum: Float64Array;
    /** Those of ΔW = s·B·A − s₀·B₀·A₀ if an initialisation has moved a part of W₀; null if both are the same. */
    readonly update: Float64Array | null;
  }[];
}

export interface BackgroundRunModule extends ModuleSizes {
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  /** r × k and d × r row by row, at the last step; null unless requested. */
  readonly factors: Pick<HistoryModule, 'A' | 'B' | 'own'> | null;
  /** A and B at the steps of `observed`; null unless requested. */
  readonly snapshots: readonly { readonly A: Float32Array; readonly B: Float32Array }[] | null;
  /** ΔW* row by row; null unless requested. */
  readonly target: Float32Array | null;
  /** The part moved into the adapter, A₀, B₀ and s₀: ΔW is less by s₀·B₀·A₀; null without one. */
  readonly moved: { readonly A: Float32Array; readonly B: Float32Array; readonly scaling: number } | null;
}

export interface BackgroundRunRecord {
  readonly summary: BackgroundRunSummary;
  readonly points: BackgroundRunPoints;
  readonly engine: Pick<EngineInfo, 'backend' | 'stepper' | 'device'>;
  /** The steps of `observe` that were made, ascending, and the last step; empty unless requested. */
  readonly observed: readonly BackgroundRunObservation[];
  readonly kept: readonly BackgroundRunModule[];
  /** Of full fine-tuning of a network, ascending; undefined unless requested. */
  readonly cuts?: readonly RankCut[];
  /** One for each matrix, at the last step; undefined unless requested. */
  readonly updates?: readonly UpdateSize[];
}

/** The share of right answers on the new task after each ΔW is cut to its `rank` strongest directions. */
export interface RankCut {
  readonly rank: number;
  readonly accuracy: number;
}

/** Answers a background message that was not cancelled: how it ended, or why it is impossible. */
export interface BackgroundResult {
  readonly type: 'quieted';
  readonly quiet: number;
  readonly result: BackgroundRunRecord | Pick<FailedMessage, 'kind' | 'why'>;
}
