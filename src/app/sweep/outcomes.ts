import type { CellRun, Outcome } from '../../experiment/plan/cell-run.ts';
import { figuresOf, lastStep, type RunRecord } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';

/**
 * About so many values of a curve at its steps 0 … last: every nth, and the last one. More of them where the curve moves
 * most, at its beginning: half of the points lie in its first eighth.
 */
export function thinnedCurve(
  values: ArrayLike<number>,
  last: number,
  points: number,
): { readonly steps: readonly number[]; readonly values: readonly number[] } {
  const end = Math.min(last, values.length - 1);
  const steps = new Set<number>();
  for (let i = 0; i <= points; i++) steps.add(Math.round(end * (i / points) ** 3));
  const sorted = [...steps].filter((step) => step >= 0);
  return { steps: sorted, values: sorted.map((step) => values[step] ?? Number.NaN) };
}

/** Points of a curve; where losses over samples have to be measured for it, fewer. */
const POINTS = 96;
const OBSERVED = 40;

/** The figures of a run that was trained, and its curve: the held-out losses that were measured on the way; without samples the relative error of all steps, thinned. */
export function cellRunOf(record: RunRecord): CellRun {
  const { losses, trace } = record;
  const curve =
    losses.steps.length > 1
      ? { steps: losses.steps, values: losses.heldOut }
      : thinnedCurve(trace.series.relativeError ?? trace.series.loss, lastStep(record), POINTS);
  return { ...figuresOf(record), curve };
}

/** Its figures, if there are any: what failed is run again. */
export const resultOf = (outcome: Outcome | null | undefined) => (outcome && !('why' in outcome) ? outcome : null);

/** Steps at which losses and spectra are measured: more of them at the beginning. */
export function observedSteps(steps: number): readonly number[] {
  return [...new Set(Array.from({ length: OBSERVED }, (_, i) => Math.round(steps * (i / OBSERVED) ** 2)))];
}

/** Where a run of a sweep is to measure its held-out loss; nothing without samples. */
export const observedOn = ({ target, steps }: Experiment) =>
  targets.byName(target).kind === 'samples' ? observedSteps(steps) : undefined;
