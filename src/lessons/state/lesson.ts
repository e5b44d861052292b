import { parseLink } from '../../experiment/link/link.ts';
import { DEFAULT_PRESET, presetOf, presets } from '../../experiment/presets.ts';
import { restart, restoreRun, train } from '../../state/run/begin.ts';
import { undoStep } from '../../state/run/compact-run.ts';
import type { LabBeforeLesson, State } from '../../state/state.ts';

const isOpen = ({ view }: Pick<State, 'view'>) => view.lesson !== '';

/** A link was opened, which may name a lesson: what it opens beside one is computed when the lesson shows it. */
export function lessonOfLink(before: State, after: State, scripted: boolean): State {
  if (!scripted && isOpen(after) && !before.run.ready && !before.next) return { ...after, reads: true, left: null };
  return isOpen(before) === isOpen(after) ? after : withoutLeft(after);
}

/** What was left for a lesson is given up: something else was opened. */
export const withoutLeft = (state: State): State => ({ ...state, left: null, reads: false });

/** Somebody asks for the numbers of the lab that a link has opened beside a lesson. */
export const needed = (state: State): State => (state.reads ? { ...state, reads: false } : state);

/** The view was changed: a lesson that opens remembers what was left for it, one that is closed gives that back. */
export function lessonInView(before: State, after: State): State {
  if (isOpen(before) === isOpen(after)) return after;
  if (!isOpen(after)) return back(needed(after));
  const { past, future, ended, show } = before;
  return { ...after, show: null, left: { ...undoStep(before, true), past, future, ended, show } };
}

/**
 * The experiment that was left, with its run and its steps of undo. Where that is the opening, or a link had opened the
 * lesson: the opening at its end, with what a person may try.
 */
function back(state: State): State {
  const { left } = state;
  const undone: State = { ...state, left: null, future: [], group: null, ...(left && steps(left)) };
  const preset = left ? presetOf(left.experiment, false) : DEFAULT_PRESET;
  if (left && preset !== DEFAULT_PRESET) {
    const show = left.show && { ...left.show, caption: 3 as const };
    const shown = { ...undone, show, preset };
    return left.run ? restoreRun(shown, left.experiment, left.run) : alone(restart(shown, left.experiment, 'no'));
  }
  const show = { caption: 3, by: left?.show?.by ?? 'itself' } as const;
  const { experiment } = parseLink(presets.byName(DEFAULT_PRESET).link);
  return alone(train(restart({ ...undone, preset, show }, experiment, 'yes'), { atOnce: true }));
}

/** Without the last run of the lesson beside it. */
const alone = (state: State): State => ({ ...state, next: state.next && { ...state.next, opened: true } });

const steps = ({ past, future, ended }: LabBeforeLesson) => ({ past, future, ended });
