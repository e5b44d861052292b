import type { Wall } from '../class/state/wall.ts';
import type { EngineChoice } from '../engine/protocol/engine-info.ts';
import type { ClassForm } from '../experiment/plan/class-link.ts';
import type { Status } from '../experiment/run-file/run-file.ts';
import type { RunRecord } from '../experiment/run-file/run-record.ts';
import { defaults, defaultView } from '../experiment/settings/experiment.ts';
import type { EffectiveRankKind } from '../experiment/settings/metric.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import { NO_PROGRESS, type Progress } from '../lessons/state/progress.ts';
import { type Compare, NO_PINS, type PinnedRun } from './compare/compare.ts';
import type { Notice, OwnExperiments } from './events.ts';
import { newRun, type Run, type RunEnd } from './run/run.ts';
import { EMPTY_SWEEP, type Sweep } from './sweep/sweep.ts';
import type { Draft, Ground, HoverPoint, MatrixCell, Merge, Panel, ReadyDrawing, Screen, Theme, Tour } from './view.ts';

export type { Notice } from './events.ts';
export type { MatrixCell, Panel, ReadyDrawing, Theme } from './view.ts';

/** One lab: an experiment, its run, and how it is looked at. */
export interface Session {
  /** Its number; 0 is the page's own lab. */
  readonly session: number;
  readonly experiment: Experiment;
  /** How it is looked at; no change of it is a step of undo. */
  readonly view: View;
  /** The decoded `data` of the experiment; every drawing seen so far by its `data`, for undo. */
  readonly drawing: ReadyDrawing | null;
  readonly drawings: ReadonlyMap<string, ReadyDrawing>;
  readonly past: readonly UndoStep[];
  readonly future: readonly UndoStep[];
  /** The drag that is going on: its changes are one step of undo. */
  readonly group: Drag | null;
  /** The run on screen. While a new one is prepared it stays, with status `preparing`. */
  readonly run: Run;
  /** The run that has been asked for and is not ready. */
  readonly next: PendingRun | null;
  /** The run that a restart has replaced, pale beside the one on screen until another one takes its place. */
  readonly ghost: RunRecord | null;
  /** Every run of this lab that has finished, the newest last. */
  readonly ended: readonly RunEnd[];
  /** Runs that are kept beside it, and how they are looked at. */
  readonly compare: Compare;
  /** The step that is looked back at; null: the newest. */
  readonly look: number | null;
  readonly hover: HoverPoint | null;
  readonly cell: MatrixCell | null;
  readonly notices: readonly Notice[];
  readonly panel: Panel | null;
  readonly screen: Screen;
  /** What is being drawn on in the place of the matrices and charts; null: nothing. */
  readonly editor: Ground | null;
  /** Drawings that are not in use yet. */
  readonly drafts: { readonly [on in Ground]?: Draft };
  /** The last merge that was asked for, of whatever run. */
  readonly merge: Merge | null;
  readonly definition: EffectiveRankKind;
  /** In Present: the lab as it stood when the axes of the charts were frozen; null where they follow the run. */
  readonly frozen: State | null;
  /** The two charts of the present view, by place 0 … 3; the one tab of a phone. */
  readonly presented: readonly [number, number];
  readonly tab: number;
  /** True where a target with samples shows its gradient norms in the place of its losses. */
  readonly gradients: boolean;
  /** The name of the preset whose settings are on screen; null where there is none. */
  readonly preset: string | null;
  /** The first visit that plays; null: none does. */
  readonly show: Tour | null;
  /** The class link that is being made; null before anything of it was set. */
  readonly classForm: ClassForm | null;
  /** What was opened last, to go back to; null before anything was. */
  readonly origin: Origin | null;
  /** What a person has left for the lesson that is open; null: none is, or a link opened it. */
  readonly left: LabBeforeLesson | null;
  /** True while a lesson needs none of the lab that a link has opened: nothing is computed before that. */
  readonly reads: boolean;
  /** Runs of many settings or seeds; the plan of them stands in the view. */
  readonly sweep: Sweep;
  /** The runs of a class; null before any was opened. */
  readonly wall: Wall | null;
}

/** A control that is being dragged, and the settings before: the names of pins stay about those meanwhile. */
interface Drag {
  readonly name: string;
  readonly from: Experiment;
}

/** A link or a file as it was opened. */
export type Origin = Pick<Session, 'experiment' | 'view' | 'drawing' | 'preset'>;

/** The lab as it stood when a lesson was opened. */
export interface LabBeforeLesson extends UndoStep, Pick<Session, 'past' | 'future' | 'ended' | 'show'> {}

/** A step of undo. */
export interface UndoStep {
  readonly experiment: Experiment;
  /** The run that the step has replaced; null if it replaced none that had moved. */
  readonly run: RunRecord | null;
  /** What was to be swept. */
  readonly plan: Plan;
  /** The pins before it, where it has changed them; else null. */
  readonly pins: readonly PinnedRun[] | null;
}

/** What is to be run beside the one run. */
export type Plan = Pick<View, 'sweep' | 'repeat'>;

/** What all labs of a page share. */
export interface SharedState {
  /** The highest run number given out: none is used twice. */
  readonly lastNumber: number;
  readonly theme: Theme;
  readonly shortcuts: boolean;
  readonly choice: EngineChoice;
  readonly hidden: boolean;
  /** Null until they are read. */
  readonly mine: OwnExperiments | null;
  /** What a reader has done in the lessons. */
  readonly progress: Progress;
}

/** A lab with what it shares with the others on its page: what its components show, and its events change. */
export interface State extends Session, SharedState {}

/** A run in preparation. */
export interface PendingRun {
  readonly run: Run;
  /** How the run on screen stood when this one was asked for, to go back to. */
  readonly before: Status;
  /** The settings to go back to where it is cancelled or refused. */
  readonly fallback: Experiment;
  /** How it stands once it is ready, where that is not `idle`: a recorded run, or one that is repeated. */
  readonly after: Status | null;
  /**
   * Start once it is ready: asked for by a person or script, or by a link (which asks first where it takes long). `again`:
   * a finished run has got another setting; where that is over at once it trains to its end behind the run on screen.
   */
  readonly start: 'no' | 'yes' | 'link' | 'again';
  /** True while it trains behind the run on screen, whose picture stays until the new one is there. */
  readonly behind: boolean;
  /** True where its settings were opened: no run of before stands beside it. */
  readonly opened?: boolean;
  /** How many steps to train then; null: up to the budget. */
  readonly steps: number | null;
}

export function newSession(session: number): Session {
  const experiment = defaults();
  return {
    session,
    experiment,
    view: defaultView(),
    drawing: null,
    drawings: new Map(),
    past: [],
    future: [],
    group: null,
    run: newRun(0, experiment),
    next: null,
    ghost: null,
    ended: [],
    compare: NO_PINS,
    look: null,
    hover: null,
    cell: null,
    notices: [],
    panel: null,
    screen: 'lab',
    editor: null,
    drafts: {},
    merge: null,
    definition: 'entropy',
    frozen: null,
    presented: [2, 1],
    tab: 2,
    gradients: false,
    preset: null,
    show: null,
    classForm: null,
    origin: null,
    left: null,
    reads: false,
    sweep: EMPTY_SWEEP,
    wall: null,
  };
}

export function newSharedState(choice: EngineChoice): SharedState {
  return { lastNumber: 0, theme: 'system', shortcuts: true, choice, hidden: false, mine: null, progress: NO_PROGRESS };
}

/** A page with one lab, before anything has happened. */
export function initialState(choice: EngineChoice): State {
  return { ...newSharedState(choice), ...newSession(0) };
}
