import type { Experiment } from '../settings/params.ts';
import { scalingOf, sgdEdge } from '../settings/rate.ts';
import type { PredictedCourse } from './course.ts';
import { flowCourse, flowPoints } from './flow.ts';
import { BAND, type Law, LEAST_BAND_RANK, lawOf } from './law.ts';
import { alignedCourse } from './recursion.ts';

/** What the page knows of the matrices before the first step. */
export interface PredictedStart {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** r × k. */
  readonly A: Float32Array;
  /** σ₁(A₀). */
  readonly a: number;
  /** The known singular values of ΔW*, and ‖ΔW*‖_F. */
  readonly values: Float64Array;
  readonly norm: number;
  /** What errors are shares of; default: `norm`. */
  readonly unit?: number;
  /** A₀·V, r × n row by row; null: the right singular vectors of ΔW* are not known. */
  readonly along: Float64Array | null;
}

export interface Prediction extends PredictedCourse {
  readonly law: Exclude<Law['kind'], 'none'>;
  /** Single directions may be off by this much of σ₁; null: exact, or no single directions are predicted. */
  readonly band: number | null;
}

/** The prediction for an experiment at a rate; else why there is none, in one sentence. */
export function predictionOf(
  e: Experiment,
  rate: number,
  start: PredictedStart,
): Prediction | { readonly why: string } {
  const law = lawOf(e);
  if (law.kind === 'none') return law;
  const { rank, norm, values } = start;
  if (isUnsettled(e, rate, start)) return UNSETTLED;
  const run = { norm, scaling: scalingOf(e), rate, ratio: e.ratio, steps: e.steps };
  if (law.kind === 'recursion') {
    if (values.length < rank) return { why: 'Too few singular values of ΔW* are known.' };
    const course = alignedCourse(law.rule, { ...run, values: values.subarray(0, rank), a: start.a });
    return settled(start, { ...course, law: law.kind, band: null });
  }
  const points = flowPoints(values.length, rank);
  if (start.along === null || points === null) return { why: 'This layer is too large to predict while you wait.' };
  const gram = gramOf(start);
  const course = flowCourse({ ...run, values, rank, along: start.along, gram }, points);
  if (law.kind === 'flow') return settled(start, { ...course, law: law.kind, band: null });
  const single = rank >= LEAST_BAND_RANK;
  const directions = single ? course.directions : [];
  return settled(start, { ...course, directions, law: law.kind, band: single ? BAND : null });
}

/** Above η₁ no minimum is stable, so that the end of a curve would not be that of a run. */
const UNSETTLED = { why: 'The run will not settle at this rate, so no end is predicted.' };

function isUnsettled(e: Experiment, rate: number, { a, values }: Pick<PredictedStart, 'a' | 'values'>): boolean {
  return e.opt === 'sgd' && rate > sgdEdge(scalingOf(e), e.ratio, { a, sigma1: values[0] }).nothing;
}

/** The laws have errors as shares of the norm of what is learned. */
function settled(
  { norm, unit = norm }: Pick<PredictedStart, 'norm' | 'unit'>,
  prediction: Prediction,
): Prediction | { readonly why: string } {
  const last = prediction.error.at(-1) ?? Number.NaN;
  if (!(last < LARGEST_ERROR)) return UNSETTLED;
  return unit === norm ? prediction : { ...prediction, error: prediction.error.map((error) => error * (norm / unit)) };
}

const LARGEST_ERROR = 10;

/** A·Aᵀ, r × r. */
function gramOf({ A, rank, k }: Pick<PredictedStart, 'A' | 'rank' | 'k'>): Float64Array {
  const gram = new Float64Array(rank * rank);
  for (let p = 0; p < rank; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += A[p * k + j] * A[q * k + j];
      gram[p * rank + q] = gram[q * rank + p] = sum;
    }
  }
  return gram;
}

/** The largest distance of a run's errors from the predicted ones up to its last step, and up to `until`. */
export function distanceFrom(
  { steps, error }: Pick<PredictedCourse, 'steps' | 'error'>,
  errors: ArrayLike<number>,
  until: number,
): number {
  let largest = 0;
  for (let i = 0; i < steps.length && steps[i] <= until && steps[i] < errors.length; i++)
    largest = Math.max(largest, Math.abs(errors[steps[i]] - error[i]));
  return largest;
}
