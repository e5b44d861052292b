import type { Matrix32, Matrix64 } from '../../math/matrix.ts';

/** A matrix s·B·A kept as factors: the update of a module of an adapter file. */
export interface FactoredMatrix {
  readonly rows: number;
  readonly cols: number;
  /** rows × r */
  readonly B: Matrix32;
  /** r × cols */
  readonly A: Matrix32;
  readonly scaling: number;
  /** Names of its module and file. From outside: plain text. */
  readonly name: string;
}

/** The decoded `data`: a drawing, a painting or a matrix, entry by entry or as factors. */
export type DataMatrix = Matrix64 | FactoredMatrix;

export function isFactored(drawn: Pick<DataMatrix, 'rows'>): drawn is FactoredMatrix {
  return 'B' in drawn;
}
