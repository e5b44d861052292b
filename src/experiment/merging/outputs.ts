import { type Matrix32, transpose } from '../../math/matrix.ts';
import {
  type Dot32,
  dot32,
  FLOAT32_ROUNDOFF,
  FLOAT32_UNDERFLOW,
  FLOAT64_ROUNDOFF,
  gamma,
  type Storage,
} from './rounding.ts';

/** One input x with ẑ = fl(A·x) and what bounds it. */
export interface Column {
  readonly x: Float32Array;
  /** Σ |x_j|. */
  readonly norm1: number;
  readonly z: Float32Array;
  readonly dots: readonly Dot32[];
}

/** The columns of `inputs`, k × n, through A. */
export function columnsOf(A: Matrix32, inputs: Matrix32): Column[] {
  const k = inputs.rows;
  const { data } = transpose(inputs);
  return Array.from({ length: inputs.cols }, (_, c) => {
    const x = data.subarray(c * k, (c + 1) * k);
    const dots = Array.from({ length: A.rows }, (_, p) => dot32(A.data, p * k, x, 0, k));
    const norm1 = x.reduce((sum, value) => sum + Math.abs(value), 0);
    return { x, norm1, z: Float32Array.from(dots, (dot) => dot.value), dots };
  });
}

/** One row of the layer: merged, before it, and of B. */
export interface Row {
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
export function compareOutput(
  { x, norm1, z, dots }: Column,
  { row, base, b, scaling, storage: { unit, tiny } }: Row,
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
  // The first partial sum, 0 + p, is exact and counted all the same: in a layer of one column that is half of all.
  const least = Math.min(bound, worstCase);
  return { difference: ofMerged.value - unmerged, bound: least + underflow, worstCase: worstCase + underflow };
}
