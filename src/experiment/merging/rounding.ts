import { BFLOAT16_ROUNDOFF, toBfloat16 } from '../../math/bfloat16.ts';

/**
 * Arithmetic in float32 and what is known of its errors. For results in the normal range fl(x) = x·(1 + δ) with |δ| ≤ u,
 * and likewise |fl(x) − x| ≤ u·|fl(x)| (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 2.2).
 */

/** u of float32. */
export const FLOAT32_ROUNDOFF = 0.000000059604644775390625; // 2^-24
/** u of float64. */
export const FLOAT64_ROUNDOFF = 1.1102230246251565e-16; // 2^-53
/** The most that a product whose result lies below float32's normal range can lose. */
export const FLOAT32_UNDERFLOW = 7.006492321624085e-46; // 2^-150

/** How weights are stored: |round(fl(x)) − x| ≤ unit·|round(fl(x))| + tiny for every float64 x in its range. */
export interface Storage {
  /** Float32 numbers to those that the format has. */
  readonly round: (values: Float32Array) => Float32Array;
  readonly unit: number;
  readonly tiny: number;
}

export const STORAGES = {
  float32: { round: (values) => values, unit: FLOAT32_ROUNDOFF, tiny: FLOAT32_UNDERFLOW },
  // Rounded twice, by way of float32, as PyTorch does when it adds to a bfloat16 weight; its least number is 2^-133.
  bfloat16: { round: toBfloat16, unit: BFLOAT16_ROUNDOFF + 2 * FLOAT32_ROUNDOFF, tiny: 4.6e-41 },
} as const satisfies Record<string, Storage>;

/** γ_n = n·u/(1 − n·u): n roundings in a row change a number by at most this share (Higham, lemma 3.1). */
export function gamma(n: number): number {
  return (n * FLOAT32_ROUNDOFF) / (1 - n * FLOAT32_ROUNDOFF);
}

/** A scalar product in float32 with what bounds its error. */
export interface Dot32 {
  readonly value: number;
  /** Σ |a_i·b_i|: the error is at most γ_n times this. */
  readonly size: number;
  /** Σ (|p_i| + |s_i|) over the rounded products p and partial sums s: the error is at most u times this. */
  readonly running: number;
}

/**
 * Σ a[p + i]·b[q + i], i = 0 … n − 1 ascending, every product and every sum rounded to float32. Each adds at most u times
 * its own result to the error, which is `running` (Higham, section 3.3), beside n·2⁻¹⁵⁰ where products underflow.
 */
export function dot32(a: Float32Array, p: number, b: Float32Array, q: number, n: number): Dot32 {
  let [value, size, running] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const exact = a[p + i] * b[q + i];
    const product = Math.fround(exact);
    value = Math.fround(value + product);
    size += Math.abs(exact);
    running += Math.abs(product) + Math.abs(value);
  }
  return { value, size, running };
}
