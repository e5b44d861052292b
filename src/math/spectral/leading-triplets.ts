import { thinQr } from '../factor/qr.ts';
import { fixSigns, type Svd, svd } from '../factor/svd.ts';
import { type AnyMatrix, leadingColumns, type Matrix64, multiply, rowsOf, transpose, zeros } from '../matrix.ts';
import { multiplyInto } from '../products/multiply-into.ts';
import type { Progress } from '../progress.ts';
import { gaussian, stream } from '../random.ts';

/** Directions that are wanted at most, the spare ones that make them more exact, and rounds. Part of link version 1. */
const MOST = 64;
const SPARE = 8;
const ROUNDS = 3;
/** Rows in float64 at a time. */
const BLOCK = 128;

/**
 * The n ≤ 64 leading singular triplets of a large matrix by subspace iteration of fixed length (Halko, Martinsson and
 * Tropp 2011, algorithm 4.4: 72 directions, three rounds), so that the bits depend on the matrix alone. Exact where the
 * rank is at most 72; where values lie close together the directions are some orthonormal ones among theirs. Throws
 * RangeError for n above 64 or below 1.
 */
export function leadingTriplets(m: AnyMatrix, n: number, progress?: Progress): Svd {
  if (!(n >= 1 && n <= MOST)) throw new RangeError(`${n} leading directions asked for; the limit is ${MOST}`);
  const width = Math.min(MOST + SPARE, m.rows, m.cols);
  let right = thinQr(gaussian(m.cols, width, stream(0, 'subspace'))).Q;
  for (let round = 0; round < ROUNDS; round++) {
    const left = thinQr(times(m, right)).Q;
    progress?.((round + 0.5) / (ROUNDS + 0.5));
    right = thinQr(transposedTimes(m, left)).Q;
    progress?.((round + 1) / (ROUNDS + 0.5));
  }
  // M ≈ (M·Q)·Qᵀ = U·S·(Q·V)ᵀ.
  const { U, S, V } = svd(times(m, right));
  const found = { U: leadingColumns(U, n), S: S.slice(0, n), V: multiply(right, leadingColumns(V, n)) };
  fixSigns(found.U, found.V);
  progress?.(1);
  return found;
}

/** m·x, block by block of rows, since m in float64 may be too large. */
function times(m: AnyMatrix, x: Matrix64): Matrix64 {
  const out = zeros(m.rows, x.cols);
  for (let first = 0; first < m.rows; first += BLOCK) {
    const block = rows64(m, first, Math.min(BLOCK, m.rows - first));
    const into = out.data.subarray(first * x.cols);
    multiplyInto(block.data, x.data, into, block.rows, m.cols, x.cols);
  }
  return out;
}

/** mᵀ·y. */
function transposedTimes(m: AnyMatrix, y: Matrix64): Matrix64 {
  const out = zeros(y.cols, m.cols);
  for (let first = 0; first < m.rows; first += BLOCK) {
    const count = Math.min(BLOCK, m.rows - first);
    const block = rows64(m, first, count);
    multiplyInto(transpose(rowsOf(y, first, count)).data, block.data, out.data, y.cols, count, m.cols);
  }
  return transpose(out);
}

function rows64({ cols, data }: AnyMatrix, first: number, count: number): Matrix64 {
  return { rows: count, cols, data: Float64Array.from(data.subarray(first * cols, (first + count) * cols)) };
}
