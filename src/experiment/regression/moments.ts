import { type AnyMatrix, frobenius, type Matrix64, multiply, scale, toFloat64, transpose } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/singular-values.ts';
import type { InputFacts } from '../settings/rate.ts';

/** X·Xᵀ/n, k × k, of inputs X (k × n). The mean is not taken off. */
export function secondMoment(X: AnyMatrix): Matrix64 {
  return scale(multiply(X, transpose(toFloat64(X))), 1 / X.cols);
}

/** From X itself: λmax = σ₁(X)²/n and tr = ‖X‖²_F/n need no k × k matrix. */
export function inputFacts(X: AnyMatrix): InputFacts {
  const largest = largestSingularValue(X);
  const norm = frobenius(X);
  return { lambdaMax: (largest * largest) / X.cols, trace: (norm * norm) / X.cols };
}
