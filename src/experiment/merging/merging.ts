import { type Matrix32, toFloat32, transpose, zeros32 } from '../../math/matrix.ts';
import { gaussian, type Stream } from '../../math/random.ts';
import { columnsOf, compareOutput } from './outputs.ts';
import { FLOAT64_ROUNDOFF, type Storage } from './rounding.ts';

/** A layer W + s·B·A: W (d × k) frozen, A r × k, B d × r. */
export interface Adapted {
  readonly W: Matrix32;
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly scaling: number;
}

/** The largest difference found, the largest bound, and the largest share of its own bound that an entry uses: ≤ 1. */
export interface Agreement {
  readonly difference: number;
  readonly bound: number;
  readonly share: number;
}

export interface Merging {
  /** fl(W + s·B·A), d × k: formed in float64 and rounded to the storage format. */
  readonly merged: Matrix32;
  /** |h_merged − h_unmerged| over all outputs, with the bound that follows the sums as they came. */
  readonly outputs: Agreement;
  /** The largest bound known before any sum is taken, by γ_n. */
  readonly worstCase: number;
  /** |fl(W_merged − s·B·A) − W| over all entries. */
  readonly unmerged: Agreement;
  /** ‖W_merged − W − ΔW‖_F/‖ΔW‖_F, the share of the update that rounding took; 0 where ΔW = 0. */
  readonly lost: number;
  /** ‖ΔW‖_F/‖W‖_F; infinite where only W is zero, 0 where both are. */
  readonly size: number;
}

/** n inputs N(0, 1), k × n, on which a merged and an unmerged layer are compared. */
export function mergingInputs(k: number, n: number, source: Stream): Matrix32 {
  return toFloat32(transpose(gaussian(n, k, source)));
}

/**
 * Merges, compares and takes apart again. W is first rounded to the storage format: in bfloat16 nothing of W's own
 * rounding is counted. Outputs are compared for the columns of `inputs` (k × n), computed in float32
 * (merging-outputs.ts). Merging rounds once and unmerging once more: with v the storage's unit,
 * |W′ − W| ≤ v·(|W_m| + |W′|), and (r + 3)·2⁻⁵³·(|W| + |W_m| + 2·|s|·|B|·|A|) for the sums in float64, entry by entry.
 * Takes d·k·(r + 3n) steps and keeps one d × k matrix, the merged one. Offered row by
 * row, so that other things have their turn between.
 */
export function* mergingInSlices(
  { W, A, B, scaling }: Adapted,
  inputs: Matrix32,
  storage: Storage,
): Generator<void, Merging> {
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

/** Gathers an Agreement, entry by entry. */
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
