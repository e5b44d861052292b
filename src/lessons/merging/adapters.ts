import { parseLink } from '../../experiment/link/link.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type LessonRun, type LessonRuns, NO_LESSON_RUNS } from '../pane/lesson-runs.tsx';
import { lastingValue, lessonValue } from '../pane/values.tsx';
import recorded from './recorded.json' with { type: 'json' };

/** A trained adapter of the owl in greys: ΔW = B·A, each factor with √s. */
export interface OwlAdapter {
  readonly name: string;
  /** 64 × r, row by row. */
  readonly B: readonly number[];
  /** r × 64, row by row. */
  readonly A: readonly number[];
}

export type MergeWay = 'products' | 'factors';

export const SIDE = 64;
export const RANK = 8;
/** The edit of each adapter, and its seed. */
const ADAPTER_RUNS = [
  ['sunglasses', 3],
  ['hat', 3],
  ['sunglasses', 4],
] as const;

export const adapterExperiments = (): readonly Experiment[] =>
  ADAPTER_RUNS.map(
    ([edit, seed]) =>
      parseLink(`#v=1&target=edit&edit=${edit}&d=64&k=64&rank=8&alpha=16&steps=300&seed=${seed}`).experiment,
  );

/** The adapter of a run, in greys: its experiment divides the edit by σ₁, the largest singular value. */
export function adapterOfRun({ A, B, scaling }: Pick<LessonRun, 'A' | 'B' | 'scaling'>, i: number): OwlAdapter {
  const root = Math.sqrt(scaling * sigma1[i]);
  const scaled = (values: Float32Array) => Array.from(values, (value) => root * value);
  return { name: ADAPTER_RUNS[i].join(', seed '), B: scaled(B), A: scaled(A) };
}

export const { adapters, base, sigma1 } = recorded as unknown as {
  readonly adapters: readonly [OwlAdapter, OwlAdapter, OwlAdapter];
  /** Greys 0 … 1, row by row. */
  readonly base: readonly number[];
  /** Of the edit that each adapter has learned. */
  readonly sigma1: readonly number[];
};

/** 64 × 64: Σ wᵢ·Bᵢ·Aᵢ, or, by factors, (Σ √wᵢ·Bᵢ)·(Σ √wᵢ·Aᵢ) with the sign of wᵢ in B, as PEFT's `linear` has it. */
export function mergedUpdate(parts: readonly (readonly [OwlAdapter, number])[], way: MergeWay): Float64Array {
  if (way === 'products') return sum(parts.map(([{ B, A }, weight]) => product(B, A, weight)));
  const factor = (of: 'A' | 'B') =>
    sum(
      parts.map(([one, weight]) => {
        const root = Math.sqrt(Math.abs(weight)) * (of === 'B' && weight < 0 ? -1 : 1);
        return Float64Array.from(one[of], (value) => root * value);
      }),
    );
  return product(factor('B'), factor('A'), 1);
}

function sum(arrays: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(arrays[0].length);
  for (const one of arrays) for (let i = 0; i < total.length; i++) total[i] += one[i];
  return total;
}

function product(B: ArrayLike<number>, A: ArrayLike<number>, weight: number): Float64Array {
  const W = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < SIDE; i++)
    for (let q = 0; q < RANK; q++) {
      const left = weight * B[i * RANK + q];
      for (let j = 0; j < SIDE; j++) W[i * SIDE + j] += left * A[q * SIDE + j];
    }
  return W;
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
};

/** The cosine of two updates: 0 if they change different things, 1 if they change the same. */
export function cosine(one: OwlAdapter, other: OwlAdapter): number {
  const [a, b] = [mergedUpdate([[one, 1]], 'products'), mergedUpdate([[other, 1]], 'products')];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** The sum by factors against the sum of products: ‖factors − products‖/‖products‖. */
export function crossTerms(parts: readonly (readonly [OwlAdapter, number])[]): number {
  const [right, wrong] = [mergedUpdate(parts, 'products'), mergedUpdate(parts, 'factors')];
  const norm = Math.sqrt(dot(right, right));
  const difference = wrong.map((value, i) => value - right[i]);
  return norm === 0 ? 0 : Math.sqrt(dot(difference, difference)) / norm;
}

/** Whether a number is off the scale of greys, 0 … 1, by more than the error of an adapter. */
export const isBeyond = (grey: number): boolean => grey > 1.15 || grey < -0.15;

/** The three adapters, trained on this device. */
export const OWN_RUNS = lastingValue<LessonRuns>('own adapters', NO_LESSON_RUNS);
export const WEIGHTS = lessonValue<readonly [number, number, number]>('weights', [1, 0, 0]);
export const MERGE_WAY = lessonValue<MergeWay>('way', 'products');

export const NAMES = ['Sunglasses', 'Hat', 'Sunglasses, another seed'] as const;
