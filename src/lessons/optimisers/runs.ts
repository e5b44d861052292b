import { parseLink } from '../../experiment/link/link.ts';
import type { OptimiserName } from '../../experiment/optimisers.ts';
import { ARRIVED } from '../../experiment/prediction/course.ts';
import { firstStepSizes } from '../../experiment/prediction/first-step.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Scaling } from '../../experiment/settings/rate.ts';
import { thinQr } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import { along } from '../../math/spectral/subspaces.ts';
import {
  type LessonCourse,
  type LessonFactors,
  type LessonRun,
  type LessonRuns,
  NO_LESSON_RUNS,
} from '../pane/lesson-runs.tsx';
import { lastingValue, lessonValue } from '../pane/values.tsx';

const experimentOf = (link: string, changes: Partial<Experiment>) => change(parseLink(link).experiment, changes);
const every = (gap: number, last: number): readonly number[] =>
  Array.from({ length: Math.ceil(last / gap) }, (_, i) => gap * i);
/** The runs of a figure; they stay while the lesson is open. */
const runsNamed = (name: string) => lastingValue<LessonRuns>(name, NO_LESSON_RUNS);

// How long a step is.
const OWL = '#v=1&target=edit&d=64&k=64&rank=8&alpha=16&steps=100';
export const LENGTH_OPTIMISERS = ['sgd', 'adam', 'signsgd', 'muon'] as const satisfies readonly OptimiserName[];
export const LENGTH = {
  runs: runsNamed('lengths'),
  experiments: LENGTH_OPTIMISERS.map((opt) => experimentOf(OWL, { opt })),
  observe: every(1, 100),
} as const;

/** The length of each step of A and B together: √(‖A′ − A‖² + ‖B′ − B‖²). */
export function stepLengths(factors: readonly LessonFactors[]): readonly number[] {
  const square = (now: Float32Array, before: Float32Array) => now.reduce((sum, v, i) => sum + (v - before[i]) ** 2, 0);
  return factors.slice(1).map((now, i) => Math.sqrt(square(now.A, factors[i].A) + square(now.B, factors[i].B)));
}

// The first step, by rank.
const FIRST = '#v=1&target=rotation&d=64&k=64&alpha=16&steps=1';
const FIRST_SIDE = 64;
export const FIRST_RANKS: readonly number[] = [1, 2, 4, 8, 16, 32, 64];
export const RULES: readonly Scaling[] = ['standard', 'rslora', 'none'];
export type FirstOptimiser = 'sgd' | 'adam';
/** One rate for all ranks and rules, as if it had been tuned once. */
const FIRST_RATES: Readonly<Record<FirstOptimiser, number>> = { sgd: 0.05, adam: 0.01 };
const firstRuns = (opt: FirstOptimiser) => ({
  runs: runsNamed(`first steps of ${opt}`),
  experiments: RULES.flatMap((scaling) =>
    FIRST_RANKS.map((rank) => experimentOf(FIRST, { opt, scaling, rank, lr: FIRST_RATES[opt] })),
  ),
});
export const FIRST_STEPS = { sgd: firstRuns('sgd'), adam: firstRuns('adam') } as const;
export const FIRST_OPTIMISER = lessonValue<FirstOptimiser>('first', 'sgd');

/** ‖s·B·A‖_F by way of the r × r products: tr(BᵀB·AAᵀ). */
export function updateNorm({ A, B, d, k, rank: r, scaling }: Omit<LessonRun, 'error' | 'course'>): number {
  let sum = 0;
  for (let p = 0; p < r; p++)
    for (let q = 0; q < r; q++) {
      let [b, a] = [0, 0];
      for (let i = 0; i < d; i++) b += B[i * r + p] * B[i * r + q];
      for (let j = 0; j < k; j++) a += A[p * k + j] * A[q * k + j];
      sum += a * b;
    }
  return scaling * Math.sqrt(sum);
}

/** ‖ΔW₁‖/‖ΔW*‖ as expected over draws of Kaiming's A, by rule. */
export const expectedFirstStep = (opt: FirstOptimiser, rank: number): Readonly<Record<Scaling, number>> | null =>
  firstStepSizes(opt, {
    ...{ d: FIRST_SIDE, k: FIRST_SIDE, rank, alpha: 16, rate: FIRST_RATES[opt], uniform: true },
    ...{ variance: 1 / (3 * FIRST_SIDE), norm: Math.sqrt(FIRST_SIDE) },
  });

// The order in which directions arrive.
const HALVING = '#v=1&target=decay&law=geometric&rate=0.5&d=32&k=32&alpha=16&steps=160&seed=2';
export type OrderRank = '16' | '4';
export const ORDER_RANK = lessonValue<OrderRank>('rank', '16');
const ORDER_OPTIMISERS = ['sgd', 'muon'] as const satisfies readonly OptimiserName[];
const orderRuns = (rank: OrderRank) => ({
  runs: runsNamed(`order at rank ${rank}`),
  experiments: ORDER_OPTIMISERS.map((opt) => experimentOf(HALVING, { opt, rank: Number(rank) })),
  observe: every(2, 160),
});
export const ORDER = { 16: orderRuns('16'), 4: orderRuns('4') } as const;
export const SHOWN_DIRECTIONS = 4;

/** uᵢᵀΔW·vᵢ along the leading singular directions of ΔW*: a list for each, a value for each of the course's factors. */
export function growth(
  { factors, target }: Pick<LessonCourse, 'factors' | 'target'>,
  { d, k, rank: r, scaling }: Pick<LessonRun, 'd' | 'k' | 'rank' | 'scaling'>,
): readonly (readonly number[])[] {
  const pairs = svd({ rows: d, cols: k, data: Float64Array.from(target) });
  const sizes = factors.map(({ A, B }) =>
    along(pairs, SHOWN_DIRECTIONS, { rows: d, cols: r, data: B }, { rows: r, cols: k, data: A }, scaling),
  );
  return Array.from({ length: SHOWN_DIRECTIONS }, (_, i) => sizes.map((one) => one[i]));
}

/** Of each direction, the place in its list at which it has 90% of its singular value 2⁻ⁱ; null: never. */
export const arrivals = (sizes: readonly (readonly number[])[]): readonly (number | null)[] =>
  sizes.map((along, i) => {
    const at = along.findIndex((size) => size >= ARRIVED * 0.5 ** i);
    return at < 0 ? null : at;
  });

// Two factors, one product.
const LANDSCAPE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=200';
export type DialOptimiser = 'sgd' | 'adam' | 'scaled' | 'lora-pro';
export const DIAL_OPTIMISER = lessonValue<DialOptimiser>('dial', 'sgd');
/** Factors on the A that is drawn; B = 0, so that ΔW is the same. */
export const SIZES: readonly number[] = [0.25, 1, 4];
const dialRuns = (opt: DialOptimiser, lr: number) => ({
  runs: runsNamed(`sizes with ${opt}`),
  experiments: SIZES.map((size) => experimentOf(LANDSCAPE, { opt, lr, size, steps: 60 })),
  observe: [0],
});
export const DIALS = {
  sgd: dialRuns('sgd', 0.04),
  adam: dialRuns('adam', 0.01),
  scaled: dialRuns('scaled', 0.5),
  'lora-pro': dialRuns('lora-pro', 0.3),
} as const satisfies Readonly<Record<DialOptimiser, unknown>>;

// The move nearest to that of full fine-tuning.
const nearOptimisers = ['lora-pro', 'adam', 'sgd', 'muon'] as const satisfies readonly OptimiserName[];
const NEAR_STEPS = 20;
/** For LoRA-Pro, whose move is the nearest one to first order. */
const SMALL_RATE = 0.05;
export const NEAR = {
  runs: runsNamed('nearest moves'),
  optimisers: nearOptimisers,
  experiments: nearOptimisers.map((opt) =>
    experimentOf(LANDSCAPE, { opt, steps: NEAR_STEPS, lr: opt === 'lora-pro' ? SMALL_RATE : null }),
  ),
  observe: every(1, NEAR_STEPS),
} as const;

/** P_B·E + (I − P_B)·E·P_A: of all that small moves of A and B can do to ΔW, the nearest to E. */
export function nearestMove(E: Matrix64, A: Matrix64, B: Matrix64): Matrix64 {
  const right = thinQr(transpose(A)).Q;
  const along = multiply(multiply(E, right), transpose(right));
  if (frobenius(B) === 0) return along;
  const left = thinQr(B).Q;
  const inside = (M: Matrix64) => multiply(left, multiply(transpose(left), M));
  const [first, second] = [inside(E), inside(along)];
  return { ...E, data: along.data.map((v, i) => v + first.data[i] - second.data[i]) };
}

/** Of each step, the cosine between its move of ΔW and what is missing, as a share of the largest that A and B allow. */
export function alignments(
  { factors, target }: Pick<LessonCourse, 'factors' | 'target'>,
  { d, k, rank, scaling }: Pick<LessonRun, 'd' | 'k' | 'rank' | 'scaling'>,
): readonly number[] {
  const M: Matrix64 = { rows: d, cols: k, data: Float64Array.from(target) };
  const states = factors.map(({ A: a, B: b }) => {
    const A = { rows: rank, cols: k, data: Float64Array.from(a) };
    const B = { rows: d, cols: rank, data: Float64Array.from(b) };
    return { A, B, update: scale(multiply(B, A), scaling) };
  });
  return states.slice(1).map((next, i) => {
    const { A, B, update } = states[i];
    const E = subtract(M, update);
    const move = subtract(next.update, update);
    const cosine = dot(move, E) / (frobenius(move) * frobenius(E));
    return cosine / (frobenius(nearestMove(E, A, B)) / frobenius(E));
  });
}

const dot = (one: Matrix64, other: Matrix64) => one.data.reduce((sum, v, i) => sum + v * other.data[i], 0);

// At the floor.
const DECAY = '#v=1&target=decay&d=64&k=64&rank=8&alpha=16&steps=300';
export type SignRate = 'automatic' | 'quarter';
export const SIGN_RATE = lessonValue<SignRate>('rate of signSGD', 'automatic');
/** A quarter of the automatic rate of signSGD. */
const QUARTER = 0.00078;
const floorOptimisers = [
  'sgd',
  'momentum',
  'adam',
  'muon',
  'scaled',
  'signsgd',
] as const satisfies readonly OptimiserName[];
export type FloorOptimiser = (typeof floorOptimisers)[number];
/** The last run is that of signSGD at a quarter of its rate. */
export const FLOOR = {
  runs: runsNamed('floor'),
  optimisers: floorOptimisers,
  experiments: [
    ...floorOptimisers.map((opt) => experimentOf(DECAY, { opt })),
    experimentOf(DECAY, { opt: 'signsgd', lr: QUARTER }),
  ],
  observe: [0],
} as const;

/** √Σ_{i>r} σᵢ²/√Σ σᵢ² of σᵢ = 0.8ⁱ⁻¹: of n values with n ≫ r it is 0.8ʳ. */
export const DECAY_FLOOR = 0.8 ** 8;

/** Multiply-adds of Muon's five Newton–Schulz steps on A and B, each 2r²n + r³ on a factor of n columns or rows. */
export const muonWork = (d: number, k: number, r: number): number => 5 * (2 * r * r * (d + k) + 2 * r ** 3);
/** Those that ScaledGD adds: E once more after B's step, AAᵀ and BᵀB, and each gradient times their inverse. */
export const scaledWork = (d: number, k: number, r: number): number => d * k * r + 2 * r * r * (d + k);
/** Those of a step's gradients and product. */
export const gradientWork = (d: number, k: number, r: number): number => 3 * d * k * r;

// What is often said.
/** Each at the best of seven rates; claims.test.tsx searches them again. */
export const BEST = {
  runs: runsNamed('best rates'),
  names: ['Adam', 'Muon', 'Adam, λ = 16', 'SGD'],
  experiments: [
    experimentOf(LANDSCAPE, { opt: 'adam', lr: 0.03 }),
    experimentOf(LANDSCAPE, { opt: 'muon', lr: 0.014 }),
    experimentOf(LANDSCAPE, { opt: 'adam', ratio: 16, lr: 0.0075 }),
    experimentOf(LANDSCAPE, { opt: 'sgd', lr: 0.32 }),
  ],
  observe: [0],
} as const;

export const EDGE_RUN = '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&opt=sgd&lr=0.16&steps=300';
