import { parseLink } from '../../experiment/link/link.ts';
import { OPENING, presetOf, presets } from '../../experiment/presets.ts';
import type { PageEvent } from '../../state/events.ts';
import { bringBack, restart, standing, train } from '../../state/run/begin.ts';
import type { Left, State } from '../../state/state.ts';

/** The lab after any event: a lesson that opens remembers what was left for it, one that is closed gives that back. */
export function withLesson(before: State, after: State, event: PageEvent): State {
  const [was, is] = [before.view.lesson !== '', after.view.lesson !== ''];
  // What a link opens beside a lesson is computed when the lesson shows it.
  const unseen = event.type === 'opened' && !event.scripted && is && !before.run.ready && !before.next;
  if (unseen) return { ...after, reads: true, left: null };
  if (was === is) return after.reads && event.type === 'train' ? { ...after, reads: false } : after;
  if (event.type !== 'viewed') return { ...after, left: null, reads: false };
  if (!is) return back({ ...after, reads: false });
  const { past, future, ended, show } = before;
  return { ...after, show: null, left: { ...standing(before, true), past, future, ended, show } };
}

/**
 * The experiment that was left, with its run and its steps of undo. Where that is the opening, or a link had opened the
 * lesson: the opening at its end, with what a person may try.
 */
function back(state: State): State {
  const { left } = state;
  const undone: State = { ...state, left: null, future: [], group: null, ...(left && steps(left)) };
  const preset = left ? presetOf(left.experiment, false) : OPENING;
  if (left && preset !== OPENING) {
    const show = left.show && { ...left.show, caption: 3 as const };
    const shown = { ...undone, show, preset };
    return left.run ? bringBack(shown, left.experiment, left.run) : alone(restart(shown, left.experiment, 'no'));
  }
  const show = { caption: 3, by: left?.show?.by ?? 'itself' } as const;
  const { experiment } = parseLink(presets.byName(OPENING).link);
  return alone(train(restart({ ...undone, preset, show }, experiment, 'yes'), { atOnce: true }));
}

/** Without the last run of the lesson beside it. */
const alone = (state: State): State => ({ ...state, next: state.next && { ...state.next, opened: true } });

const steps = ({ past, future, ended }: Left) => ({ past, future, ended });
