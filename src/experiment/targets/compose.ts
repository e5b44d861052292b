import { frobenius, type Matrix64, rowsOf, transpose, zeros } from '../../math/matrix.ts';
import { multiplyInto } from '../../math/products/multiply-into.ts';

/** U·diag(σ)·Vᵀ, d × k, for U d × n and V k × n. */
export function compose(U: Matrix64, sigma: Float64Array, V: Matrix64): Matrix64 {
  const out = zeros(U.rows, V.rows);
  composer(U, sigma, V)(out, 0);
  return out;
}

/** Makes U·diag(σ)·Vᵀ in blocks: writes its rows from `first` on into a block of zeros. */
export function composer(U: Matrix64, sigma: Float64Array, V: Matrix64): (block: Matrix64, first: number) => void {
  const scaled = zeros(U.rows, U.cols);
  for (let i = 0; i < U.data.length; i++) scaled.data[i] = U.data[i] * sigma[i % U.cols];
  const across = transpose(V);
  return ({ rows, data }, first) =>
    multiplyInto(rowsOf(scaled, first, rows).data, across.data, data, rows, U.cols, V.rows);
}

/** ‖U·diag(σ)·Vᵀ‖_F for orthonormal U and V, summed from the last, usually smallest, value. */
export function norm(sigma: Float64Array): number {
  let sum = 0;
  for (let i = sigma.length - 1; i >= 0; i--) sum += sigma[i] * sigma[i];
  return Math.sqrt(sum);
}

/** σ_i = ratio^(i−1), by repeated multiplication. */
export function geometric(n: number, ratio: number): Float64Array {
  const sigma = new Float64Array(n);
  for (let i = 0, value = 1; i < n; i++, value *= ratio) sigma[i] = value;
  return sigma;
}

/** By what a matrix has to be multiplied to have the given Frobenius norm; 1 for zero, which stays zero. */
export function factorTo(wanted: number, m: Matrix64): number {
  const present = frobenius(m);
  return present === 0 ? 1 : wanted / present;
}

/** block += s·rows of m from row `first` on. */
export function addRows(block: Matrix64, s: number, m: Matrix64, first: number): void {
  const start = first * m.cols;
  for (let i = 0; i < block.data.length; i++) block.data[i] += s * m.data[start + i];
}
