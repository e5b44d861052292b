import type { InitName } from '../../experiment/inits/index.ts';
import type { RunFigures, RunRecord } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

export interface PinnedRun {
  readonly id: number;
  /** The name that the user gave it; null: it is named by its differences from the run on screen. */
  readonly own: string | null;
  readonly experiment: Experiment;
  /** Null: not trained here yet. */
  readonly run: RunRecord | null;
  /** True while the user is asked whether to train it, false after the answer; undefined if no question is needed. */
  readonly waits?: boolean;
}

export type PointedRun = 'live' | number;

export interface InitComparison {
  readonly of: Experiment;
  /** `offered`: takes long, so the user decides. */
  readonly doing: 'offered' | 'training' | 'done';
  /** Estimated training time; after training, the measured one. */
  readonly seconds: number;
  readonly found: ReadonlyMap<InitName, InitResult>;
}

/** The trained run, or why the initialisation cannot be trained. */
export type InitResult = RunRecord | { readonly why: string };

export interface ListedRun extends Pick<RunFigures, 'status' | 'steps' | 'error' | 'floor' | 'accuracy'> {
  readonly place: number;
  /** The number of its first run. */
  readonly origin: number;
  readonly experiment: Experiment;
  /** The settings of the previous run; null for the first. */
  readonly before: Experiment | null;
  /** Null: dropped to save memory; trained again on demand. */
  readonly run: RunRecord | null;
  readonly curve: readonly number[];
  /** True while a control is dragged: the run stays listed only if the drag ends on it. */
  readonly passing: boolean;
}

export interface Compare {
  readonly pins: readonly PinnedRun[];
  readonly lastId: number;
  /** Names by the settings of their runs, newest last: a run that is on screen for a while gets its name back. */
  readonly given: readonly Pick<PinnedRun, 'own' | 'experiment'>[];
  readonly pointed: PointedRun | null;
  /** The runs of this session that have at least one step, newest last. */
  readonly listed: readonly ListedRun[];
  /** Null: not requested yet. */
  readonly starts: InitComparison | null;
  /** One pin too many: the user chooses which one it replaces. */
  readonly asks: PinnedRun | null;
  readonly shown: 'dW' | 'E';
  /** The gradients drawn: one factor's of all runs, or both of the run on screen. */
  readonly gradients: 'A' | 'B' | 'both';
}

export const NO_PINS: Compare = {
  ...{ pins: [], lastId: 0, given: [], pointed: null, asks: null },
  ...{ listed: [], starts: null, shown: 'dW', gradients: 'A' },
};

export type PinRequest = Pick<PinnedRun, 'own' | 'experiment'> & Partial<Pick<PinnedRun, 'run'>>;

export type CompareEvent = {
  readonly type: 'compare';
} & ( // pins the run on screen, or removes its pin
  | { readonly does: 'pin' }
  | { readonly does: 'unpin'; readonly pin: number }
  | { readonly does: 'replace'; readonly pin: number | null }
  | { readonly does: 'make-live'; readonly pin: number }
  | { readonly does: 'name'; readonly pin: number; readonly name: string }
  | { readonly does: 'restore' | 'pin-listed'; readonly place: number }
  | { readonly does: 'train-starts' }
  | { readonly does: 'starts'; readonly starts: InitComparison }
  | { readonly does: 'point'; readonly at: PointedRun | null }
  | { readonly does: 'show'; readonly shown: Compare['shown'] }
  | { readonly does: 'gradients'; readonly of: Compare['gradients'] }
  // pins of a link or a list, to be trained; `open`: they replace all others
  | { readonly does: 'open' | 'add'; readonly pins: readonly PinRequest[] }
  | { readonly does: 'wait'; readonly pins: readonly number[]; readonly waits: boolean }
  | { readonly does: 'trained'; readonly pin: number; readonly run: RunRecord }
  | { readonly does: 'failed'; readonly pin: number; readonly why: string }
);
