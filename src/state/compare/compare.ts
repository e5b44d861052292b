import type { InitName } from '../../experiment/inits/index.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Run } from '../run/run.ts';

/** A run that is kept beside the one on screen, as finished data. */
export interface Pinned {
  /** Its number among the pins of this lab; none is used twice. */
  readonly id: number;
  /** The name that a person gave it; null: it is named by what differs from the run on screen. */
  readonly own: string | null;
  /** As set at its end; the rate is null where it is automatic. */
  readonly experiment: Experiment;
  /** Without its matrices; null: it has not been trained here yet. */
  readonly run: Run | null;
  /** The least relative error within its reach, and by how much that may lie too high. */
  readonly floor: number | null;
  readonly open: number;
  /** Singular values of its ΔW at some steps, where a start has moved a part of W₀ into the adapter; null: not known, or those of s·B·A. */
  readonly update: Sampled | null;
  /** True where it was trained in the background: nothing is known of its factors on the way. */
  readonly quiet: boolean;
  /** True while a person is asked whether to train it; false once that was answered; left out where nobody has to be asked. */
  readonly waits?: boolean;
}

/** Singular values at some steps, ascending. */
export interface Sampled {
  readonly steps: readonly number[];
  readonly spectra: readonly Float64Array[];
}

/** Which run is raised over the others: the one on screen, or a pin. */
export type Pointed = 'live' | number;

/** Every initialisation trained with the same settings, each at its automatic rate. */
export interface Starts {
  /** The settings; their own initialisation does not count. */
  readonly of: Experiment;
  /** `offered`: it takes a while, a person decides. */
  readonly doing: 'offered' | 'training' | 'done';
  /** How long it will take, about; once it is done, how long it took. */
  readonly seconds: number;
  readonly found: ReadonlyMap<InitName, StartFound>;
}

/** What came of an initialisation, or why it cannot be trained. */
export type StartFound = Pick<Pinned, 'run' | 'floor' | 'update'> | { readonly why: string };

/** A run of this session, as its history lists it. */
export interface ListedRun {
  /** Its number in the list, from 1 on. */
  readonly place: number;
  /** The number under which it first ran. */
  readonly origin: number;
  /** As set at its end; the rate is null where it is automatic. */
  readonly experiment: Experiment;
  /** The settings of the run before it; null: it is the first. */
  readonly before: Experiment | null;
  /** Without its matrices; null: too much is kept, it is trained again where it is wanted. */
  readonly run: Run | null;
  readonly status: Run['status'];
  /** Updates made. */
  readonly steps: number;
  /** Relative error at its end. */
  readonly error: number | null;
  readonly floor: number | null;
  readonly open: number;
  /** The relative error over its steps, at some of them. */
  readonly curve: readonly number[];
  /** True while a control is dragged over it: it stays in the list only where the drag ends. */
  readonly passing: boolean;
}

/** Runs side by side. */
export interface Compare {
  readonly pins: readonly Pinned[];
  readonly lastId: number;
  /** Names that persons gave, by the settings of their runs, the newest last: a run that is on screen for a while gets its own back. */
  readonly given: readonly Pick<Pinned, 'own' | 'experiment'>[];
  /** The settings on screen when nothing was being dragged: what the names of pins are about. */
  readonly base: Experiment | null;
  readonly pointed: Pointed | null;
  /** The runs of this session that have moved, the newest last. */
  readonly listed: readonly ListedRun[];
  /** True while their list stands in the place of the rail. */
  readonly list: boolean;
  /** What each initialisation comes to with the settings on screen; null: nobody has asked. */
  readonly starts: Starts | null;
  /** One pin too many: which one is it to take the place of? */
  readonly asks: Pinned | null;
  /** What the pictures of the runs show. */
  readonly shown: 'dW' | 'E';
  /** Whose gradients are drawn: one factor's of all runs, or both of the run on screen. */
  readonly gradients: 'A' | 'B' | 'both';
}

export const NO_PINS: Compare = {
  pins: [],
  lastId: 0,
  given: [],
  base: null,
  pointed: null,
  listed: [],
  list: false,
  starts: null,
  asks: null,
  shown: 'dW',
  gradients: 'A',
};

/** A pin that is asked for by its settings; `run` and what is known of it where it has been trained. */
export type PinRequest = Pick<Pinned, 'own' | 'experiment'> & Partial<Pick<Pinned, 'run' | 'floor' | 'update'>>;

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
  | { readonly does: 'starts'; readonly starts: Starts }
  | { readonly does: 'point'; readonly at: Pointed | null }
  | { readonly does: 'show'; readonly shown: Compare['shown'] }
  | { readonly does: 'gradients'; readonly of: Compare['gradients'] }
  // pins that a link or a list asks for, to be trained; `open`: in the place of all others
  | { readonly does: 'open' | 'add'; readonly pins: readonly PinRequest[] }
  // pins that would take long wait for a person, or need not any more
  | { readonly does: 'wait'; readonly pins: readonly number[]; readonly waits: boolean }
  // what training in the background has come to
  | {
      readonly does: 'trained';
      readonly pin: number;
      readonly found: Partial<Pick<Pinned, 'run' | 'floor' | 'update'>>;
    }
  | { readonly does: 'failed'; readonly pin: number; readonly why: string }
);
