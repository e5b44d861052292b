import type { Remedy } from '../../experiment/targets/target.ts';
import type { EngineInfo } from './engine-info.ts';
import type { ExtremesMessage, FrameMessage, SpectraMessage } from './frame.ts';
import type { MergedMessage } from './merged.ts';
import type { ReadyMessage } from './ready-message.ts';

// What the worker tells the page. The large ones have files of their own.

/** Sent at least every two seconds while the worker's loop is free, so that a dead worker is noticed. */
export interface BeatMessage {
  readonly type: 'beat';
}

/** How far a preparation is; comes from inside it, so a page can show it and cancel by starting a fresh worker. */
export interface ProgressMessage {
  readonly type: 'progress';
  readonly run: number;
  readonly stage: string;
  readonly fraction: number;
}

/** From step `from` on the steps are computed elsewhere; or more is known of what was timed. */
export interface EngineMessage {
  readonly type: 'engine';
  readonly run: number;
  readonly engine: EngineInfo;
  readonly from: number;
  readonly secondsPerStep: number;
}

export type Ending = 'finished' | 'converged' | 'diverged' | 'paused';

/** The worker has stopped stepping; the frame of `step` was sent before. */
export interface DoneMessage {
  readonly type: 'done';
  readonly run: number;
  /** Of the pace message that this answers. */
  readonly order: number;
  readonly ending: Ending;
  /** The step on which the factors stand; for `diverged`, the last good one. */
  readonly step: number;
  /** For `diverged`: that of the step after it, too large or not finite. */
  readonly loss?: number;
}

/** `refused`: this experiment is not possible; `device-lost`: the run is kept, a fresh worker can continue; `broken`: a bug. */
export interface FailedMessage {
  readonly type: 'failed';
  readonly run: number;
  readonly kind: 'refused' | 'device-lost' | 'broken';
  readonly why: string;
  /** One change with which it could be had. */
  readonly way?: Remedy;
}

export type Up =
  | BeatMessage
  | ProgressMessage
  | ReadyMessage
  | FrameMessage
  | EngineMessage
  | ExtremesMessage
  | SpectraMessage
  | MergedMessage
  | DoneMessage
  | FailedMessage;
