import type { InitName } from '../../experiment/inits/index.ts';
import type { RunFigures, RunRecord } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

/** A run that is kept beside the one on screen, as finished data. */
export interface PinnedRun {
  /** Its number among the pins of this lab; none is used twice. */
  readonly id: number;
  /** The name that a person gave it; null: it is named by what differs from the run on screen. */
  readonly own: string | null;
  /** As set at its end; the rate is null where it is automatic. */
  readonly experiment: Experiment;
  /** Null: it has not been trained here yet. */
  readonly run: RunRecord | null;
  /** True while a person is asked whether to train it; false once that was answered; left out where nobody has to be asked. */
  readonly waits?: boolean;
}

/** Which run is raised over the others: the one on screen, or a pin. */
export type PointedRun = 'live' | number;

/** Every initialisation trained with the same settings, each at its automatic rate. */
export interface InitComparison {
  /** The settings; their own initialisation does not count. */
  readonly of: Experiment;
  /** `offered`: it takes a while, a person decides. */
  readonly doing: 'offered' | 'training' | 'done';
  /** How long it will take, about; once it is done, how long it took. */
  readonly seconds: number;
  readonly found: ReadonlyMap<InitName, InitResult>;
}

/** What came of an initialisation, or why it cannot be trained. */
export type InitResult = RunRecord | { readonly why: string };

/** A run of this session, as its history lists it. */
export interface ListedRun extends Pick<RunFigures, 'status' | 'steps' | 'error' | 'floor'> {
  /** Its number in the list, from 1 on. */
  readonly place: number;
  /** The number under which it first ran. */
  readonly origin: number;
  /** As set at its end; the rate is null where it is automatic. */
  readonly experiment: Experiment;
  /** The settings of the run before it; null: it is the first. */
  readonly before: Experiment | null;
  /** Null: too much is kept, it is trained again if it is wanted. */
  readonly run: RunRecord | null;
  /** The relative error over its steps, at some of them. */
  readonly curve: readonly number[];
  /** True while a control is dragged over it: it stays in the list only where the drag ends. */
  readonly passing: boolean;
}

/** Runs side by side. */
export interface Compare {
  readonly pins: readonly PinnedRun[];
  readonly lastId: number;
  /** Names that persons gave, by the settings of their runs, the newest last: a run that is on screen for a while gets its own back. */
  readonly given: readonly Pick<PinnedRun, 'own' | 'experiment'>[];
  readonly pointed: PointedRun | null;
  /** The runs of this session that have moved, the newest last. */
  readonly listed: readonly ListedRun[];
  /** True while their list stands in the place of the rail. */
  readonly list: boolean;
  /** What each initialisation comes to with the settings on screen; null: nobody has asked. */
  readonly starts: InitComparison | null;
  /** One pin too many: which one is it to take the place of? */
  readonly asks: PinnedRun | null;
  /** What the pictures of the runs show. */
  readonly shown: 'dW' | 'E';
  /** Whose gradients are drawn: one factor's of all runs, or both of the run on screen. */
  readonly gradients: 'A' | 'B' | 'both';
}

export const NO_PINS: Compare = {
  pins: [],
  lastId: 0,
  given: [],
  pointed: null,
  listed: [],
  list: false,
  starts: null,
  asks: null,
  shown: 'dW',
  gradients: 'A',
};

/** A pin that is asked for by its settings; `run` if it has been trained. */
export type PinRequest = Pick<PinnedRun, 'own' | 'experiment'> & Partial<Pick<PinnedRun, 'run'>>;

export type CompareEvent = {
  readonly type: 'compare';
} & ( // pins the run on screen, or takes its pin away where it has one
  | { readonly does: 'pin' }
  | { readonly does: 'unpin'; readonly pin: number }
  // answers which pin the fifth one takes the place of; null: none
  | { readonly does: 'replace'; readonly pin: number | null }
  | { readonly does: 'make-live'; readonly pin: number }
  | { readonly does: 'name'; readonly pin: number; readonly name: string }
  // the history of this session: shown or not; a run of it comes back, or is pinned
  | { readonly does: 'list'; readonly open: boolean }
  | { readonly does: 'restore' | 'pin-listed'; readonly place: number }
  // all initialisations: train them, and what they have come to
  | { readonly does: 'train-starts' }
  | { readonly does: 'starts'; readonly starts: InitComparison }
  | { readonly does: 'point'; readonly at: PointedRun | null }
  | { readonly does: 'show'; readonly shown: Compare['shown'] }
  | { readonly does: 'gradients'; readonly of: Compare['gradients'] }
  // pins that a link or a list asks for, to be trained; `open`: in the place of all others
  | { readonly does: 'open' | 'add'; readonly pins: readonly PinRequest[] }
  // pins that would take long wait for a person, or need not any more
  | { readonly does: 'wait'; readonly pins: readonly number[]; readonly waits: boolean }
  // what training in the background has come to
  | { readonly does: 'trained'; readonly pin: number; readonly run: RunRecord }
  | { readonly does: 'failed'; readonly pin: number; readonly why: string }
);
