import { type Matrix32, toFloat32, transpose, zeros32 } from '../../math/matrix.ts';
import { roundToBfloats } from '../../math/narrow-floats.ts';
import { gaussian, type Stream } from '../../math/random.ts';

/** bfloat16 is the upper half of a float32 (8 bits of exponent, 7 of fraction); numbers stay in float32 here. */

/** Half a unit in the last place of bfloat16, as a share of the number: its unit roundoff. */
export const BFLOAT16_ROUNDOFF = 0.00390625; // 2^-8

/**
 * Each value rounded to the nearest bfloat16, ties to the one whose last bit is zero. From 2^128·(1 − 2^-9) on the
 * result is infinite; NaN stays NaN. A copy of the same length.
 */
export const toBfloat16 = (values: Float32Array): Float32Array => roundToBfloats(new Float32Array(values));

/**
 * Arithmetic in float32 and its error bounds. For results in the normal range fl(x) = x·(1 + δ) with |δ| ≤ u, and
 * likewise |fl(x) − x| ≤ u·|fl(x)| (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 2.2).
 */

/** u of float32. */
const FLOAT32_ROUNDOFF = 0.000000059604644775390625; // 2^-24
/** u of float64. */
const FLOAT64_ROUNDOFF = 1.1102230246251565e-16; // 2^-53
/** The largest error of a product whose result is below float32's normal range. */
const FLOAT32_UNDERFLOW = 7.006492321624085e-46; // 2^-150

/** A storage format: |round(fl(x)) − x| ≤ unit·|round(fl(x))| + tiny for every float64 x in its range. */
interface Storage {
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
function gamma(n: number): number {
  return (n * FLOAT32_ROUNDOFF) / (1 - n * FLOAT32_ROUNDOFF);
}

interface Dot32 {
  readonly value: number;
  /** Σ |a_i·b_i|: the error is at most γ_n times this. */
  readonly size: number;
  /** Σ (|p_i| + |s_i|) over the rounded products p and partial sums s: the error is at most u times this. */
  readonly running: number;
}

/**
 * Σ a[p + i]·b[q + i], i = 0 … n − 1 ascending, every product and every sum rounded to float32. Each adds at most u
 * times its own result to the error, which is `running` (Higham, section 3.3), plus n·2⁻¹⁵⁰ if products underflow.
 */
function dot32(a: Float32Array, p: number, b: Float32Array, q: number, n: number): Dot32 {
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

interface ErrorColumn {
  readonly x: Float32Array;
  /** Σ |x_j|. */
  readonly norm1: number;
  readonly z: Float32Array;
  readonly dots: readonly Dot32[];
}

function columnsOf(A: Matrix32, inputs: Matrix32): ErrorColumn[] {
  const k = inputs.rows;
  const { data } = transpose(inputs);
  return Array.from({ length: inputs.cols }, (_, c) => {
    const x = data.subarray(c * k, (c + 1) * k);
    const dots = Array.from({ length: A.rows }, (_, p) => dot32(A.data, p * k, x, 0, k));
    const norm1 = x.reduce((sum, value) => sum + Math.abs(value), 0);
    return { x, norm1, z: Float32Array.from(dots, (dot) => dot.value), dots };
  });
}

interface ErrorRow {
  readonly row: Float32Array;
  readonly base: Float32Array;
  readonly b: Float32Array;
  readonly scaling: number;
  readonly storage: Storage;
}

/**
 * One output of a merged and an unmerged layer in float32, sums from the lowest index up:
 *   h_merged = fl(W_m·x),   h_unmerged = fl(fl(W·x) + fl(ŝ·û)),   û = fl(B·ẑ), ẑ = fl(A·x), ŝ = fl(s).
 * Both are near (W + s·B·A)·x. `difference` is at most the sum of their distances from it, which is `bound`:
 *   merged:    v·|W_m|·|x| (v the storage's unit) + u·run(W_m·x)
 *   unmerged:  u·run(W·x) + |s|·u·(run(B·ẑ) + |B|·run(A·x)) + |ŝ − s|·|û| + u·|fl(ŝ·û)| + u·|h|
 * with u = 2⁻²⁴, run as in dot32 and |·| entry by entry. To these come (r + 3)·2⁻⁵³·(|W| + |s|·|B|·|A|)·|x|, since W_m is
 * formed in float64, and what products below 2⁻¹²⁶ lose. `worstCase` is known before any sum is taken: n roundings in
 * a row change a number by at most γ_n, so that the distances are at most
 *   merged:    (γ_k + v)·|W_m|·|x|
 *   unmerged:  γ_{k+1}·|W|·|x| + γ_{k+r+3}·|s|·|B|·|A|·|x|
 * (γ_a + γ_b + γ_a·γ_b ≤ γ_{a+b}: Higham, lemma 3.3), and one more in each index of the latter covers float64. Where that
 * is the smaller of the two, it is `bound` too.
 */
function compareOutput(
  { x, norm1, z, dots }: ErrorColumn,
  { row, base, b, scaling, storage: { unit, tiny } }: ErrorRow,
): { readonly difference: number; readonly bound: number; readonly worstCase: number } {
  const u = FLOAT32_ROUNDOFF;
  const [k, rank, s] = [x.length, z.length, Math.abs(scaling)];
  const ofMerged = dot32(row, 0, x, 0, k);
  const ofBase = dot32(base, 0, x, 0, k);
  const up = dot32(b, 0, z, 0, rank);
  let [running, size, norm] = [0, 0, 0];
  for (let p = 0; p < rank; p++) {
    running += Math.abs(b[p]) * dots[p].running;
    size += Math.abs(b[p]) * dots[p].size;
    norm += Math.abs(b[p]);
  }
  const rounded = Math.fround(scaling);
  const adapter = Math.fround(rounded * up.value);
  const unmerged = Math.fround(ofBase.value + adapter);
  const underflow = tiny * norm1 + FLOAT32_UNDERFLOW * (2 * k + s * (rank + k * norm) + 1);
  const formed = (rank + 3) * FLOAT64_ROUNDOFF * (ofBase.size + s * size);
  const ofRunning =
    ofMerged.running + ofBase.running + s * (up.running + running) + Math.abs(adapter) + Math.abs(unmerged);
  const bound = u * ofRunning + unit * ofMerged.size + Math.abs(rounded - scaling) * Math.abs(up.value) + formed;
  const worstCase = (gamma(k) + unit) * ofMerged.size + gamma(k + 2) * ofBase.size + gamma(k + rank + 4) * s * size;
  // The first partial sum, 0 + p, is exact but counted: in a layer of one column that is half of all.
  const min = Math.min(bound, worstCase);
  return { difference: ofMerged.value - unmerged, bound: min + underflow, worstCase: worstCase + underflow };
}

/** A layer W + s·B·A: W (d × k) frozen, A r × k, B d × r. */
export interface AdaptedLayer {
  readonly W: Matrix32;
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly scaling: number;
}

interface Agreement {
  readonly difference: number;
  readonly bound: number;
  readonly share: number;
}

export interface MergeResult {
  /** fl(W + s·B·A), d × k: formed in float64 and rounded to the storage format. */
  readonly merged: Matrix32;
  /** |h_merged − h_unmerged| over all outputs, with the bound from the actual sums. */
  readonly outputs: Agreement;
  /** The largest a priori bound, by γ_n. */
  readonly worstCase: number;
  /** |fl(W_merged − s·B·A) − W| over all entries. */
  readonly unmerged: Agreement;
  /** ‖W_merged − W − ΔW‖_F/‖ΔW‖_F, the share of the update that rounding took; 0 if ΔW = 0. */
  readonly lost: number;
  /** ‖ΔW‖_F/‖W‖_F; infinite if only W is zero, 0 if both are. */
  readonly size: number;
}

/** n inputs N(0, 1), k × n, on which a merged and an unmerged layer are compared. */
export function mergingInputs(k: number, n: number, source: Stream): Matrix32 {
  return toFloat32(transpose(gaussian(n, k, source)));
}

/**
 * Merges, compares and unmerges. W is first rounded to the storage format: in bfloat16 W's own rounding is not counted.
 * Outputs are compared for the columns of `inputs` (k × n), computed in float32. Merging rounds once and unmerging once
 * more: with v the storage's unit, |W′ − W| ≤ v·(|W_m| + |W′|), and (r + 3)·2⁻⁵³·(|W| + |W_m| + 2·|s|·|B|·|A|) for the
 * sums in float64, entry by entry. Takes d·k·(r + 3n) steps and keeps one d × k matrix, the merged one. In slices of a
 * row, between which other work gets its turn.
 */
export function* mergeInSlices(
  { W, A, B, scaling }: AdaptedLayer,
  inputs: Matrix32,
  storage: Storage,
): Generator<void, MergeResult> {
  const { rows: d, cols: k } = W;
  const rank = A.rows;
  const stored = storage.round(W.data);
  const merged = zeros32(d, k);
  const columns = columnsOf(A, inputs);
  const [outputs, unmerged] = [agreement(), agreement()];
  let [worstCase, lost, whole, weight] = [0, 0, 0, 0];
  for (let i = 0; i < d; i++) {
    const base = stored.subarray(i * k, (i + 1) * k);
    const b = B.data.subarray(i * rank, (i + 1) * rank);
    const { delta, size } = updateRow(A, b, scaling);
    const row = storage.round(sum(base, delta, 1));
    const back = storage.round(sum(row, delta, -1));
    merged.data.set(row, i * k);
    for (let j = 0; j < k; j++) {
      const gone = row[j] - base[j] - delta[j];
      lost += gone * gone;
      whole += delta[j] * delta[j];
      weight += base[j] * base[j];
      const [was, is, again] = [Math.abs(base[j]), Math.abs(row[j]), Math.abs(back[j])];
      const formed = (rank + 3) * FLOAT64_ROUNDOFF * (was + is + 2 * size[j]);
      unmerged.take(back[j] - base[j], storage.unit * (is + again) + 2 * storage.tiny + formed);
    }
    for (const column of columns) {
      const found = compareOutput(column, { row, base, b, scaling, storage });
      outputs.take(found.difference, found.bound);
      worstCase = Math.max(worstCase, found.worstCase);
    }
    yield;
  }
  const share = (part: number, of: number) => (part === 0 ? 0 : Math.sqrt(part / of));
  const found = { outputs: outputs.result(), worstCase, unmerged: unmerged.result() };
  return { merged, ...found, lost: whole === 0 ? 0 : share(lost, whole), size: share(whole, weight) };
}

/** fl(x + sign·y), formed in float64. */
function sum(x: Float32Array, y: Float64Array, sign: 1 | -1): Float32Array {
  const out = new Float32Array(x.length);
  for (let j = 0; j < x.length; j++) out[j] = x[j] + sign * y[j];
  return out;
}

/** A row of s·B·A for the row b of B, and of |s|·|B|·|A|, in float64. */
function updateRow(A: Matrix32, b: Float32Array, scaling: number) {
  const [delta, size] = [new Float64Array(A.cols), new Float64Array(A.cols)];
  for (let p = 0; p < A.rows; p++) {
    for (let j = 0; j < A.cols; j++) {
      const product = b[p] * A.data[p * A.cols + j];
      delta[j] += product;
      size[j] += Math.abs(product);
    }
  }
  return { delta: delta.map((x) => scaling * x), size: size.map((x) => Math.abs(scaling) * x) };
}

function agreement() {
  let [difference, bound, share] = [0, 0, 0];
  return {
    take(found: number, limit: number) {
      const size = Math.abs(found);
      difference = Math.max(difference, size);
      bound = Math.max(bound, limit);
      if (size > 0) share = Math.max(share, size / limit);
    },
    result: (): Agreement => ({ difference, bound, share }),
  };
}
