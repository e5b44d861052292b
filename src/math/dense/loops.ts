import type { OnProgress } from '../progress.ts';

/** A matrix, as matrix.ts has it, which itself needs these loops. */
export interface DenseMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

/** Writes a square matrix into an array whose rows lie `stride` numbers apart. */
export type Fill = (A: Float64Array, stride: number) => void;

/** The arrays of a bidiagonalisation, and its two passes over A: see spectral/bidiagonal.ts. */
export interface BidiagonalRoom {
  /** Its rows lie `stride` numbers apart. */
  readonly A: Float64Array;
  readonly stride: number;
  /** Column 0 of A, and column k + 1 after gather(k). */
  readonly column: Float64Array;
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly u: Float64Array;
  readonly z: Float64Array;
  readonly nextV: Float64Array;
  readonly nextW: Float64Array;
  /** A −= v·wᵀ + z·uᵀ from row k on, and nextW += Aᵀ·nextV. */
  readonly gather: (k: number) => void;
  /** z = A·u from row and column `first` on; the entry of u before it is zero. */
  readonly times: (first: number) => void;
}

/** A matrix in the memory of the loops, times vectors, each product a new array. */
export interface VectorTimes {
  /** M·v. */
  times(v: Float64Array): Float64Array;
  /** Mᵀ·u. */
  transposeTimes(u: Float64Array): Float64Array;
}

/** A matrix in float64 that is made in the memory of the loops: see held-matrix.ts. */
export interface DenseHeld {
  /** Row i itself, to be written. */
  row(i: number): Float64Array;
  /** M −= U·(Uᵀ·M), then M −= (M·V)·Vᵀ, for U and V of n columns. */
  leaveOut(U: DenseMatrix, V: DenseMatrix, progress: OnProgress): void;
  /** M ← X·Y + s·M for X of n columns. */
  join(X: DenseMatrix, Y: DenseMatrix, s: number, progress: OnProgress): void;
  /** Σ M_ij², one sum in the order of the entries. */
  squares(): number;
  /** max |M_ij|, for entries that are numbers. */
  largest(): number;
  readonly vectors: VectorTimes;
  /** The entries of s·M, each rounded once more to float32. */
  rounded(s: number): Float32Array<ArrayBuffer>;
}

/**
 * The loops over large matrices in SIMD WebAssembly. Every sum is taken in the order of the plain loops, so that who has
 * not loaded them gets the same bits, later.
 */
export interface DenseLoops {
  /** out += x·y, as multiplyInto. */
  multiply(x: Float64Array, y: Float64Array, out: Float64Array, m: number, n: number, k: number): void;
  /** `fill` writes the matrix. */
  bidiagonal(n: number, fill: Fill): BidiagonalRoom;
  /** The entries of Q and R of the thin QR of p·m, R divided by p. */
  thinQr(m: DenseMatrix, p: number, progress?: OnProgress): { readonly Q: Float64Array; readonly R: Float64Array };
  /** The entries of Q alone. */
  orthonormal(m: DenseMatrix, p: number, progress?: OnProgress): Float64Array;
  /** R of the thin QR of p·m, or `across` of p·mᵀ, divided by p. */
  upperTriangle(m: DenseMatrix, p: number, across: boolean): Float64Array;
  /**
   * Of a matrix in float32 with the sums of matrixTimesVector and transposeTimesVector, in float64 with those of σ₁ by
   * Lanczos; null if there is no memory for its copy.
   */
  timesVectors(m: DenseMatrix): VectorTimes | null;
  /** A rows × cols matrix of zeros, and room for factors of n columns; null if there is no memory for them. */
  held(rows: number, cols: number, n: number): DenseHeld | null;
  /** As takeBlocks of plane.ts. */
  takeBlocks(values: Float32Array, cols: number, width: number, sums: Float64Array, extremes: Float32Array): void;
  /** Fills an even number of entries with deviation · normal numbers; the four words of the generator move on. */
  normals(out: Float32Array | Float64Array, deviation: number, words: Int32Array): void;
}

/** Multiply-adds from which a call is worth its copies. */
const MANY = 32768;

let given: DenseLoops | null | (() => DenseLoops | null) = null;

/** A function is called for them once, when they are first needed. */
export function giveDenseLoops(loops: typeof given): void {
  given = loops;
}

/** Null: this thread has not loaded them, or `work` is small. */
export function denseLoops(work: number): DenseLoops | null {
  if (work < MANY) return null;
  if (typeof given === 'function') given = given();
  return given;
}
