import { type Matrix64, zeros } from '../../../math/matrix.ts';
import { newSimdKernel, type SimdKernel } from '../../../math/simd/kernel.ts';
import { layOut, numbersAt } from '../../../math/wasm-memory.ts';

/** Products of a matrix that comes in panels of rows, in SIMD WebAssembly: 64 rows at a time, as math/simd has them. */

const BLOCK = 64;
/** Bytes of a block's column. */
const COLUMN = 8 * BLOCK;
/** Columns that stay in the processor's second cache while all of Z passes by. */
const CHUNK = 256;
/** Numbers of Z, at most (134 MB): a wider matrix is taken by plain code. */
const MOST = 2 ** 24;

const padded = (n: number) => Math.ceil(n / 4) * 4;

/** An instance of its own: it waits for panels while other work uses the common one. */
let own: SimdKernel | null | undefined;

function ownKernel(): SimdKernel | null {
  if (own === undefined) own = newSimdKernel();
  return own;
}

/** Rows `first` … of a panel as a block at X, columns one after another; rows and columns beyond the panel are 0. */
function loadRows(X: Float64Array, { rows, cols, data }: Matrix64, first: number): number {
  const count = Math.min(BLOCK, rows - first);
  if (count < BLOCK) X.fill(0);
  for (let i = 0; i < count; i++) {
    const from = (first + i) * cols;
    for (let j = 0; j < cols; j++) X[j * BLOCK + i] = data[from + j];
  }
  return count;
}

/** Work with one Z (cols × n): panels are added, results taken at the end. */
export interface PanelProduct {
  /** M·Z of a panel (rows × n). */
  readonly times: (panel: Matrix64) => Matrix64;
  /** Adds a panel to MᵀM·Z, and to R of the QR decomposition of M·Z. */
  readonly add: (panel: Matrix64) => void;
  readonly results: () => { readonly normal: Matrix64; readonly R: Matrix64 };
}

/** null without WebAssembly, or if Z is too large. Only one is in work at a time. */
export function panelProduct(Z: Matrix64): PanelProduct | null {
  const [cols, n] = [padded(Z.rows), padded(Z.cols)];
  const kernel = cols * n <= MOST ? ownKernel() : null;
  if (!kernel) return null;
  const at = layOut(kernel, {
    X: BLOCK * cols,
    W: cols * n,
    g: cols * n,
    Y: BLOCK * n,
    part: BLOCK * n,
    R: n * n,
  });
  const view = (from: number, length: number) => numbersAt(kernel, from, length);
  const [X, Y, part] = [view(at.X, BLOCK * cols), view(at.Y, BLOCK * n), view(at.part, BLOCK * n)];
  const [g, R] = [view(at.g, cols * n), view(at.R, n * n)];
  for (const array of [X, g, R]) array.fill(0);
  layOutColumns(view(at.W, cols * n), Z, cols, n);

  /** Y = X·Z, chunk by chunk of columns. */
  const multiply = () => {
    Y.fill(0);
    for (let c = 0; c < cols; c += CHUNK) {
      kernel.product(at.part, at.X + c * COLUMN, at.W + 8 * c * n, Math.min(CHUNK, cols - c), n);
      for (let i = 0; i < Y.length; i++) Y[i] += part[i];
    }
  };
  return {
    times(panel) {
      const out = zeros(panel.rows, Z.cols);
      for (let first = 0; first < panel.rows; first += BLOCK) {
        const count = loadRows(X, panel, first);
        multiply();
        for (let i = 0; i < count; i++)
          for (let j = 0; j < Z.cols; j++) out.data[(first + i) * Z.cols + j] = Y[j * BLOCK + i];
      }
      return out;
    },
    add(panel) {
      for (let first = 0; first < panel.rows; first += BLOCK) {
        loadRows(X, panel, first);
        multiply();
        kernel.cross(at.g, at.X, at.Y, cols, n);
        // Leaves other numbers in Y.
        kernel.reflect(at.R, at.Y, n);
      }
    },
    results: () => ({ normal: corner(g, n, Z.rows, Z.cols), R: corner(R, n, Z.cols, Z.cols) }),
  };
}

/** Z's columns in chunks of rows: those of a chunk one after another. */
function layOutColumns(W: Float64Array, Z: Matrix64, cols: number, n: number): void {
  W.fill(0);
  for (let c = 0; c < cols; c += CHUNK) {
    const length = Math.min(CHUNK, cols - c);
    for (let j = 0; j < Z.cols; j++)
      for (let i = 0; i < Math.min(length, Z.rows - c); i++) W[c * n + j * length + i] = Z.data[(c + i) * Z.cols + j];
  }
}

function corner(data: Float64Array, stride: number, rows: number, cols: number): Matrix64 {
  const out = zeros(rows, cols);
  for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * stride, i * stride + cols), i * cols);
  return out;
}

/** R of the QR decomposition of all panels together, by reflections: it has their singular values. */
export function panelTriangle(cols: number) {
  const n = padded(cols);
  const kernel = ownKernel();
  if (!kernel) return null;
  const at = layOut(kernel, { X: BLOCK * n, R: n * n });
  const [X, R] = [numbersAt(kernel, at.X, BLOCK * n), numbersAt(kernel, at.R, n * n)];
  X.fill(0);
  R.fill(0);
  return {
    add(panel: Matrix64) {
      for (let first = 0; first < panel.rows; first += BLOCK) {
        // The block before is overwritten by its reflections, the columns of the padding too.
        if (n > cols) X.fill(0);
        loadRows(X, panel, first);
        kernel.reflect(at.R, at.X, n);
      }
    },
    R: () => corner(R, n, cols, cols),
  };
}
