import { broken, isExercise, isFixed } from '../experiment/settings/exercise.ts';
import { param } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import type { PageEvent } from './events.ts';
import { withNotice } from './notices.ts';
import type { State } from './state.ts';

/** What a person changes settings with. A link or a file that is opened brings its own locks. */
const BY_HAND: ReadonlySet<PageEvent['type']> = new Set([
  'changed',
  'drawn',
  'retry',
  'undo',
  'redo',
  'compare',
  'sweep',
  'train',
  'opened',
]);

/** True where an exercise keeps settings. A lesson has settings of its own, and gives back what was left for it. */
const keeps = ({ view }: State): boolean => isExercise(view) && view.lesson === '';

/** What a control, a key or a panel sets, without what the exercise keeps. */
export function withoutFixed(state: State, event: PageEvent): PageEvent {
  if (event.type !== 'changed' || !keeps(state)) return event;
  const entries = Object.entries(event.changes) as [ParamKey, unknown][];
  const left = entries.filter(([key]) => !isFixed(key, state.view));
  // Where nothing is left, the whole change is refused, and why is said.
  if (left.length === 0 || left.length === entries.length) return event;
  return { ...event, changes: Object.fromEntries(left) as Partial<Experiment> };
}

/** A lab whose exercise keeps some settings: what would change them does not happen. */
export function keptFixed(before: State, after: State, event: PageEvent): State {
  if (!BY_HAND.has(event.type) || !keeps(before)) return after;
  if (event.type === 'opened' && (event.fromAddress || event.scripted || event.preset === null)) return after;
  const [key] = broken(before.experiment, after.experiment, before.view);
  if (key === undefined) return after;
  const title = `${param(key).label} cannot be changed in this exercise.`;
  return withNotice(before, { about: 'share', tone: 'brief', title, texts: [], actions: [] });
}

/** Opens the link again that was opened last, as it was: all settings and step 0. Present stays, and so does a nickname. */
export function resetOf({ origin, view }: State): PageEvent | null {
  if (!origin) return null;
  const again = { ...origin.view, view: view.view, by: view.by };
  return { type: 'opened', ...origin, view: again, notices: [], fromAddress: true };
}
