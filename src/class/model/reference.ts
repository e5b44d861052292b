import { count, written } from '../../experiment/numbers.ts';
import { broken, type Exercise } from '../../experiment/settings/exercise.ts';
import { differing, following, isActive, param } from '../../experiment/settings/experiment.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';

/** What all runs of a wall have in common: the target, and what a class link locks or hides. */
export interface Reference {
  readonly experiment: Experiment;
  readonly view: Exercise;
}

/** The seed may be another one, and the target then has other random numbers; it counts only where it is locked. */
const TARGET_KEYS = PARAM_KEYS.filter((key) => param(key).group === 'target');

const lower = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

function valueText(key: ParamKey, e: Experiment): string {
  const value = e[key];
  if (key === 'target') return targets.byName(e.target).label;
  if (key === 'lr' && value === null) return 'automatic';
  if (typeof value === 'number') return Number.isInteger(value) ? count(value) : written(value);
  return value === null || value === '' ? 'left out' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

/** Why a run is about another target; null where it is the same one. */
export function otherTarget({ experiment: reference }: Reference, e: Experiment): string | null {
  const key = differing(reference, e).find(
    (one) => TARGET_KEYS.includes(one) && (isActive(one, e) || isActive(one, reference)),
  );
  if (key === undefined) return null;
  if (key === 'target') return `another target (${valueText(key, e)})`;
  if (key === 'data') return 'another target (other data)';
  return `another target (${lower(param(key).label)} ${valueText(key, e)}, not ${valueText(key, reference)})`;
}

/** Which setting that the class link keeps was changed; null where none was. */
export function changedLock({ experiment: reference, view }: Reference, e: Experiment): string | null {
  const [key] = broken(reference, e, view);
  if (key === undefined) return null;
  const [old, now] = [following(reference), following(e)];
  return `${param(key).label}: locked at ${valueText(key, old)}, here ${valueText(key, now)}`;
}
