/** Properties of a decomposition as numbers to compare with a tolerance, for tests. */
import {
  type AnyMatrix,
  type Matrix64,
  maxAbs,
  multiply,
  rangeScale,
  scale,
  subtract,
  transpose,
  zeros,
} from '../matrix.ts';

/** max |QᵀQ − I|: distance of the columns from orthonormal. */
export function orthogonalityError(Q: Matrix64): number {
  const identity = zeros(Q.cols, Q.cols);
  for (let i = 0; i < Q.cols; i++) identity.data[i * Q.cols + i] = 1;
  return maxAbs(subtract(multiply(transpose(Q), Q), identity));
}

/** max |U·diag(S)·Vᵀ − M| as a share of σ₁, computed in a range where nothing vanishes. */
export function reconstructionError(U: Matrix64, S: Float64Array, V: Matrix64, M: AnyMatrix): number {
  if (S.length === 0 || S[0] === 0) return maxAbs(M);
  const p = rangeScale(M);
  const US = zeros(U.rows, U.cols);
  for (let i = 0; i < US.data.length; i++) US.data[i] = U.data[i] * (S[i % U.cols] * p);
  return maxAbs(subtract(multiply(US, transpose(V)), scale(M, p))) / (S[0] * p);
}

/** The largest distance between two spectra, as a share of σ₁. */
export function spectrumError(found: Float64Array, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  const largest = Math.max(wanted[0], 1e-307);
  let error = 0;
  for (let i = 0; i < found.length; i++) error = Math.max(error, Math.abs(found[i] - wanted[i]) / largest);
  return error;
}

/** Whether every value is a number, not negative, and no larger than the one before. */
export function isDescending(values: Float64Array): boolean {
  return values.every((x, i) => x >= 0 && (i === 0 || x <= values[i - 1]));
}
