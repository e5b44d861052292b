import type { MergedMessage } from '../engine/protocol/worker-messages.ts';
import { presetOf } from '../experiment/presets.ts';
import { type RunRecord, settingsAt } from '../experiment/run-file/run-record.ts';
import { isExercise, isFixed, violatedKeys } from '../experiment/settings/exercise.ts';
import { param } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import { lessonInView, lessonOfLink, needed, takeToLab, withoutLeft } from '../lessons/state/lesson.ts';
import { type ProgressEvent, updateProgress } from '../lessons/state/progress.ts';
import { type Compare, NO_PINS } from './compare/compare.ts';
import { updateCompare } from './compare/pins.ts';
import { updateDraft } from './draft.ts';
import type { OpenedEvent, PageEvent } from './events.ts';
import { newNotice, withNotice, withoutCorrections, withoutNotices } from './notices.ts';
import { hasBar, isAdapters } from './places.ts';
import {
  abandonRun,
  moveToOtherBackend,
  openedStart,
  pause,
  restart,
  train,
  withDrawing,
  withHand,
  withoutAddedSteps,
  withoutUnused,
} from './run/begin.ts';
import { stepped, undoStep } from './run/compact-run.ts';
import { settled } from './run/listed-runs.ts';
import { lastStep, runOf, shownModule, updateFights, updatePaths, withFull } from './run/run.ts';
import { clampedCell, updateFromWorker } from './run/worker-updates.ts';
import { changePlan, changeSettings, changeView, frozenIn, redo, stepOfCost, undo, withCostStep } from './settings.ts';
import type { State } from './state.ts';
import { type SweepEvent, updateSweep } from './sweep/sweep.ts';
import { tourAfterHiding, tourAfterSetting, tourChanges, tourDrawingChanges, tourGoesOn } from './tour.ts';

/** Whether an exercise locks settings. A lesson has settings of its own and restores the previous ones at its end. */
const keeps = ({ view }: State): boolean => isExercise(view) && view.lesson === '';

/** Changes by a control, a key or a panel, without the settings that an exercise locks. */
function unlocked(state: State, changes: Partial<Experiment>): Partial<Experiment> {
  if (!keeps(state)) return changes;
  const entries = Object.entries(changes) as [ParamKey, unknown][];
  const free = entries.filter(([key]) => !isFixed(key, state.view));
  // If nothing is left, the whole change is refused with a reason.
  return free.length === 0 || free.length === entries.length ? changes : Object.fromEntries(free);
}

/** The state after a user action; if it would change a locked setting, it is refused with a reason. */
function withinLocks(before: State, after: State): State {
  const [key] = keeps(before) ? violatedKeys(before.experiment, after.experiment, before.view) : [];
  if (key === undefined) return after;
  const title = `${param(key).label} cannot be changed in this exercise.`;
  return withNotice(before, newNotice('share', 'brief', title));
}

/** Opens the last link again with all its settings, at step 0. Present and the nickname stay. */
export function resetEvent({ origin, view }: State): PageEvent | null {
  if (!origin) return null;
  const again = { ...origin.view, view: view.view, by: view.by };
  return { type: 'opened', ...origin, view: again, notices: [], fromAddress: true };
}

/** The lab with its own wall: what somebody opens is never mixed with an example class. */
export function withoutExample<S extends Pick<State, 'wall'>>(state: S): S {
  const example = state.wall?.example;
  return example ? { ...state, wall: example.before.wall } : state;
}

/** The panel that `dials` of a link opens. */
const DIALS = { name: 'dials' } as const;

type RecordedEvent = Extract<PageEvent, { readonly type: 'recorded' }>;

/** Opens a link or a preset. A link or a script brings its own locks; a choice by the user keeps the current ones. */
function onOpened(state: State, event: OpenedEvent): State {
  const opened = openedLink(state, event);
  const picked = !event.fromAddress && !event.scripted && event.preset !== null;
  return lessonOfLink(state, picked ? withinLocks(state, opened) : opened, event.scripted === true);
}

function openedLink(state: State, event: OpenedEvent): State {
  const { experiment, drawing, preset } = event;
  // Its link asks for it once: the next change of a setting is not trained to its end.
  const { done, ...asked } = viewOf(state, event);
  const view: View = { ...asked, done: false };
  const clean = withoutNotices(state, ['link', 'file', 'version', 'run']);
  const opened = {
    ...withDrawing(clean, experiment.data, drawing),
    handTest: event.handTest ?? null,
    ...{ view, preset, panel: view.dials === '' ? null : DIALS, frozen: frozenIn(view, state.frozen) },
    presented: presentedBy(state.presented),
    ...(view.case !== '' && view.view === 'present' && { presents: 'clinic' as const }),
    compare: openedBeside(state.compare, view),
    // Reset does not lead back to a link that a lesson's step opened.
    origin: event.view ? { experiment, view, drawing, preset } : state.origin,
    // An opened class link becomes the one being edited.
    classForm: isExercise(view) ? null : state.classForm,
  };
  // Undo does not lead out of an exercise.
  const past = isExercise(view) ? { past: [], future: [], group: null } : pastWith(state);
  const before = { ...opened, ...past };
  const fallback = state.run.ready ? state.experiment : experiment;
  const start =
    isAdapters(view) || ['sweep', 'wall', 'plan', 'which', 'clinic'].includes(view.view)
      ? 'no'
      : done
        ? 'again'
        : 'link';
  const { next, ...restarted } = restart(before, experiment, start, fallback);
  return event.notices.reduce(withNotice, { ...restarted, next: next && { ...next, opened: true } });
}

function onRecorded(state: State, event: RecordedEvent): State {
  const opened = event.notices.reduce(withNotice, openRecorded(state, event));
  return state.view.lesson === '' ? opened : withoutLeft(opened);
}

/** A link that holds experiments or a sweep shows them, whether or not it says so; only an owl is a first visit. */
function inPlace(view: View, { target }: Experiment): View {
  const holds = view.experiments !== '' || view.sweep !== '' || target !== 'edit' || isExercise(view);
  if (!['first', 'lab'].includes(view.view) || (view.view === 'first' && !holds)) return view;
  const place = view.experiments !== '' ? 'experiments' : view.sweep === '' ? 'lab' : 'sweep';
  return { ...view, view: place };
}

/** The charts of Present after opening: one of each column. */
const presentedBy = (now: State['presented']): State['presented'] => (now[1] % 2 === 0 ? [2, 1] : now);

/** The view of what is opened: in a sweep, another experiment of the menu is swept in the same way. */
function viewOf(state: State, event: OpenedEvent): View {
  const { view = state.view, preset, experiment, fromAddress, scripted } = event;
  const { sweep, repeat } = state.view;
  const swept = state.view.view === 'sweep' && preset !== null && !fromAddress && !scripted;
  if (swept) return { ...view, view: 'sweep', sweep, repeat };
  return inPlace(event.view ? view : { ...view, view: hasBar(view) ? 'lab' : view.view, sweep: '' }, experiment);
}

/** Drops the pins, unless the link has its own: then the old ones stay until the part that reads those is loaded. */
function openedBeside({ listed, starts, lastId, pins }: Compare, { compare }: View): Compare {
  return { ...NO_PINS, listed, starts, lastId, pins: compare === '' ? [] : pins };
}

function pastWith(state: State): Pick<State, 'past' | 'future' | 'group'> {
  const { past, run, compare } = state;
  return run.ready
    ? stepped(state, { ...undoStep(state, true), pins: compare.pins })
    : { past, future: [], group: null };
}

/** A run from a file has its recorded curves; the worker makes its matrices, and repeats its steps to continue it. */
function openRecorded(state: State, { run: record, drawing, fromAddress }: RecordedEvent): State {
  const { experiment } = record;
  // A file has its charts; a reload shows what was on screen.
  const view = record.view.view === 'first' && !fromAddress ? { ...record.view, view: 'lab' as const } : record.view;
  const clean = withDrawing(withoutNotices(state, ['link', 'file', 'offer']), experiment.data, drawing);
  const origin = { experiment, view, drawing, preset: null };
  const frozen = frozenIn(view, state.frozen);
  const opened = { ...clean, ...pastWith(state), view, frozen, preset: null, panel: null, origin };
  const started = restart(opened, settingsAt(record), 'no', state.experiment);
  if (!started.next) return started;
  const { number } = started.next.run;
  const run = { ...runOf(number, { ...record, origin: number, held: lastStep(record) }), recorded: true };
  return { ...started, look: null, next: { ...started.next, run, after: stillStatus(record) } };
}

/** A run saved in progress opens paused. */
function stillStatus({ status, trace }: RunRecord): RunRecord['status'] {
  if (status === 'training' || status === 'preparing' || status === 'stopped')
    return trace.length > 1 ? 'paused' : 'idle';
  return status === 'device-lost' ? 'paused' : status;
}

type Reducers = {
  readonly [K in PageEvent['type']]: (state: State, event: Extract<PageEvent, { readonly type: K }>) => State;
};

const same = (state: State): State => state;
const set =
  <E>(changes: (event: E, state: State) => Partial<State>) =>
  (state: State, event: E): State => ({ ...state, ...changes(event, state) });

/** The user or a script changes settings, except those that an exercise locks. */
const setting =
  <E>(reduce: (state: State, event: E) => State) =>
  (state: State, event: E): State =>
    tourAfterSetting(withinLocks(state, reduce(state, event)));

const studied = set((event: ProgressEvent, { progress }) => ({ progress: updateProgress(progress, event) }));

const REDUCERS: Reducers = {
  changed: setting((s, { changes, group }) => {
    const free = unlocked(s, changes);
    return changeSettings(withoutCorrections(s, free), tourChanges(s, free), group);
  }),
  drawn: setting((s, { data, drawing, changes = {} }) =>
    changeSettings(
      withDrawing(s, data, drawing),
      { target: 'picture', data, ...tourDrawingChanges(s, changes) },
      undefined,
    ),
  ),
  retry: setting((s, { changes }) => {
    const changed = changeSettings(s, changes, undefined);
    return restart(changed, changed.experiment, 'yes', s.experiment);
  }),
  undo: (s, event) => (s.view.view === 'plan' ? stepOfCost(s, 'past') : setting(undo)(s, event)),
  redo: (s, event) => (s.view.view === 'plan' ? stepOfCost(s, 'future') : setting(redo)(s, event)),
  settled,
  planned: (s, { changes }) => changePlan(s, changes),
  train: (s, event) => needed(withinLocks(s, train(s, event))),
  pause: (s) => pause(s),
  rewind: (s) => restart(s, withoutAddedSteps(s), 'no'),
  cancel: (s) => abandonRun(s),
  engine: (s, { message }) => (message.type === 'merged' ? onMerged(s, message) : updateFromWorker(s, message)),
  full: (s, { run: of, full }) => (s.run.number === of ? { ...s, run: withFull(s.run, full) } : s),
  choose: (s, { choice }) => moveToOtherBackend(withoutNotices({ ...s, choice, panel: null }, ['engine'])),
  hidden: (s, { hidden }) => {
    const now = { ...s, hidden };
    return hidden && !s.run.scripted ? pause(now, true) : tourAfterHiding(now);
  },
  merge: set(({ adapter }, { merge, run }) => ({
    merge: { ...adapter, run: run.number, order: (merge?.order ?? 0) + 1, answer: null },
  })),
  opened: (s, event) => withoutExample(onOpened(s, event)),
  recorded: (s, event) => withoutExample(onRecorded(s, event)),
  viewed: (s, { changes }) => {
    const changed = changeView(s, changes);
    const kept = withCostStep(s, changed);
    const shown = kept.view.dials !== '' && kept.view.dials !== s.view.dials ? { ...kept, panel: DIALS } : kept;
    return lessonInView(s, kept.view.view === s.view.view ? shown : { ...kept, panel: null });
  },
  taken: takeToLab,
  look: set(({ step }, { run }) => ({ look: step !== null && step >= lastStep(run) ? null : step })),
  hover: set(({ hover }) => ({ hover })),
  cell: set(({ cell }, s) => {
    const module = shownModule(s);
    return { cell: module ? clampedCell(cell, module) : cell };
  }),
  // Its knobs are in the link while it is open.
  panel: set(({ panel }, { view }) => ({ panel, ...(view.dials !== '' && { view: { ...view, dials: '' } }) })),
  define: set(({ definition }) => ({ definition })),
  present: set(({ chart, right = false }, { presented }) => ({ presented: withChart(presented, chart, right) })),
  freeze: set(({ on }, s) => ({ frozen: on && s.view.view === 'present' ? { ...s, frozen: null } : null })),
  tab: set(({ chart }) => ({ tab: chart })),
  fights: set((event, { fights }) => ({ fights: updateFights(fights, event) })),
  clinic: set(({ clinic }) => ({ clinic })),
  paths: set((event, { paths }) => ({ paths: updatePaths(paths, event) })),
  charts: set(({ of }) => ({ chartsOf: of })),
  gradients: set(({ shown }) => ({ gradients: shown })),
  notice: (s, { notice }) => withNotice(s, notice),
  dismiss: set(({ id }, { notices }) => ({ notices: notices.filter((one) => one.id !== id) })),
  compare: (s, event) => withinLocks(s, updateCompare(s, event)),
  sweep: (s, event) => withinLocks(s, onSweep(s, event.sweep)),
  class: set(({ form }) => ({ classForm: form })),
  wall: set(({ wall }) => ({ wall })),
  owl: set(({ owl }) => ({ owl })),
  hand: withHand,
  'hand-code': (s, { code }) => (s.run.number === code.run ? { ...s, handCode: code } : s),
  teaching: set(({ teaching }) => ({ teaching })),
  mine: set(({ mine }) => ({ mine })),
  theme: set(({ theme }) => ({ theme })),
  shortcuts: set(({ on }) => ({ shortcuts: on })),
  ...{ progress: studied, studied, reads: studied },
  needed,
  ...{ draw: updateDraft, painted: updateDraft, unpainted: updateDraft, discarded: updateDraft, drafted: updateDraft },
  ...{ command: same, joined: same, left: same },
};

export function update(state: State, event: PageEvent): State {
  const reduce = REDUCERS[event.type] as (state: State, event: PageEvent) => State;
  const after = tourGoesOn(reduce(state, event));
  // Drawings are kept while anything refers to them.
  const held = (['past', 'future', 'drawings', 'left'] as const).every((key) => after[key] === state[key]);
  return held ? after : withoutUnused(after);
}

/** Replaces a chart of Present. Even indices are those of the left column, over ranks. */
function withChart([first, second]: State['presented'], chart: number, right: boolean): State['presented'] {
  if (right) return [first, chart];
  // If it was on the right, chart 1 replaces it there.
  if (chart === second && chart % 2 === 0) return [chart, 1];
  if (chart === first || chart === second) return [first, second];
  return chart % 2 === 0 ? [chart, second] : [first, chart];
}

function onSweep(state: State, event: SweepEvent): State {
  const after = { ...state, sweep: updateSweep(state.sweep, event) };
  if (event.does !== 'open') return after;
  const { experiment } = event;
  const opened = {
    ...after,
    ...pastWith(state),
    view: { ...state.view, view: 'lab' as const },
    panel: null,
    preset: presetOf(experiment),
  };
  return restart(opened, experiment, openedStart(state, experiment), state.experiment);
}

function onMerged(state: State, answer: MergedMessage): State {
  const { merge } = state;
  return merge?.order === answer.order && merge.run === answer.run ? { ...state, merge: { ...merge, answer } } : state;
}
