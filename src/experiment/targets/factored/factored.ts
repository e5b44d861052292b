import { type Matrix32, type Matrix64, rowsOf, toFloat64 } from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products/multiply-into.ts';
import type { Progress } from '../../../math/progress.ts';
import { productSpectrum } from '../../factorisations.ts';
import { type Rounded, roundedBlocks } from '../rounded.ts';

/** A matrix s·B·A that is kept as its factors: the update of a module of an adapter file. */
export interface FactoredMatrix {
  readonly rows: number;
  readonly cols: number;
  /** rows × r */
  readonly B: Matrix32;
  /** r × cols */
  readonly A: Matrix32;
  readonly scaling: number;
  /** Which module it is, and of which file. Comes from outside: text, and nothing else. */
  readonly name: string;
}

/** What `data` holds: a drawing, a painting or a matrix, entry by entry or as factors. */
export type Drawn = Matrix64 | FactoredMatrix;

export function isFactored(drawn: Pick<Drawn, 'rows'>): drawn is FactoredMatrix {
  return 'B' in drawn;
}

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
