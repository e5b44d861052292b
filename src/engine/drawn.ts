import { LARGEST_LISTED } from '../experiment/run-file/run-file.ts';
import type { Matrix32 } from '../math/matrix.ts';
import { type Plane, productCells, type Reduced, reduce } from '../math/plane.ts';

const known = new WeakMap<Matrix32, { readonly cells: number; readonly reduced: Reduced }>();

/** A matrix as it is drawn; made once, since a change of the initialisation or of α makes none of them again. */
export function drawnOf(matrix: Matrix32, rank: number): Reduced {
  const cells = productCells(rank);
  const made = known.get(matrix);
  if (made?.cells === cells) return made.reduced;
  const reduced = reduce(matrix.data, matrix.rows, matrix.cols, cells);
  known.set(matrix, { cells, reduced });
  return reduced;
}

export const copyOf = (plane: Plane): Plane => ({ ...plane, values: plane.values.slice() });

/** A copy of a matrix as it is drawn. */
export function reducedOf(matrix: Matrix32, rank: number): Reduced {
  const { mean, extreme } = drawnOf(matrix, rank);
  return { mean: copyOf(mean), extreme: extreme && copyOf(extreme) };
}

/** A matrix as the page gets it, whole where a run file lists it, and as it is drawn: copies, since the worker keeps its own. */
export function sentOf(
  matrix: Matrix32,
  rank: number,
): { readonly whole: Float32Array | null; readonly reduced: Reduced } {
  const whole = Math.max(matrix.rows, matrix.cols) <= LARGEST_LISTED ? matrix.data.slice() : null;
  const { mean, extreme } = drawnOf(matrix, rank);
  // Where every cell is one entry, picture and matrix are one array, on the page too.
  if (!extreme && whole) return { whole, reduced: { mean: { ...mean, values: whole }, extreme } };
  return { whole, reduced: reducedOf(matrix, rank) };
}
