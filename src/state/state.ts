import { defaults } from '../experiment/experiment.ts';
import type { EffectiveRankKind } from '../experiment/metric.ts';
import type { Experiment } from '../experiment/params.ts';
import type { Status } from '../experiment/status.ts';
import type { Change } from '../experiment/tuned.ts';
import type { EngineChoice, EngineInfo } from '../protocol/engine-info.ts';
import type { ReadyMessage } from '../protocol/ready.ts';
import type { Computed } from './computed.ts';
import type { Notice } from './events.ts';
import type { KeptExtremes } from './extremes.ts';
import type { KeptFrame } from './frames.ts';
import { type KeptLosses, NO_LOSSES } from './losses.ts';
import type { Merge } from './to-merge.ts';
import { emptyTrace, type Trace } from './trace.ts';
import type { Cell, Hover, Panel, ReadyDrawing, Sample, Theme } from './view.ts';

export type { Notice } from './events.ts';
export type { Cell, Hover, Panel, ReadyDrawing, Sample, Theme } from './view.ts';

/** Train until `until` at `pace` steps a second; `order` grows with every wish, so that an old answer is told from a new one. */
export interface Wanted {
  readonly pace: number;
  readonly until: number;
  readonly order: number;
}

/** One run as the page knows it, and what the page wants of the worker. */
export interface Run {
  /** Grows with every set of matrices that is asked for; frames of an old number are dropped. */
  readonly number: number;
  /** The experiment at step 0; later changes are in `changes`. */
  readonly experiment: Experiment;
  /** The learning rate at step 0, once it is known. */
  readonly rate: number | null;
  readonly status: Status;
  /** The matrices, once they exist. */
  readonly ready: ReadyMessage | null;
  readonly trace: Trace;
  readonly frames: readonly KeptFrame[];
  /** Of a regression target, at some steps; else empty. */
  readonly losses: KeptLosses;
  /** Of a layer that is drawn in blocks, at some steps. */
  readonly extremes: readonly KeptExtremes[];
  readonly changes: readonly Change[];
  readonly engine: EngineInfo | null;
  readonly computed: readonly Computed[];
  readonly secondsPerStep: number;
  /** How far the preparation is. */
  readonly progress: { readonly stage: string; readonly fraction: number } | null;
  /** The step at which the worker stands; less than the trace's last after a reload or a lost device. */
  readonly workerStep: number;
  /** Repeat a run that is known up to this step before going on. */
  readonly replay: { readonly to: number; readonly changes: readonly Change[] } | null;
  /** What the worker was last told: train up to `until` at `pace` steps a second; pace 0 is a pause. */
  readonly wanted: Wanted;
  /** True while a script drives the run: full speed, not paused by a hidden tab. */
  readonly scripted: boolean;
  /** True for a run that came from a file or from before a reload. */
  readonly recorded: boolean;
  /** The last step of which that file had something to tell; −1 where there was none. */
  readonly held: number;
  /** Spectra of a recorded run between the frames that have factors. */
  readonly samples: readonly Sample[];
  /** True where the run was paused because the page was hidden. */
  readonly pausedByHiding: boolean;
}

/** Everything that the page shows, as plain data. */
export interface State {
  readonly experiment: Experiment;
  /** The decoded `data` of the experiment; every drawing seen so far by its `data`, for undo. */
  readonly drawing: ReadyDrawing | null;
  readonly drawings: ReadonlyMap<string, ReadyDrawing>;
  /** The highest run number given out: none is used twice. */
  readonly lastNumber: number;
  readonly past: readonly Experiment[];
  readonly future: readonly Experiment[];
  /** The drag that is going on: its changes are one step of undo. */
  readonly group: string | null;
  /** The run on screen. While a new one is prepared it stays, with status `preparing`. */
  readonly run: Run;
  /** The run that has been asked for and is not ready. */
  readonly next: Next | null;
  /** The run that a restart has replaced, pale until the next step. */
  readonly ghost: (Pick<Run, 'trace' | 'frames' | 'losses'> & { readonly rank: number }) | null;
  /** The step that is looked back at; null: the newest. */
  readonly look: number | null;
  readonly hover: Hover | null;
  readonly cell: Cell | null;
  readonly notices: readonly Notice[];
  readonly panel: Panel | null;
  /** The last merge that was asked for, of whatever run. */
  readonly merge: Merge | null;
  readonly definition: EffectiveRankKind;
  readonly theme: Theme;
  /** The two charts of the present view, by place 0 … 3; the one tab of a phone. */
  readonly presented: readonly [number, number];
  readonly tab: number;
  /** True where a target with samples shows its gradient norms in the place of its losses. */
  readonly gradients: boolean;
  readonly shortcuts: boolean;
  readonly choice: EngineChoice;
  readonly hidden: boolean;
  /** The name of the preset on screen; null once a setting differs from it. */
  readonly preset: string | null;
}

/** A run in preparation. */
export interface Next {
  readonly run: Run;
  /** How the run on screen stood when this one was asked for, to go back to. */
  readonly before: Status;
  /** The settings to go back to where it is cancelled or refused. */
  readonly fallback: Experiment;
  /** How it stands once it is ready, where that is not `idle`: a recorded run, or one that is repeated. */
  readonly after: Status | null;
  /** Start once it is ready: asked for by a person or script, or by a link (which asks first where it takes long). */
  readonly start: 'no' | 'yes' | 'link';
  /** How many steps to train then; null: up to the budget. */
  readonly steps: number | null;
}

/** A run that has been asked for and of which nothing is known yet. */
export function newRun(number: number, experiment: Experiment): Run {
  return {
    number,
    experiment,
    rate: experiment.lr,
    status: 'preparing',
    ready: null,
    trace: emptyTrace(),
    frames: [],
    losses: NO_LOSSES,
    extremes: [],
    changes: [],
    engine: null,
    computed: [],
    secondsPerStep: 0,
    progress: null,
    workerStep: 0,
    replay: null,
    wanted: { pace: 0, until: 0, order: 0 },
    scripted: false,
    recorded: false,
    held: -1,
    samples: [],
    pausedByHiding: false,
  };
}

export function initialState(choice: EngineChoice): State {
  const experiment = defaults();
  return {
    experiment,
    drawing: null,
    drawings: new Map(),
    lastNumber: 0,
    past: [],
    future: [],
    group: null,
    run: newRun(0, experiment),
    next: null,
    ghost: null,
    look: null,
    hover: null,
    cell: null,
    notices: [],
    panel: null,
    merge: null,
    definition: 'entropy',
    theme: 'system',
    presented: [2, 1],
    tab: 2,
    gradients: false,
    shortcuts: true,
    choice,
    hidden: false,
    preset: null,
  };
}

/** The last measured step; −1 before the first. */
export function lastStep(run: Run): number {
  return run.trace.length - 1;
}
