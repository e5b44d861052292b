import { leadingColumns, type Matrix64, zeros } from '../../math/matrix.ts';
import type { Triplets } from './init.ts';

/** The n largest triplets. Throws RangeError if there are fewer. */
export function firstTriplets({ U, S, V }: Triplets, n: number): Triplets {
  return { U: leadingColumns(U, n), S: S.slice(0, n), V: leadingColumns(V, n) };
}

/** The n smallest triplets, still in descending order. Throws RangeError if there are fewer. */
export function lastTriplets({ U, S, V }: Triplets, n: number): Triplets {
  return { U: columns(U, U.cols - n, U.cols), S: S.slice(S.length - n), V: columns(V, V.cols - n, V.cols) };
}

/** A = √(S/s)·Vᵀ and B = U·√(S/s): two factors of the same size with s·B·A = U·S·Vᵀ. */
export function balancedFactors({ U, S, V }: Triplets, s: number): Record<'A' | 'B', Matrix64> {
  const sizes = S.map((value) => Math.sqrt(value / s));
  return { A: scaledRows(V, sizes), B: scaledColumns(U, sizes) };
}

/** Columns from … to − 1, as a copy. */
export function columns(m: Matrix64, from: number, to: number): Matrix64 {
  if (from < 0 || to > m.cols) throw new RangeError(`columns ${from} … ${to - 1} asked of a matrix of ${m.cols}`);
  const out = zeros(m.rows, to - from);
  for (let i = 0; i < m.rows; i++) out.data.set(m.data.subarray(i * m.cols + from, i * m.cols + to), i * out.cols);
  return out;
}

/** diag(sizes)·mᵀ */
export function scaledRows(m: Matrix64, sizes: ArrayLike<number>): Matrix64 {
  const out = zeros(m.cols, m.rows);
  for (let j = 0; j < m.cols; j++) {
    for (let i = 0; i < m.rows; i++) out.data[j * m.rows + i] = sizes[j] * m.data[i * m.cols + j];
  }
  return out;
}

/** m·diag(sizes) */
export function scaledColumns(m: Matrix64, sizes: ArrayLike<number>): Matrix64 {
  const out = zeros(m.rows, m.cols);
  for (let at = 0; at < out.data.length; at++) out.data[at] = sizes[at % m.cols] * m.data[at];
  return out;
}
