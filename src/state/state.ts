import type { Wall } from '../class/state/wall.ts';
import type { EngineChoice } from '../engine/protocol/engine-info.ts';
import type { DigitSet } from '../experiment/network/digits.ts';
import type { ClassForm } from '../experiment/plan/class-link.ts';
import type { Status } from '../experiment/run-file/run-file.ts';
import type { RunRecord } from '../experiment/run-file/run-record.ts';
import { defaults } from '../experiment/settings/experiment.ts';
import type { EffectiveRankKind } from '../experiment/settings/metric.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { defaultView, type View } from '../experiment/settings/view.ts';
import { NO_PROGRESS, type Progress } from '../lessons/state/progress.ts';
import { type Compare, NO_PINS, type PinnedRun } from './compare/compare.ts';
import type { Notice, OwnExperiments, PageEvent } from './events.ts';
import { type Clinic, type Fights, NO_FIGHTS, newRun, type Paths, type Run, type RunEnd } from './run/run.ts';
import { EMPTY_SWEEP, type Sweep } from './sweep/sweep.ts';
import type {
  ChartsOf,
  Draft,
  Ground,
  HandCode,
  HoverPoint,
  MatrixCell,
  Merge,
  OwlRun,
  OwnHand,
  Panel,
  ReadyDrawing,
  Teaching,
  Theme,
} from './view.ts';

export type { Notice } from './events.ts';
export type { MatrixCell, Panel, ReadyDrawing, Theme } from './view.ts';

export interface Session {
  /** Its number; 0 is the page's own lab. */
  readonly session: number;
  readonly experiment: Experiment;
  /** No change of it is a step of undo. */
  readonly view: View;
  /** The decoded `data` of the experiment; all drawings so far by their `data`, for undo. */
  readonly drawing: ReadyDrawing | null;
  readonly drawings: ReadonlyMap<string, ReadyDrawing>;
  /** Null: none read or drawn yet. */
  readonly hand: OwnHand | null;
  /** Test drawings that came with somebody's adapter, by a file; null: none. */
  readonly handTest: DigitSet | null;
  /** Null: none was asked for. */
  readonly handCode: HandCode | null;
  readonly past: readonly UndoStep[];
  readonly future: readonly UndoStep[];
  /** The drag in progress: its changes are one step of undo. */
  readonly group: Drag | null;
  readonly run: Run;
  readonly next: PendingRun | null;
  /** The run that a restart has replaced, drawn pale until the next restart. */
  readonly ghost: RunRecord | null;
  readonly ended: readonly RunEnd[];
  readonly compare: Compare;
  /** The step looked back at; null: the newest. */
  readonly look: number | null;
  readonly hover: HoverPoint | null;
  readonly cell: MatrixCell | null;
  readonly notices: readonly Notice[];
  readonly panel: Panel | null;
  /** What Present shows, and where its exit leads. */
  readonly presents: 'lab' | 'compare' | 'which' | 'clinic';
  /** The ground of the editor that replaces the matrices and charts; null: closed. */
  readonly editor: Ground | null;
  readonly drafts: { readonly [on in Ground]?: Draft };
  readonly merge: Merge | null;
  readonly definition: EffectiveRankKind;
  /** In Present: the lab when the axes of the charts were frozen; null if they follow the run. */
  readonly frozen: State | null;
  /** The two charts of Present, by place 0 … 3; the one tab of a phone. */
  readonly presented: readonly [number, number];
  readonly tab: number;
  /** Runs beside those of a network, by the task that all share. */
  readonly paths: ReadonlyMap<string, Paths>;
  /** Runs of the fair fights below the map of adapters. */
  readonly fights: Fights;
  /** Runs of the complaints of the clinic. */
  readonly clinic: Clinic;
  /** What the charts of a network show: its task, or the chosen matrix. */
  readonly chartsOf: ChartsOf;
  /** True if a target with samples shows its gradient norms instead of its losses. */
  readonly gradients: boolean;
  readonly preset: string | null;
  /** Number of steps of the first visit's path that were done. */
  readonly tour: number;
  /** Whether the lab was last on screen as the owl alone: its place leads back to that. */
  readonly alone: boolean;
  readonly classForm: ClassForm | null;
  /** The last opened link or file, for Reset; null before the first. */
  readonly origin: Origin | null;
  /** The lab before the open lesson; null: no lesson, or one opened by a link. */
  readonly left: LabBeforeLesson | null;
  /** True while a lesson does not need the lab of its link: nothing is computed before that. */
  readonly reads: boolean;
  readonly sweep: Sweep;
  readonly wall: Wall | null;
  readonly teaching: Teaching;
  /** Of Plan a run, whose settings are not the lab's: its `cost` before and after the one on screen. */
  readonly costs: StepsOfCost;
  /** The runs of Share my owl; null: its panel is closed. */
  readonly owl: readonly OwlRun[] | null;
}

export interface StepsOfCost {
  readonly past: readonly string[];
  readonly future: readonly string[];
}

/** A dragged control and the settings before the drag: the names of pins refer to those until it ends. */
interface Drag {
  readonly name: string;
  readonly from: Experiment;
}

export type Origin = Pick<Session, 'experiment' | 'view' | 'drawing' | 'preset'>;

export interface LabBeforeLesson extends UndoStep, Pick<Session, 'past' | 'future' | 'ended'> {}

export interface UndoStep {
  readonly experiment: Experiment;
  /** The run replaced by the step; null if that had no step. */
  readonly run: RunRecord | null;
  readonly plan: Plan;
  /** The pins before it if it has changed them; otherwise null. */
  readonly pins: readonly PinnedRun[] | null;
}

/** The runs in addition to the one on screen. */
export type Plan = Pick<View, 'sweep' | 'repeat'>;

export interface SharedState {
  /** The highest run number in use: none is used twice. */
  readonly lastNumber: number;
  readonly theme: Theme;
  readonly shortcuts: boolean;
  readonly choice: EngineChoice;
  readonly hidden: boolean;
  /** Null until read from storage. */
  readonly mine: OwnExperiments | null;
  readonly progress: Progress;
}

/** A lab with the shared state of its page: the input of its components and reducers. */
export interface State extends Session, SharedState {}

export interface PendingRun {
  readonly run: Run;
  /** The status of the run on screen when this one was requested, to restore. */
  readonly before: Status;
  /** The settings to restore if it is cancelled or refused. */
  readonly fallback: Experiment;
  /** Its status once ready, if not `idle`: for a recorded or repeated run. */
  readonly after: Status | null;
  /**
   * Start once ready: requested by the user or a script, or by a link (which asks first if it takes long). `again`: a
   * finished run has a changed setting; if that takes no time it trains to its end in the background. `quick`: the same,
   * but if it turns out to take time it trains in sight.
   */
  readonly start: 'no' | 'yes' | 'link' | 'again' | 'quick';
  /** True while it trains in the background; the run on screen stays until it is ready. */
  readonly behind: boolean;
  /** True if its settings were opened: no ghost of the previous run. */
  readonly opened?: boolean;
  /** Steps to train then; null: up to the budget. */
  readonly steps: number | null;
}

export function newSession(session: number): Session {
  const experiment = defaults();
  return {
    ...{ session, experiment, view: defaultView(), drawing: null, drawings: new Map(), preset: null, origin: null },
    ...{ past: [], future: [], group: null },
    ...{ run: newRun(0, experiment), next: null, ghost: null, ended: [], merge: null },
    ...{ compare: NO_PINS, sweep: EMPTY_SWEEP, wall: null, classForm: null },
    ...{ look: null, hover: null, cell: null, definition: 'entropy', frozen: null },
    ...{
      presents: 'lab',
      presented: [2, 1],
      tab: 2,
      chartsOf: 'task',
      paths: new Map(),
      fights: NO_FIGHTS,
      clinic: { waiting: [], ends: new Map(), cured: '' },
      gradients: false,
    },
    ...{ notices: [], panel: null, editor: null, drafts: {} },
    ...{
      tour: 0,
      alone: false,
      left: null,
      reads: false,
      teaching: { plan: 'owl', line: null },
      costs: { past: [], future: [] },
    },
    owl: null,
    hand: null,
    handCode: null,
    handTest: null,
  };
}

export function newSharedState(choice: EngineChoice): SharedState {
  return { lastNumber: 0, theme: 'system', shortcuts: true, choice, hidden: false, mine: null, progress: NO_PROGRESS };
}

export function initialState(choice: EngineChoice): State {
  return { ...newSharedState(choice), ...newSession(0) };
}

export interface Store<S = State, E = PageEvent> {
  readonly state: () => S;
  readonly dispatch: (event: E) => void;
  /** Called after every event with the state before and after. */
  readonly react: (listener: (now: S, before: S, event: E) => void) => () => void;
  /** For drawing: at once after a user action; at most once per turn of `later` after the engine or a script. */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A store. `later` defers a redraw, e.g. to the next animation frame. An event dispatched by a listener waits until all
 * listeners have handled the previous one, so that each sees every pair of states in order.
 */
export function createStore<S, E extends { readonly type: string; readonly scripted?: boolean }>(
  initial: S,
  update: (state: S, event: E) => S,
  later: (redraw: () => void) => void,
): Store<S, E> {
  let state = initial;
  let waiting = false;
  let telling = false;
  const queue: E[] = [];
  const reactors = new Set<(now: S, before: S, event: E) => void>();
  const drawers = new Set<() => void>();
  const redraw = () => {
    waiting = false;
    for (const draw of drawers) draw();
  };
  const happen = (event: E) => {
    const before = state;
    state = update(state, event);
    for (const listener of reactors) listener(state, before, event);
    if (state === before) return;
    if (event.type !== 'engine' && !event.scripted) redraw();
    else if (!waiting) {
      waiting = true;
      later(redraw);
    }
  };
  const dispatch = (event: E) => {
    queue.push(event);
    if (telling) return;
    telling = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) happen(next);
    } finally {
      telling = false;
    }
  };
  const listen =
    <T>(set: Set<T>) =>
    (listener: T) => {
      set.add(listener);
      return () => void set.delete(listener);
    };
  return { state: () => state, dispatch, react: listen(reactors), subscribe: listen(drawers) };
}
