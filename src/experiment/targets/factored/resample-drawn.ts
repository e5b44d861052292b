import { type Matrix64, multiply, scale, toFloat64 } from '../../../math/matrix.ts';
import { resample } from '../resample.ts';
import { type Drawn, isFactored } from './factored.ts';

/** As resample: the means of s·B·A over cells are the product of those of B over rows and of A over columns. */
export function resampleDrawn(drawn: Drawn, d: number, k: number): Matrix64 {
  if (!isFactored(drawn)) return resample(drawn, d, k);
  const { B, A, scaling } = drawn;
  return multiply(scale(resample(toFloat64(B), d, B.cols), scaling), resample(toFloat64(A), A.rows, k));
}
