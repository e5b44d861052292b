import { lessonValue } from '../pane/values.tsx';
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
export const { adapters, base } = recorded as unknown as {
  readonly adapters: readonly [OwlAdapter, OwlAdapter, OwlAdapter];
  /** Greys 0 … 1, row by row. */
  readonly base: readonly number[];
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

export const WEIGHTS = lessonValue<readonly [number, number, number]>('weights', [1, 0, 0]);
export const MERGE_WAY = lessonValue<MergeWay>('way', 'products');

export const NAMES = ['Sunglasses', 'Hat', 'Sunglasses, another seed'] as const;
