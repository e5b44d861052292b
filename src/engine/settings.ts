import type { Experiment } from '../experiment/settings/params.ts';
import { derivedRate, type Facts } from '../experiment/settings/rate.ts';
import { scalingOf } from '../experiment/settings/scaling.ts';
import { type Change, TUNED, type Tuning } from '../experiment/settings/tuned.ts';
import type { Settings } from './steppers/stepper.ts';

/** The tune parameters of an experiment; where no learning rate is given, the least of those derived for its modules. */
export function tuningOf(e: Experiment, modules: readonly { readonly facts: Facts }[]): Tuning {
  const { alpha, scaling, opt, ratio, steps } = e;
  return {
    alpha,
    scaling,
    opt,
    ratio,
    steps,
    lr: e.lr ?? Math.min(...modules.map(({ facts }) => derivedRate(e, scalingOf(e), facts))),
  };
}

/** What a stepper needs of them. */
export function settingsOf(tuning: Tuning, rank: number): Settings {
  const { opt, lr, ratio } = tuning;
  return { scaling: scalingOf({ ...tuning, rank }), opt, lr, ratio };
}

/** What differs, as changes at `step`. */
export function changesBetween(before: Tuning, after: Tuning, step: number): Change[] {
  return TUNED.filter((key) => before[key] !== after[key]).map((key) => ({ step, key, value: after[key] }));
}

/** The tuning after a change. Its value was checked when it came in. */
export function changed(tuning: Tuning, { key, value }: Change): Tuning {
  return { ...tuning, [key]: value };
}
