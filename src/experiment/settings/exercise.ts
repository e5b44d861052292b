import { diffKeys, followsDefault, hasAutoAlpha, isActive, param, withAutoRate } from './experiment.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from './params.ts';
import type { View } from './view.ts';

export type Exercise = Pick<View, 'title' | 'task' | 'goal' | 'lock' | 'handin' | 'show'>;

/** Whether it is a class link: an experiment with a task, a goal or locks. */
export function isExercise({ title, task, goal, lock, handin }: Omit<Exercise, 'show'>): boolean {
  return title !== '' || task !== '' || goal !== '' || lock !== '' || handin;
}

const has = (list: string, key: string) => list !== '' && list.split(',').includes(key);

export function isLocked(of: ParamKey, { lock }: Pick<View, 'lock'>): boolean {
  return has(lock, of);
}

/** Whether an exercise keeps a setting: it is locked, or its control is hidden. */
export function isFixed(of: ParamKey, view: Exercise): boolean {
  // A drawing belongs to the target, and a rate that was automatic to the rate.
  const key = of === 'data' ? 'target' : of === 'auto' ? 'lr' : of;
  return isLocked(key, view) || (isExercise(view) && view.show !== '' && !has(view.show, key));
}

export function violatedKeys(before: Experiment, after: Experiment, view: Exercise): readonly ParamKey[] {
  const [old, now] = [withAutoRate(before), withAutoRate(after)];
  // A locked α that is automatic goes on following the rank.
  const mayFollow = (key: ParamKey) => !isLocked(key, view) || (key === 'alpha' && hasAutoAlpha(old));
  const follows = (key: ParamKey) =>
    mayFollow(key) &&
    followsDefault(key, old) &&
    followsDefault(key, now) &&
    Object.is(now[key], param(key).default(now));
  return diffKeys(old, now).filter((key) => isFixed(key, view) && !follows(key));
}

export function lockedKeysOf(e: Experiment, view: Pick<View, 'lock'>): readonly ParamKey[] {
  return PARAM_KEYS.filter((key) => isActive(key, e) && isLocked(key, view));
}
