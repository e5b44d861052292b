import type { OnProgress } from '../progress.ts';
import { numbersAt } from '../wasm-memory.ts';
import type { DenseHeld, DenseMatrix } from './loops.ts';
import { rowBytes, timesAt, tryLayOut, type VectorKernel } from './wasm-vectors.ts';

type HeldProduct = (
  ...of: [out: number, outRow: number, x: number, xRow: number, panels: number, m: number, n: number, k: number]
) => void;

/** Exports of multiply.as and held.as. Addresses and rows are in bytes, sizes in numbers. */
export interface HeldKernel extends VectorKernel {
  /** All panels of eight columns of y, n rows of k. */
  pack(y: number, row: number, panels: number, n: number, k: number): void;
  addProduct: HeldProduct;
  takeProduct: HeldProduct;
  joinProduct(...of: [...Parameters<HeldProduct>, s: number]): void;
  squares(M: number, row: number, rows: number, cols: number): number;
  largest(M: number, row: number, rows: number, cols: number): number;
  /** s·x, in place and in float32. */
  scale(x: number, s: number, count: number): void;
  rounded(x: number, s: number, count: number, to: number): void;
}

/** Rows that stay in the processor's cache while the panels of a factor pass by. */
const ROWS = 32;
/** Columns of a panel. */
const PANEL = 8;
const padded = (n: number) => PANEL * Math.ceil(n / PANEL);

/** A matrix of zeros in a memory of its own, beside room for factors of n columns; null if there is no such memory. */
export function heldIn(kernel: HeldKernel, rows: number, cols: number, n: number): DenseHeld | null {
  const row = rowBytes(cols, 8);
  const longest = Math.max(rows, cols);
  const factors = { left: rows * n, right: (n * row) / 8, part: ROWS * padded(n), panel: rows * PANEL };
  const panels = { inside: padded(cols) * n, V: cols * padded(n), across: padded(cols) * n };
  const at = tryLayOut(kernel, { x: longest, out: longest, ...factors, ...panels, M: (rows * row) / 8 });
  if (!at) return null;
  const M = numbersAt(kernel, at.M, (rows * row) / 8);
  const [left, right] = [numbersAt(kernel, at.left, rows * n), numbersAt(kernel, at.right, (n * row) / 8)];
  const narrow = new Float32Array(kernel.memory.buffer, at.x, cols);

  const eachBlock = (visit: (address: number, first: number, count: number) => void, progress: OnProgress) => {
    for (let first = 0; first < rows; first += ROWS) {
      visit(at.M + first * row, first, Math.min(ROWS, rows - first));
      progress(Math.min(1, (first + ROWS) / rows));
    }
  };
  /** y (n × cols) with the zeros behind its rows that M has, in panels. */
  const packRows = (y: Float64Array, to: number) => {
    right.fill(0);
    for (let p = 0; p < n; p++) right.set(y.subarray(p * cols, (p + 1) * cols), (p * row) / 8);
    kernel.pack(at.right, row, to, n, cols);
  };

  return {
    write(first, values) {
      for (let i = 0; i * cols < values.length; i++)
        M.set(values.subarray(i * cols, (i + 1) * cols), ((first + i) * row) / 8);
    },
    leaveOut(U, V, progress) {
      left.set(across(U));
      right.fill(0);
      for (let j = 0; j < cols; j += PANEL) {
        kernel.pack(at.M + 8 * j, row, at.panel, rows, PANEL);
        kernel.addProduct(at.right + 8 * j, row, at.left, 8 * rows, at.panel, n, rows, PANEL);
        progress(j / cols / 3);
      }
      kernel.pack(at.right, row, at.inside, n, cols);
      packRows(across(V), at.across);
      // A last panel that V does not fill holds what comes next, in columns of the part that nobody reads.
      right.set(V.data);
      kernel.pack(at.right, 8 * n, at.V, cols, n);
      left.set(U.data);
      const part = numbersAt(kernel, at.part, ROWS * padded(n));
      const wide = 8 * padded(n);
      eachBlock(
        (block, first, count) => {
          kernel.takeProduct(block, row, at.left + 8 * first * n, 8 * n, at.inside, count, n, cols);
          part.fill(0);
          kernel.addProduct(at.part, wide, block, row, at.V, count, cols, n);
          kernel.takeProduct(block, row, at.part, wide, at.across, count, n, cols);
        },
        (done) => progress((1 + 2 * done) / 3),
      );
    },
    join(X, Y, s, progress) {
      left.set(X.data);
      packRows(new Float64Array(Y.data), at.across);
      eachBlock(
        (block, first, count) =>
          kernel.joinProduct(block, row, at.left + 8 * first * n, 8 * n, at.across, count, n, cols, s),
        progress,
      );
    },
    squares: () => kernel.squares(at.M, row, rows, cols),
    largest: () => kernel.largest(at.M, row, rows, cols),
    vectors: timesAt(kernel, at, row, rows, cols, false),
    rounded(s) {
      const all = new Float32Array(rows * cols);
      for (let i = 0; i < rows; i++) {
        kernel.rounded(at.M + i * row, s, cols, at.x);
        all.set(narrow, i * cols);
      }
      return all;
    },
  };
}

/** The entries of mᵀ. */
function across({ rows, cols, data }: DenseMatrix): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = data[i * cols + j];
  return out;
}
