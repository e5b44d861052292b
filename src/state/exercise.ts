import { isExercise, isFixed, violatedKeys } from '../experiment/settings/exercise.ts';
import { param } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import type { PageEvent } from './events.ts';
import { newNotice, withNotice } from './notices.ts';
import type { State } from './state.ts';

/** True where an exercise keeps settings. A lesson has settings of its own, and gives back what was left for it. */
const keeps = ({ view }: State): boolean => isExercise(view) && view.lesson === '';

/** What a control, a key or a panel sets, without what the exercise keeps. */
export function unlocked(state: State, changes: Partial<Experiment>): Partial<Experiment> {
  if (!keeps(state)) return changes;
  const entries = Object.entries(changes) as [ParamKey, unknown][];
  const free = entries.filter(([key]) => !isFixed(key, state.view));
  // If nothing is left, the whole change is refused, and why is said.
  return free.length === 0 || free.length === entries.length ? changes : Object.fromEntries(free);
}

/** What a person has done by hand. If an exercise keeps a setting that it would change, it does not happen, and why is said. */
export function withinLocks(before: State, after: State): State {
  const [key] = keeps(before) ? violatedKeys(before.experiment, after.experiment, before.view) : [];
  if (key === undefined) return after;
  const title = `${param(key).label} cannot be changed in this exercise.`;
  return withNotice(before, newNotice('share', 'brief', title));
}

/** Opens the link again that was opened last, as it was: all settings and step 0. Present stays, and so does a nickname. */
export function resetEvent({ origin, view }: State): PageEvent | null {
  if (!origin) return null;
  const again = { ...origin.view, view: view.view, by: view.by };
  return { type: 'opened', ...origin, view: again, notices: [], fromAddress: true };
}
