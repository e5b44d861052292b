import type { MergedMessage } from '../engine/protocol/up.ts';
import { presetOf } from '../experiment/presets.ts';
import { type RunRecord, settingsAt } from '../experiment/run-file/run-record.ts';
import { isExercise } from '../experiment/settings/exercise.ts';
import type { View } from '../experiment/settings/view.ts';
import { withLesson } from '../lessons/state/lesson.ts';
import { progressAfter } from '../lessons/state/progress.ts';
import { type Compare, NO_PINS } from './compare/compare.ts';
import { onCompare, withListed, withNames } from './compare/pins.ts';
import { closedBy, updateDraft } from './draft.ts';
import type { PageEvent } from './events.ts';
import { keptFixed, withoutFixed } from './exercise.ts';
import { withNotice, withoutNotices } from './notices.ts';
import {
  elsewhere,
  giveUp,
  isOverAtOnce,
  pause,
  restart,
  standing,
  train,
  withDrawing,
  withoutMore,
  withoutUnused,
  withStep,
} from './run/begin.ts';
import { withEnded } from './run/ended.ts';
import { cellInside, onEngine } from './run/from-worker.ts';
import { lastStep, runOf, shownModule } from './run/run.ts';
import { changePlan, changeSettings, changeView, redo, undo } from './settings.ts';
import { drawnInShow, inShow, onShow, withShow } from './show.ts';
import type { State } from './state.ts';
import { type SweepEvent, sweepAfter } from './sweep/sweep.ts';
import type { Screen, ToMerge } from './view.ts';

/** A lab after an event that is about it. */
export function update(state: State, event: PageEvent): State {
  const allowed = withoutFixed(state, event);
  const lab = closedBy(state, keptFixed(state, afterEvent(state, allowed), event));
  const after = thawed(withNames(withListed(state, withEnded(state, withShow(withLesson(state, lab, event), event)))));
  const same =
    after.past === state.past &&
    after.future === state.future &&
    after.drawings === state.drawings &&
    after.left === state.left;
  return same ? after : withoutUnused(after);
}

/** Axes are frozen in Present alone. */
function thawed(state: State): State {
  return state.frozen && state.view.view !== 'present' ? { ...state, frozen: null } : state;
}

/** What a link is opened in. */
function screenOf({ experiments, sweep }: View): Screen {
  if (experiments !== '') return 'experiments';
  return sweep === '' ? 'lab' : 'sweep';
}

/** The charts that Present has after something was opened: two of the left column stand there for the owl of a first visit only. */
function presentedBy(first: boolean, now: State['presented']): State['presented'] {
  if (first) return [2, 0];
  return now[1] % 2 === 0 ? [2, 1] : now;
}

function afterEvent(state: State, event: PageEvent): State {
  switch (event.type) {
    case 'opened': {
      const { experiment, drawing, preset } = event;
      const view = viewOf(state, event);
      const clean = withoutNotices(state, ['link', 'file', 'version', 'run']);
      const show = event.show ? { caption: 1 as const, by: event.show } : null;
      const opened = {
        ...withDrawing(clean, experiment.data, drawing),
        view,
        preset,
        show,
        // How far a rank can come, and what it is made of.
        presented: presentedBy(show !== null, state.presented),
        panel: null,
        compare: openedBeside(state.compare, view),
        screen: screenOf(view),
        // What a step of a lesson opens is not what a reset leads back to.
        origin: event.view ? { experiment, view, drawing, preset } : state.origin,
        // A class link that is opened is the one that its maker goes on with.
        classForm: isExercise(view) ? null : state.classForm,
      };
      // An exercise begins with its own settings: Undo does not lead out of it.
      const past = isExercise(view) ? { past: [], future: [], group: null } : pastWith(state);
      const before = { ...opened, ...past };
      const fallback = state.run.ready ? state.experiment : experiment;
      const start = opened.screen === 'sweep' || view.view === 'wall' || view.view === 'adapters' ? 'no' : 'link';
      const { next, ...asked } = restart(before, experiment, start, fallback);
      return event.notices.reduce(withNotice, { ...asked, next: next && { ...next, opened: true } });
    }
    case 'show':
      return onShow(state, event);
    case 'recorded':
      return event.notices.reduce(withNotice, openRecorded(state, event));
    case 'changed':
      return changeSettings(state, inShow(state, event.changes), event.group);
    case 'settled':
      return state.group === null ? state : { ...state, group: null };
    case 'drawn':
      return changeSettings(
        withDrawing(state, event.data, event.drawing),
        { target: 'picture', data: event.data, ...drawnInShow(state, event.changes ?? {}) },
        undefined,
      );
    case 'undo':
      return undo(state);
    case 'redo':
      return redo(state);
    case 'train':
      return train(state, event);
    case 'pause':
      return pause(state);
    case 'rewind':
      return restart(state, withoutMore(state), 'no');
    case 'retry': {
      const changed = changeSettings(state, event.changes, undefined);
      return restart(changed, changed.experiment, 'yes', state.experiment);
    }
    case 'cancel':
      return giveUp(state);
    case 'engine':
      return event.message.type === 'merged' ? onMerged(state, event.message) : onEngine(state, event.message);
    case 'choose':
      return elsewhere(withoutNotices({ ...state, choice: event.choice, panel: null }, ['engine']));
    case 'viewed':
      return changeView(state, event.changes);
    case 'draw':
    case 'painted':
    case 'unpainted':
    case 'discarded':
    case 'drafted':
      return updateDraft(state, event);
    case 'compare':
      return onCompare(state, event);
    case 'look':
      return { ...state, look: event.step !== null && event.step >= lastStep(state.run) ? null : event.step };
    case 'hover':
      return { ...state, hover: event.hover };
    case 'cell':
      return { ...state, cell: pointedAt(state, event.cell) };
    case 'panel':
      return { ...state, panel: event.panel };
    case 'screen':
      return { ...state, screen: event.screen, panel: null };
    case 'class':
      return { ...state, classForm: event.form };
    case 'planned':
      return changePlan(state, event.changes);
    case 'sweep':
      return onSweep(state, event.sweep);
    case 'merge':
      return askedToMerge(state, event.adapter);
    case 'define':
      return { ...state, definition: event.definition };
    case 'theme':
      return { ...state, theme: event.theme };
    case 'present': {
      const [first, second] = state.presented;
      if (event.right) return { ...state, presented: [first, event.chart] };
      // One that the right place had makes room there.
      if (event.chart === second && event.chart % 2 === 0) return { ...state, presented: [event.chart, 1] };
      if (event.chart === first || event.chart === second) return state;
      // Even places are those of the left column, over ranks.
      return { ...state, presented: event.chart % 2 === 0 ? [event.chart, second] : [first, event.chart] };
    }
    case 'freeze':
      return { ...state, frozen: event.on ? { ...state, frozen: null } : null };
    case 'tab':
      return { ...state, tab: event.chart };
    case 'gradients':
      return { ...state, gradients: event.shown };
    case 'shortcuts':
      return { ...state, shortcuts: event.on };
    case 'hidden': {
      const now = { ...state, hidden: event.hidden };
      return event.hidden && !state.run.scripted ? pause(now, true) : now;
    }
    case 'notice':
      return withNotice(state, event.notice);
    case 'dismiss':
      return { ...state, notices: state.notices.filter((n) => n.id !== event.id) };
    case 'wall':
      return { ...state, wall: event.wall };
    case 'mine':
      return { ...state, mine: event.mine };
    case 'progress':
    case 'studied':
    case 'reads':
      return { ...state, progress: progressAfter(state.progress, event) };
    case 'needed':
      return state.reads ? { ...state, reads: false } : state;
    case 'command':
    case 'joined':
    case 'left':
      return state;
    default:
      return event satisfies never;
  }
}

/** How what is opened is looked at: in a sweep another experiment of the menu is swept in the same way. */
function viewOf(state: State, event: Extract<PageEvent, { type: 'opened' }>) {
  const { view = state.view, preset, fromAddress, scripted } = event;
  if (state.screen !== 'sweep') return view === state.view ? { ...view, sweep: '' } : view;
  const { sweep, repeat } = state.view;
  return preset !== null && !fromAddress && !scripted ? { ...view, sweep, repeat } : view;
}

/** A sweep goes on behind whatever is on screen; a cell of it that is opened takes the place of the run. */
function onSweep(state: State, event: SweepEvent): State {
  const after = { ...state, sweep: sweepAfter(state.sweep, event) };
  if (event.does !== 'open') return after;
  const { experiment } = event;
  const opened = { ...after, ...pastWith(state), screen: 'lab' as const, panel: null, preset: presetOf(experiment) };
  return restart(opened, experiment, isOverAtOnce(state.run, experiment) ? 'again' : 'yes', state.experiment);
}

/** Pins go with what is opened: those of a link come later, with the part of the page that reads them. */
function openedBeside({ listed, starts, lastId, pins }: Compare, { compare }: View): Compare {
  return { ...NO_PINS, listed, starts, lastId, pins: compare === '' ? [] : pins };
}

/** Opening something can be undone. */
function pastWith(state: State): Pick<State, 'past' | 'future' | 'group'> {
  const step = { ...standing(state, true), pins: state.compare.pins };
  const past = state.run.ready ? withStep(state.past, step) : state.past;
  return { past, future: [], group: null };
}

/** A run from a file: its curves as they were recorded; the worker makes the matrices, and repeats the steps if it is to go on. */
function openRecorded(state: State, { run: record, drawing }: Extract<PageEvent, { type: 'recorded' }>): State {
  const { experiment, view } = record;
  const clean = withDrawing(withoutNotices(state, ['link', 'file', 'offer']), experiment.data, drawing);
  const origin = { experiment, view, drawing, preset: null };
  const opened = { ...clean, ...pastWith(state), view, preset: null, panel: null, origin };
  const started = restart(opened, settingsAt(record), 'no', state.experiment);
  if (!started.next) return started;
  const { number } = started.next.run;
  const run = { ...runOf(number, { ...record, origin: number, held: lastStep(record) }), recorded: true };
  return { ...started, look: null, next: { ...started.next, run, after: stillStatus(record) } };
}

/** A recorded run that was going on when it was saved stands still now. */
function stillStatus({ status, trace }: RunRecord): RunRecord['status'] {
  if (status === 'training' || status === 'preparing' || status === 'stopped')
    return trace.length > 1 ? 'paused' : 'idle';
  return status === 'device-lost' ? 'paused' : status;
}

function pointedAt(state: State, cell: State['cell']): State['cell'] {
  const module = shownModule(state);
  return module ? cellInside(cell, module) : cell;
}

function askedToMerge(state: State, adapter: ToMerge): State {
  const order = (state.merge?.order ?? 0) + 1;
  return { ...state, merge: { ...adapter, run: state.run.number, order, answer: null } };
}

function onMerged(state: State, answer: MergedMessage): State {
  const { merge } = state;
  return merge?.order === answer.order && merge.run === answer.run ? { ...state, merge: { ...merge, answer } } : state;
}
