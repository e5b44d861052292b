import { frobenius, type Matrix64, multiply, scale, transpose, zeros } from '../math/matrix.ts';

/** U·diag(σ)·Vᵀ, d × k, for U d × n and V k × n. */
export function compose(U: Matrix64, sigma: Float64Array, V: Matrix64): Matrix64 {
  const scaled = zeros(U.rows, U.cols);
  for (let i = 0; i < U.data.length; i++) scaled.data[i] = U.data[i] * sigma[i % U.cols];
  return multiply(scaled, transpose(V));
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

/** The same matrix with the given Frobenius norm; zero stays zero. */
export function withNorm(m: Matrix64, wanted: number): Matrix64 {
  const present = frobenius(m);
  return present === 0 ? m : scale(m, wanted / present);
}

/** a += b, entry by entry. */
export function addTo(a: Matrix64, b: Matrix64): void {
  for (let i = 0; i < a.data.length; i++) a.data[i] += b.data[i];
}
