/**
 * SGD and Muon from A₀ = a·V_rᵀ and B₀ = 0: each direction of ΔW* is a pair of numbers of its own, A = Σ aᵢ·eᵢvᵢᵀ and
 * B = Σ bᵢ·uᵢeᵢᵀ, so that ΔW = Σ s·aᵢ·bᵢ·uᵢvᵢᵀ at every step.
 */
import { ARRIVED, type PredictedCourse, sampledSteps } from './course.ts';

export interface AlignedRun {
  /** The r leading singular values of ΔW*, and ‖ΔW*‖_F. */
  readonly values: ArrayLike<number>;
  readonly norm: number;
  /** The length of A's rows. */
  readonly a: number;
  readonly scaling: number;
  /** The rate of A, and the ratio λ: B learns at λ times that. */
  readonly rate: number;
  readonly ratio: number;
  readonly steps: number;
}

interface ModePair {
  a: number;
  b: number;
}

/** One step of a direction with the error e = σ − s·a·b; both factors from their old values. */
type StepRule = (pair: ModePair, error: number, run: AlignedRun) => void;

const RULES = {
  /** ∂L/∂a = −s·b·e, ∂L/∂b = −s·a·e. */
  sgd: (pair, error, { scaling: s, rate, ratio }) => {
    const { a, b } = pair;
    pair.a = a + rate * s * b * error;
    pair.b = b + ratio * rate * s * a * error;
  },
  /**
   * The polar factor of a diagonal gradient has ±1 where that is not 0: every direction takes steps of one length. Until
   * it arrives, after t steps, aᵢ = a + lr·(t − 1) and bᵢ = λ·lr·t.
   */
  polar: (pair, error, { rate, ratio }) => {
    const { a, b } = pair;
    pair.a = a + rate * Math.sign(b * error);
    pair.b = b + ratio * rate * Math.sign(a * error);
  },
} as const satisfies Readonly<Record<string, StepRule>>;

export type AlignedRule = keyof typeof RULES;

/** The curve is drawn with about this many points. */
const MOST_POINTS = 600;

/** Its course, exact up to rounding: no law of a flow, but the recursion of the steps themselves. */
export function alignedCourse(rule: AlignedRule, run: AlignedRun): PredictedCourse {
  const { values, norm, scaling } = run;
  const n = values.length;
  const pairs = Array.from({ length: n }, (): ModePair => ({ a: run.a, b: 0 }));
  const steps = sampledSteps(run.steps, MOST_POINTS);
  const directions = pairs.map(() => new Float64Array(steps.length));
  const error = new Float64Array(steps.length);
  const arrivals = pairs.map((): number | null => null);
  // The directions beyond r stay at 0.
  let beyond = norm * norm;
  for (let i = 0; i < n; i++) beyond -= values[i] * values[i];
  let next = 0;
  for (let t = 0; t <= run.steps; t++) {
    let square = Math.max(0, beyond);
    const kept = t === steps[next];
    for (let i = 0; i < n; i++) {
      const pair = pairs[i];
      const size = scaling * pair.a * pair.b;
      const rest = values[i] - size;
      if (arrivals[i] === null && values[i] > 0 && size >= ARRIVED * values[i]) arrivals[i] = t;
      if (kept) directions[i][next] = size;
      square += rest * rest;
      RULES[rule](pair, rest, run);
    }
    if (kept) error[next++] = Math.sqrt(square) / norm;
  }
  return { steps, directions, error, arrivals };
}
