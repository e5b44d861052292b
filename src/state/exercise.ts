import { isExercise, isFixed, violatedKeys } from '../experiment/settings/exercise.ts';
import { param } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import type { PageEvent } from './events.ts';
import { newNotice, withNotice } from './notices.ts';
import type { State } from './state.ts';

/** Whether an exercise locks settings. A lesson has settings of its own and restores the previous ones at its end. */
const keeps = ({ view }: State): boolean => isExercise(view) && view.lesson === '';

/** Changes by a control, a key or a panel, without the settings that an exercise locks. */
export function unlocked(state: State, changes: Partial<Experiment>): Partial<Experiment> {
  if (!keeps(state)) return changes;
  const entries = Object.entries(changes) as [ParamKey, unknown][];
  const free = entries.filter(([key]) => !isFixed(key, state.view));
  // If nothing is left, the whole change is refused with a reason.
  return free.length === 0 || free.length === entries.length ? changes : Object.fromEntries(free);
}

/** The state after a user action; if it would change a locked setting, it is refused with a reason. */
export function withinLocks(before: State, after: State): State {
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
