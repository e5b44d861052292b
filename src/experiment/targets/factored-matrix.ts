import type { Matrix32, Matrix64 } from '../../math/matrix.ts';

/** What is beside ΔW of a module. */
interface Beside {
  /** What a run of the initialisation `file` starts from: the module in an adapter file. */
  readonly start?: FactoredStart;
  /** W₀ of the module, rows × cols, in the model of this name; absent: the Lab draws one. */
  readonly base?: { readonly matrix: Matrix32; readonly name: string };
}

/** A matrix s·B·A kept as factors: the update of a module of an adapter file. */
export interface FactoredMatrix extends Beside {
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

/** A matrix entry by entry; of two models, with a name like the above, entries are float32. */
export interface WholeMatrix extends Matrix64, Beside {
  readonly name?: string;
}

/** s·B·A that a run starts from; B is rows × r and A r × cols, of a rank of its own. */
export type FactoredStart = Pick<FactoredMatrix, 'B' | 'A' | 'scaling' | 'name'>;

/** The decoded `data`: a drawing, a painting or a matrix, entry by entry or as factors. */
export type DataMatrix = WholeMatrix | FactoredMatrix;

/** A rank and s; of ΔW entry by entry they are 0 and 1. */
type StoredFactors = Pick<FactoredMatrix, 'scaling' | 'name'> & { readonly rank: number };

/** A matrix or module with more numbers than a text holds. They are out of the page's memory: a worker reads them. */
export interface StoredModule extends Omit<StoredFactors, 'name'> {
  readonly rows: number;
  readonly cols: number;
  readonly name?: string;
  readonly start?: StoredFactors;
  readonly base?: { readonly name: string };
  /** In float32: B and A, or ΔW; those of the start; W₀. */
  readonly values: Blob;
  /** `data` of its experiment, which names it. */
  readonly text: string;
  /** Means of ΔW over a few cells. */
  readonly preview: Matrix64;
}

/** `data` as the page has it. */
export type ReadyDrawing = DataMatrix | StoredModule;

export function isStored(drawn: object): drawn is StoredModule {
  return 'values' in drawn;
}

export function isFactored<T extends { readonly rows: number }>(drawn: T): drawn is Extract<T, FactoredMatrix> {
  return 'B' in drawn;
}
