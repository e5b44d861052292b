import { denseLoops } from './dense/loops.ts';
import {
  frobenius,
  type Matrix32,
  type Matrix64,
  multiply,
  rowsOf,
  scaleFor,
  transpose,
  zeros,
  zeros32,
} from './matrix.ts';
import type { OnProgress } from './progress.ts';
import { lanczosLargest, largestSingularValue } from './spectral/singular-values.ts';

/**
 * A large matrix in float64 that is changed in place: each part of its making passes over it once, and in the memory of
 * the loops no copy of it is made.
 */
export interface HeldMatrix {
  /** Row i itself, to be written. */
  row(i: number): Float64Array;
  /** M −= U·(Uᵀ·M), then M −= (M·V)·Vᵀ. */
  leaveOut(U: Matrix64, V: Matrix64, progress: OnProgress): void;
  /** M ← X·Y + s·M. */
  join(X: Matrix64, Y: Matrix64, s: number, progress: OnProgress): void;
  /** ‖M‖_F */
  norm(): number;
  /** σ₁ as largestSingularValue has it for a matrix this large. */
  largestValue(progress: OnProgress): number;
  /** s·M in float64, each entry rounded once more to float32. */
  rounded(s: number): Matrix32;
}

/** Of zeros, larger than 160 × 160. U and X have n columns. The bits are the same in both memories. */
export function heldMatrix(rows: number, cols: number, n: number): HeldMatrix {
  const held = denseLoops(rows * cols)?.held(rows, cols, n);
  if (!held) return plainMatrix(rows, cols);
  return {
    ...held,
    // Normal numbers and what is left of them have squares in the range of float64.
    norm: () => Math.sqrt(held.squares()),
    largestValue(progress) {
      const p = scaleFor(held.largest());
      return lanczosLargest(rows, cols, held.vectors, p, progress) / p;
    },
    rounded: (s) => ({ rows, cols, data: held.rounded(s) }),
  };
}

/** Rows at a time, whose entries do not depend on it: each product reads one of the factors whole. */
const ROWS = 128;

function plainMatrix(rows: number, cols: number): HeldMatrix {
  const M = zeros(rows, cols);
  const eachBlock = (visit: (block: Matrix64, first: number) => void, progress: OnProgress) => {
    for (let first = 0; first < rows; first += ROWS) {
      visit(rowsOf(M, first, Math.min(ROWS, rows - first)), first);
      progress(Math.min(1, (first + ROWS) / rows));
    }
  };
  return {
    row: (i) => rowsOf(M, i, 1).data,
    leaveOut(U, V, progress) {
      const inside = multiply(transpose(U), M);
      const across = transpose(V);
      eachBlock((block, first) => {
        take(block, multiply(rowsOf(U, first, block.rows), inside));
        take(block, multiply(multiply(block, V), across));
      }, progress);
    },
    join(X, Y, s, progress) {
      eachBlock((block, first) => {
        const sum = multiply(rowsOf(X, first, block.rows), Y);
        for (let i = 0; i < block.data.length; i++) block.data[i] = sum.data[i] + s * block.data[i];
      }, progress);
    },
    norm: () => frobenius(M),
    largestValue: (progress) => largestSingularValue(M, progress),
    rounded(s) {
      const all = zeros32(rows, cols);
      for (let i = 0; i < M.data.length; i++) all.data[i] = s * M.data[i];
      return all;
    },
  };
}

/** block −= part */
function take(block: Matrix64, part: Matrix64): void {
  for (let i = 0; i < block.data.length; i++) block.data[i] -= part.data[i];
}
