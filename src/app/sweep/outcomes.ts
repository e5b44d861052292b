import type { QuietRecord } from '../../engine/protocol/quiet-messages.ts';
import type { CellResult } from '../../experiment/plan/sweep-file.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { CellRun, Outcome } from '../../state/sweep/sweep.ts';

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

/** An outcome as it is kept; what failed is run again. */
export function resultOf(outcome: Outcome | undefined): CellResult | null {
  if (!outcome || 'why' in outcome) return null;
  const { status, steps, rate, loss, error, floor, heldOut, training, effectiveRank, reached } = outcome;
  const named = { relativeError: error, heldOutLoss: heldOut, trainingLoss: training };
  return { ...{ status, steps, rate, loss, floor, effectiveRank, reached }, ...named };
}

/** What is shown of a run: figures, and from its whole record its curve. */
export function outcomeOf(result: CellResult, record: QuietRecord | null, ms: number): Outcome {
  if ('why' in result) return result;
  const { steps, rate, loss, relativeError, floor, heldOutLoss, trainingLoss, effectiveRank, reached } = result;
  return {
    ...{ steps, rate, loss, floor, effectiveRank, reached, ms },
    status: result.status as CellRun['status'],
    error: relativeError,
    heldOut: heldOutLoss,
    training: trainingLoss,
    curve: record ? curveOf(record) : { steps: [], values: [] },
  };
}

/** The held-out losses that were measured on the way; without samples the relative error of all steps, thinned. */
function curveOf({ observed, points: { series }, summary: { steps } }: QuietRecord): CellRun['curve'] {
  const measured = observed.flatMap(({ step, losses }) => (losses ? [{ step, value: losses.heldOut }] : []));
  if (measured.length > 1)
    return { steps: measured.map(({ step }) => step), values: measured.map(({ value }) => value) };
  return thinnedCurve(series.relativeError ?? series.loss, steps, POINTS);
}

/** Where a run on samples is to measure its held-out loss; nothing for other targets. */
export function observedSteps({ target, steps }: Experiment): readonly number[] | undefined {
  if (targets.byName(target).kind !== 'samples') return undefined;
  const at = Array.from({ length: OBSERVED }, (_, i) => Math.round(steps * (i / OBSERVED) ** 2));
  return [...new Set(at)];
}
