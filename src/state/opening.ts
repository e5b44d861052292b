import { type RunRecord, settingsAt } from '../experiment/run-file/run-record.ts';
import { isExercise } from '../experiment/settings/exercise.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import { lessonOfLink, withoutLeft } from '../lessons/state/lesson.ts';
import { type Compare, NO_PINS } from './compare/compare.ts';
import type { OpenedEvent, PageEvent } from './events.ts';
import { withinLocks } from './exercise.ts';
import { withNotice, withoutNotices } from './notices.ts';
import { hasBar, isAdapters } from './places.ts';
import { restart, withDrawing } from './run/begin.ts';
import { stepped, undoStep } from './run/compact-run.ts';
import { lastStep, runOf } from './run/run.ts';
import { frozenIn } from './settings.ts';
import type { State } from './state.ts';

/** The lab with its own wall: what somebody opens is never mixed with an example class. */
export function withoutExample<S extends Pick<State, 'wall'>>(state: S): S {
  const example = state.wall?.example;
  return example ? { ...state, wall: example.before.wall } : state;
}

/** The panel that `dials` of a link opens. */
export const DIALS = { name: 'dials' } as const;

type RecordedEvent = Extract<PageEvent, { readonly type: 'recorded' }>;

/** Opens a link or a preset. A link or a script brings its own locks; a choice by the user keeps the current ones. */
export function onOpened(state: State, event: OpenedEvent): State {
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

export function onRecorded(state: State, event: RecordedEvent): State {
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

export function pastWith(state: State): Pick<State, 'past' | 'future' | 'group'> {
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
