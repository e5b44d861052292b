import type { Matrix32, Matrix64 } from '../../math/matrix.ts';

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
export type DataMatrix = Matrix64 | FactoredMatrix;

export function isFactored(drawn: Pick<DataMatrix, 'rows'>): drawn is FactoredMatrix {
  return 'B' in drawn;
}
