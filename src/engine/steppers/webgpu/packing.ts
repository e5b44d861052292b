import type { LayerSize } from '../../../experiment/settings/kinds.ts';
import { rowsOf, type Tiling, widthOf } from '../../kernels/tiling.ts';
import type { Factors } from '../stepper.ts';

/** The layout of a run in the device's memory. Sizes count floats unless they say otherwise. */
export interface BufferLayout extends LayerSize {
  /** Rows of Aᵀ and of B with the zeros that fill the last workgroup's. */
  readonly paddedA: number;
  readonly paddedB: number;
  readonly width: number;
  readonly rows: number;
  readonly groupsA: number;
  readonly groupsB: number;
  readonly factors: number;
  readonly goal: number;
  /** Gram matrices of all workgroups; the direct form has none. */
  readonly grams: number;
}

export function layoutOf({ d, k, rank }: LayerSize, tiling: Tiling): BufferLayout {
  const rows = rowsOf(tiling);
  const width = widthOf(tiling);
  const [groupsA, groupsB] = [Math.ceil(k / rows), Math.ceil(d / rows)];
  const [paddedA, paddedB] = [groupsA * rows, groupsB * rows];
  const factors = (paddedA + paddedB) * width;
  const grams = tiling.form === 'algebraic' ? (groupsA + groupsB) * width * width : 0;
  return { d, k, rank, rows, width, groupsA, groupsB, paddedA, paddedB, factors, grams, goal: 2 * paddedA * paddedB };
}

/** [Aᵀ; B] with padded rows. `A` is r × k, `B` d × r. */
export function packFactors(layout: BufferLayout, A: Float32Array, B: Float32Array): Float32Array {
  const { d, k, rank, paddedA, width } = layout;
  const out = new Float32Array(layout.factors);
  for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) out[j * width + p] = A[p * k + j];
  for (let i = 0; i < d; i++) out.set(B.subarray(i * rank, (i + 1) * rank), (paddedA + i) * width);
  return out;
}

export function unpackFactors(layout: BufferLayout, data: Float32Array): Factors {
  const { d, k, rank, paddedA, width } = layout;
  const A = new Float32Array(rank * k);
  const B = new Float32Array(d * rank);
  for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) A[p * k + j] = data[j * width + p];
  for (let i = 0; i < d; i++) {
    const row = (paddedA + i) * width;
    B.set(data.subarray(row, row + rank), i * rank);
  }
  return { A, B };
}

export interface BufferPiece {
  readonly at: number;
  readonly data: Float32Array;
}

/**
 * ΔW* (d × k) with padded rows and columns, then its transpose, in pieces of at most `max` floats, or of one row: whole
 * they are 128 MB at 4096 × 4096, and as much again in each process that they pass through.
 */
export function* goalPieces(
  { d, k, paddedA, paddedB }: BufferLayout,
  target: Float32Array,
  max: number,
): Generator<BufferPiece, void, undefined> {
  yield* pieces(paddedB, paddedA, max, 0, (data, first, end) => {
    for (let i = first; i < Math.min(d, end); i++) data.set(target.subarray(i * k, (i + 1) * k), (i - first) * paddedA);
  });
  yield* pieces(paddedA, paddedB, max, paddedA * paddedB, (data, first, end) => {
    // Some rows of ΔW* at a time, so that both sides stay in the cache.
    const tile = 32;
    for (let i0 = 0; i0 < d; i0 += tile) {
      const iEnd = Math.min(d, i0 + tile);
      for (let j = first; j < Math.min(k, end); j++) {
        for (let i = i0; i < iEnd; i++) data[(j - first) * paddedB + i] = target[i * k + j];
      }
    }
  });
}

/** `fill` receives zeros, and the rows first … end − 1 to fill. */
function* pieces(
  rows: number,
  width: number,
  max: number,
  from: number,
  fill: (data: Float32Array, first: number, end: number) => void,
): Generator<BufferPiece, void, undefined> {
  const atOnce = Math.min(rows, Math.max(1, Math.floor(max / width)));
  const all = new Float32Array(atOnce * width);
  for (let first = 0; first < rows; first += atOnce) {
    const end = Math.min(rows, first + atOnce);
    const data = all.subarray(0, (end - first) * width);
    data.fill(0);
    fill(data, first, end);
    yield { at: from + first * width, data };
  }
}

/** Each factor's Gram matrix XᵀX at its first workgroup, zeros at the others. */
export function packGrams(layout: BufferLayout, packed: Float32Array): Float32Array {
  const { width, groupsA, paddedA, paddedB } = layout;
  const out = new Float32Array(layout.grams);
  if (layout.grams === 0) return out;
  const put = (group: number, first: number, rows: number) => {
    const sum = new Float64Array(width * width);
    for (let row = first; row < first + rows; row++) {
      const x = packed.subarray(row * width, (row + 1) * width);
      for (let p = 0; p < width; p++) for (let q = 0; q < width; q++) sum[p * width + q] += x[p] * x[q];
    }
    out.set(sum, group * width * width);
  };
  put(0, 0, paddedA);
  put(groupsA, paddedA, paddedB);
  return out;
}
