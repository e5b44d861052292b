import type { ModuleSeries } from '../experiment/metric.ts';
import type { RunMessage } from './down.ts';
import type { FrameMessage } from './frame.ts';
import type { DoneMessage, FailedMessage } from './up.ts';

// Runs that no lab shows: they are asked for as a whole, and their record comes in one piece.

/** Train this experiment to the end of its budget. One after another where there are several. */
export interface QuietMessage extends Pick<RunMessage, 'experiment' | 'choice' | 'drawing' | 'page'> {
  readonly type: 'quiet';
  /** Unique among the quiet runs of this worker. */
  readonly quiet: number;
}

/** It is no longer wanted, begun or not: nothing more is heard of it. */
interface CancelMessage {
  readonly type: 'cancel';
  readonly quiet: number;
}

export type QuietDown = QuietMessage | CancelMessage;

/** One number a step from step 0 on, as in frames. */
export interface QuietPoints extends Pick<FrameMessage, 'series'> {
  readonly modules: readonly { readonly [name in ModuleSeries]: Float64Array }[];
}

/** How it ended. */
export interface QuietSummary {
  readonly status: Exclude<DoneMessage['ending'], 'paused'>;
  /** Updates made; for `diverged`, up to its last good step. */
  readonly steps: number;
  /** The learning rate: the experiment's own, or the derived one. */
  readonly rate: number;
  /** At its last step, as are all that follow. */
  readonly loss: number;
  /** Null where a ΔW* is not known. */
  readonly relativeError: number | null;
  /** Over all training samples, and over those held out; null where there are none. */
  readonly losses: FrameMessage['losses'];
  readonly modules: readonly {
    readonly name: string;
    /** The smallest relative matrix error within reach at its rank; null where it is not known. */
    readonly floor: number | null;
    /** Of s·B·A. */
    readonly effectiveRank: number;
  }[];
}

/** Answers a quiet message that was not cancelled: how it ended, or why it is not possible. */
export interface QuietedMessage {
  readonly type: 'quieted';
  readonly quiet: number;
  readonly result:
    | { readonly summary: QuietSummary; readonly points: QuietPoints }
    | Pick<FailedMessage, 'kind' | 'why'>;
}
