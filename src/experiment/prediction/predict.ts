import { inits } from '../inits/index.ts';
import { type OptimiserName, optimisers } from '../optimisers.ts';
import { isActive, param } from '../settings/experiment.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { scalingOf, sgdEdge } from '../settings/rate.ts';
import { targets } from '../targets/index.ts';
import { ARRIVED, type PredictedCourse, sampledSteps } from './course.ts';
import { flowCourse, flowPoints } from './flow.ts';

/**
 * A run of SGD or Muon from A₀ = a·V_rᵀ and B₀ = 0: each direction of ΔW* is a pair of numbers of its own, A = Σ aᵢ·eᵢvᵢᵀ
 * and B = Σ bᵢ·uᵢeᵢᵀ, so that ΔW = Σ s·aᵢ·bᵢ·uᵢvᵢᵀ at every step.
 */
interface AlignedRun {
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

type AlignedRule = keyof typeof RULES;

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

/**
 * What is known of a run before its first step. `recursion`: every step, exactly. `flow`: the gradient flow, exactly;
 * SGD keeps near it. `band`: the error of a flow that the start resembles. Else why nothing is known, in one sentence.
 */
type Law =
  | { readonly kind: 'recursion'; readonly rule: AlignedRule }
  | { readonly kind: 'flow' | 'band' }
  | { readonly kind: 'none'; readonly why: string };

/** From this rank on the single directions of a Kaiming start keep within BAND of the flow's. */
const LEAST_BAND_RANK = 8;

/** Largest distance of a direction from its curve at ranks 8 and 16, in units of σ₁ (docs/predicted.md). */
export const BAND = 0.13;

interface LawDistance {
  readonly rank: number;
  /** Of the largest distance of a run's relative errors from the predicted ones, over 40 runs. */
  readonly median: number;
  readonly worst: number;
}

/** SGD at the automatic rate, 300 steps, four targets, 16 and 64 rows and columns, five seeds (docs/predicted.md). */
const DISTANCES: Readonly<Record<'flow' | 'band', readonly LawDistance[]>> = {
  flow: [
    { rank: 1, median: 0.005, worst: 0.013 },
    { rank: 4, median: 0.0098, worst: 0.025 },
    { rank: 16, median: 0.033, worst: 0.075 },
  ],
  band: [
    { rank: 2, median: 0.006, worst: 0.16 },
    { rank: 4, median: 0.0091, worst: 0.066 },
    { rank: 8, median: 0.028, worst: 0.14 },
    { rank: 16, median: 0.047, worst: 0.13 },
  ],
};

/** The measured distance at the nearest rank. */
export function measuredDistance(law: keyof typeof DISTANCES, rank: number): LawDistance {
  const away = (one: LawDistance) => Math.abs(Math.log(one.rank / rank));
  return DISTANCES[law].reduce((best, one) => (away(one) < away(best) ? one : best));
}

/** The rules whose steps from an aligned start are known. */
const RECURSIONS: Readonly<Partial<Record<string, AlignedRule>>> = { sgd: 'sgd', polar: 'polar' };

/** Settings of a run that the laws read, or that change nothing about its steps. */
const READ: readonly ParamKey[] = ['size', 'ratio', 'batch', 'steps', 'seed', 'opt', 'lr', 'auto'];

export function lawOf(e: Experiment): Law {
  const none = (why: string): Law => ({ kind: 'none', why });
  const { kind, label } = targets.byName(e.target);
  if (kind === 'network') return none('No law for networks.');
  if (kind === 'samples') return none(`No law for ${label.toLowerCase()}: batches are drawn at random.`);
  if (e.method !== 'lora') return none('No law for this method yet.');
  if (e.train !== 'both') return none('No law for a frozen factor yet.');
  const other = unread(e);
  if (other) return none(`No law with “${param(other).label}” yet.`);
  const optimiser = optimisers.byName(e.opt).label;
  const init = inits.byName(e.init);
  if (e.init === 'aligned') {
    const rule = RECURSIONS[e.opt];
    return rule ? { kind: 'recursion', rule } : none(`No law for ${optimiser} yet.`);
  }
  if (e.opt !== ('sgd' satisfies OptimiserName))
    return none(`No law for ${optimiser}${RECURSIONS[e.opt] ? ' but from the aligned start' : ' yet'}.`);
  if (!init.params.some((name: string) => name === 'size'))
    return none(`No law from ${init.label} yet: one is known for B = 0 and a random or aligned A.`);
  if (Math.min(e.d, e.k) > MOST_DIRECTIONS)
    return none(`No law above ${MOST_DIRECTIONS} rows or columns: it needs all directions of ΔW*.`);
  if (e.init === 'orthonormal' || e.rank === 1) return { kind: 'flow' };
  if (e.init === 'kaiming-uniform') return { kind: 'band' };
  return none(`No law from ${init.label} yet, but at rank 1.`);
}

/** All singular vectors of ΔW* are known up to this min(d, k). */
const MOST_DIRECTIONS = 256;

/** A setting of the training that no law reads, and that is not at its default. */
function unread(e: Experiment): ParamKey | null {
  const changed = (key: ParamKey) => isActive(key, e) && e[key] !== param(key).default(e);
  const training = (key: ParamKey) => ['optimiser', 'budget'].includes(param(key).group);
  return PARAM_KEYS.find((key) => training(key) && !READ.includes(key) && changed(key)) ?? null;
}

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
