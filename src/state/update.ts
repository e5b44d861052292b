import type { MergedMessage } from '../engine/protocol/worker-messages.ts';
import { presetOf } from '../experiment/presets.ts';
import { lessonInView, needed, takeToLab } from '../lessons/state/lesson.ts';
import { type ProgressEvent, updateProgress } from '../lessons/state/progress.ts';
import { updateCompare } from './compare/pins.ts';
import { updateDraft } from './draft.ts';
import type { PageEvent } from './events.ts';
import { unlocked, withinLocks } from './exercise.ts';
import { withNotice, withoutCorrections, withoutNotices } from './notices.ts';
import { DIALS, onOpened, onRecorded, pastWith, withoutExample } from './opening.ts';
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
import { updateFights } from './run/fights.ts';
import { settled } from './run/listed-runs.ts';
import { updatePaths } from './run/paths.ts';
import { lastStep, shownModule, withFull } from './run/run.ts';
import { clampedCell, updateFromWorker } from './run/worker-updates.ts';
import { changePlan, changeSettings, changeView, redo, stepOfCost, undo, withCostStep } from './settings.ts';
import type { State } from './state.ts';
import { type SweepEvent, updateSweep } from './sweep/sweep.ts';
import { tourAfterHiding, tourAfterSetting, tourChanges, tourDrawingChanges, tourGoesOn } from './tour.ts';

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
