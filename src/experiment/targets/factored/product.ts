import { type Matrix64, rowsOf, toFloat64 } from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products/multiply-into.ts';
import type { Progress } from '../../../math/progress.ts';
import { productSpectrum } from '../../../math/spectral/product-svd.ts';
import { type Rounded, roundedBlocks } from '../rounded.ts';
import type { FactoredMatrix } from './factored.ts';

/** All min(d, k) singular values of s·B·A, by r × r work; those beyond its rank are 0. */
export function factoredValues({ rows, cols, B, A, scaling }: FactoredMatrix): Float64Array {
  const values = new Float64Array(Math.min(rows, cols));
  values.set(productSpectrum(B, A, scaling));
  return values;
}

/** factor·B·A, each entry Σ b·a in float64 with the terms in their order, then the factor, rounded once to float32. */
export function factoredProduct({ rows, cols, B, A }: FactoredMatrix, factor: number, progress: Progress): Rounded {
  const right = toFloat64(A).data;
  const fill = (block: Matrix64, first: number) => {
    multiplyInto(toFloat64(rowsOf(B, first, block.rows)).data, right, block.data, block.rows, B.cols, cols);
    for (let i = 0; i < block.data.length; i++) block.data[i] *= factor;
  };
  return roundedBlocks(rows, cols, fill, progress);
}
