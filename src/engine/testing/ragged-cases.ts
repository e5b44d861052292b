import { toFloat32 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import type { Settings } from '../steppers/stepper.ts';
import { train } from './float64.ts';
import type { OnePack, OneStart } from './one-matrix.ts';
import { ADAM_SETTINGS, matrixOf, randomStart, relativeDifference } from './starts.ts';

/** Sizes that fit no block: one, odd ones, and the neighbours of powers of two. */
const SIZES = [1, 2, 3, 5, 17, 31, 33, 63, 65, 129, 1000] as const;

/** A run of a few steps from two random factors. */
export interface RaggedCase {
  readonly title: string;
  readonly start: OneStart;
  readonly steps: number;
}

/**
 * Errors against float64: losses relative to themselves, gradient norms to their largest, factors, in the Frobenius
 * norm, to their start or end, since a run may take a factor or a gradient near zero.
 */
export interface RaggedErrors {
  readonly loss: number;
  readonly gradNormA: number;
  readonly gradNormB: number;
  readonly A: number;
  readonly B: number;
}

const STEPS = 3;
/** Those that every stepper has and whose step does not jump with the sign of a gradient near zero. */
const RULES = ['sgd', 'momentum', 'adam', 'adamw'] as const;
/** d·k·r at most, so that the loop in float64 stays quick. */
const LARGEST = 2 ** 20;

/** Every pair of sizes at rank 1 and at the full rank, or as near to it as LARGEST permits, with varied settings. */
export function raggedCases(): RaggedCase[] {
  const shapes = SIZES.flatMap((d) => SIZES.flatMap((k) => ranksOf(d, k).map((rank) => ({ d, k, rank }))));
  return shapes.map((shape, i) => raggedCase(shape, i));
}

function ranksOf(d: number, k: number): number[] {
  const max = Math.min(d, k, Math.max(2, Math.floor(LARGEST / (d * k))));
  return max === 1 ? [1] : [1, max];
}

function raggedCase({ d, k, rank }: { d: number; k: number; rank: number }, i: number): RaggedCase {
  const opt = RULES[i % RULES.length];
  const ratio = [1, 4, 1, 16, 1][i % 5];
  const frozen = ([null, null, 'A', null, 'B', null, null] as const)[i % 7];
  const scaling = [1, 0.5, 2][i % 3] / Math.sqrt(rank);
  // Below the edge of stability, beyond which a run amplifies every rounding.
  const lr = 0.05 / (ratio * Math.max(d, k));
  const settings: Settings = { ...ADAM_SETTINGS, scaling, opt, ratio, lr };
  const start = { ...randomStart(d, k, rank, settings, i + 1), B: drawB(d, rank, i + 1), frozen };
  return { title: `${d} × ${k}, rank ${rank}, ${opt}, ratio ${ratio}, frozen ${frozen}`, start, steps: STEPS };
}

function drawB(d: number, rank: number, seed: number): Float32Array {
  return toFloat32(gaussian(d, rank, stream(seed, 'B'))).data.map((x) => x / Math.sqrt(rank));
}

/** Runs the case in float64 and compares the pack of the start and that of its steps. */
export function raggedErrors({ start, steps }: RaggedCase, first: OnePack, rest: OnePack): RaggedErrors {
  const { d, k, rank, settings, frozen } = start;
  const oracle = train(
    matrixOf(d, k, start.target),
    matrixOf(rank, k, start.A),
    matrixOf(d, rank, start.B),
    settings,
    steps,
    frozen,
  );
  const all = (key: 'loss' | 'gradNormA' | 'gradNormB') => [...first.entries[key], ...rest.entries[key]];
  return {
    loss: relativeDifference(all('loss'), oracle.loss),
    gradNormA: largestDifference(all('gradNormA'), oracle.gradNormA),
    gradNormB: largestDifference(all('gradNormB'), oracle.gradNormB),
    A: distance(start.A, rest.A, oracle.A.data),
    B: distance(start.B, rest.B, oracle.B.data),
  };
}

function largestDifference(x: readonly number[], wanted: readonly number[]): number {
  const difference = Math.max(...wanted.map((y, i) => Math.abs(x[i] - y)));
  return difference / Math.max(...wanted);
}

function distance(start: Float32Array, x: Float32Array, wanted: Float64Array): number {
  const norm = (y: ArrayLike<number>) => Math.sqrt(Array.from(y).reduce((sum, v) => sum + v * v, 0));
  return norm(wanted.map((y, i) => y - x[i])) / Math.max(norm(start), norm(wanted));
}
