import { parseLink } from '../../experiment/link/link.ts';
import { DEFAULT_PRESET, presetOf, presets } from '../../experiment/presets.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { restart, restoreRun, train } from '../../state/run/begin.ts';
import { stepped, undoStep } from '../../state/run/compact-run.ts';
import type { LabBeforeLesson, State } from '../../state/state.ts';

const isOpen = ({ view }: Pick<State, 'view'>) => view.lesson !== '';

/** After a link: what it opens along with a lesson is computed when the lesson shows it. */
export function lessonOfLink(before: State, after: State, scripted: boolean): State {
  const opens = !scripted && isOpen(after);
  const reads = opens && !before.run.ready && !before.next;
  // The lesson of a class link is read before its exercise, to which it leads back.
  if (opens && !isOpen(before) && isExercise(after.view)) return { ...after, reads, left: exerciseLeft(after) };
  if (reads) return { ...after, reads, left: null };
  return isOpen(before) === isOpen(after) ? after : withoutLeft(after);
}

const exerciseLeft = (state: State): LabBeforeLesson => ({
  ...undoStep(state, false),
  ...{ past: [], future: [], ended: state.ended },
});

/** Discards the state that was left for a lesson, because something else was opened. */
export const withoutLeft = (state: State): State => ({ ...state, left: null, reads: false });

/** Requests the lab's numbers, deferred while a link has opened a lesson with it. */
export const needed = (state: State): State => (state.reads ? { ...state, reads: false } : state);

/** After a change of the view: an opening lesson saves the state it replaces, a closing one restores it. */
export function lessonInView(before: State, after: State): State {
  if (isOpen(before) === isOpen(after)) return after;
  if (!isOpen(after)) return back(needed(after));
  const { past, future, ended } = before;
  return { ...after, left: { ...undoStep(before, true), past, future, ended } };
}

/** Closes the lesson and keeps its lab; one step of undo leads back to the lab that was left. */
export function takeToLab(state: State): State {
  const closed = { ...withoutLeft(needed(state)), view: { ...state.view, lesson: '', step: 1 } };
  if (!state.left) return closed;
  const { experiment, run, plan, pins, past } = state.left;
  return { ...closed, ...stepped({ ...state, past }, { experiment, run, plan, pins }) };
}

/**
 * The experiment that was left, with its run and its steps of undo. If that is the default, or a link had opened the
 * lesson: the default experiment at its end.
 */
function back(state: State): State {
  const { left } = state;
  const undone: State = { ...state, left: null, future: [], group: null, ...(left && steps(left)) };
  const preset = left ? presetOf(left.experiment, false) : DEFAULT_PRESET;
  if (left && (preset !== DEFAULT_PRESET || isExercise(state.view))) {
    const shown = { ...undone, preset };
    return left.run ? restoreRun(shown, left.experiment, left.run) : alone(restart(shown, left.experiment, 'no'));
  }
  const { experiment } = parseLink(presets.byName(DEFAULT_PRESET).link);
  return alone(train(restart({ ...undone, preset }, experiment, 'yes'), { atOnce: true }));
}

/** Without the lesson's last run next to it. */
const alone = (state: State): State => ({ ...state, next: state.next && { ...state.next, opened: true } });

const steps = ({ past, future, ended }: LabBeforeLesson) => ({ past, future, ended });
