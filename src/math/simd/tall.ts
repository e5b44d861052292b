import type { Matrix64 } from '../matrix.ts';
import { layOut, numbersAt } from '../wasm-memory.ts';
import type { SimdKernel } from './kernel.ts';

/** The types that the kernel reads and writes, by its numbers. */
const TYPES = { F32: 0, F16: 1, BF16: 2 } as const;
export type PackedType = keyof typeof TYPES;

/** A tall matrix as little-endian numbers of a file: its rows one after another, or its columns. */
export interface PackedMatrix {
  readonly bytes: Uint8Array;
  readonly type: PackedType;
  readonly rows: number;
  readonly cols: number;
  readonly order: 'rows' | 'columns';
}

const sizeOf = (type: PackedType) => (type === 'F32' ? 4 : 2);

/** Rows of a block, fixed in layout.as. */
const BLOCK = 64;
/** Rows that are copied into the kernel's memory together. */
const PIECE = 16 * BLOCK;

const padded = (n: number) => Math.ceil(n / 4) * 4;
/** Numbers of a block with n columns, and of a piece. */
const blockLength = (n: number) => BLOCK * padded(n);
const pieceLength = ({ cols }: PackedMatrix) => (PIECE * cols) / 2 + 2;

const lengthsFor = (t: PackedMatrix) => ({ X: blockLength(t.cols), piece: pieceLength(t) });

interface RowBlock {
  readonly first: number;
  readonly rows: number;
}

/** Unpacks block after block of rows at X; rows and columns beyond the matrix are 0. */
function* blocksOf(kernel: SimdKernel, X: number, piece: number, t: PackedMatrix): Generator<RowBlock> {
  const [type, size] = [TYPES[t.type], sizeOf(t.type)];
  const memory = new Uint8Array(kernel.memory.buffer);
  numbersAt(kernel, X, blockLength(t.cols)).fill(0);
  for (let from = 0; from < t.rows; from += PIECE) {
    const count = Math.min(PIECE, t.rows - from);
    if (t.order === 'rows') memory.set(t.bytes.subarray(from * t.cols * size, (from + count) * t.cols * size), piece);
    else
      for (let p = 0; p < t.cols; p++) {
        const start = (p * t.rows + from) * size;
        memory.set(t.bytes.subarray(start, start + count * size), piece + p * count * size);
      }
    for (let i = 0; i < count; i += BLOCK) {
      const rows = Math.min(BLOCK, count - i);
      if (rows < BLOCK) numbersAt(kernel, X, BLOCK * t.cols).fill(0);
      if (t.order === 'rows') kernel.unpackRows(X, piece + i * t.cols * size, type, rows, t.cols, t.cols);
      else kernel.unpackColumns(X, piece + i * size, type, rows, t.cols, count);
      yield { first: from + i, rows };
    }
  }
}

/** R of the thin QR decomposition of a tall matrix, n × n, up to the signs of its rows. */
export interface Triangle {
  readonly R: Matrix64;
  /** R⁻¹; null if R is singular in float64, or nearly. */
  readonly inverse: Matrix64 | null;
  /** A bound of ‖QᵀQ − I‖ for Q = matrix·R⁻¹, up to a small factor; Infinity without R⁻¹. */
  readonly slant: number;
}

const UNIT = 2 ** -53;
/** Largest ‖L⁻¹‖² at which R is taken from the Gram matrix: R then has a relative error of some 100 roundings. */
const STEADY = 100;
/** Largest slant at which R⁻¹ is of use. */
const LARGEST_SLANT = 1e-10;

/**
 * R of a tall matrix (rows ≥ cols) whose numbers are finite; null if one is not.
 *
 * From its Gram matrix, G = RᵀR, if its columns, divided by their lengths, are far from dependent: with G + E, where ‖E‖
 * is a few roundings, R becomes (I + F)·R with ‖F‖ ≤ ‖L⁻¹‖²·‖E‖, L·Lᵀ the Gram matrix of the unit columns (Stewart and
 * Sun, Matrix Perturbation Theory, 1990). All singular values of a product with R keep their relative accuracy.
 * Otherwise by Householder reflections, block by block, which hold for every matrix.
 */
export function triangleOf(kernel: SimdKernel, t: PackedMatrix): Triangle | 'zero' | null {
  const n = t.cols;
  const stride = padded(n);
  const at = layOut(kernel, { ...lengthsFor(t), G: stride * stride, L: n * n, inverse: n * n, sizes: n });
  const G = numbersAt(kernel, at.G, stride * stride).fill(0);
  for (const _ of blocksOf(kernel, at.X, at.piece, t)) kernel.gram(at.G, at.X, stride);
  const sizes = numbersAt(kernel, at.sizes, n);
  for (let p = 0; p < n; p++) sizes[p] = Math.sqrt(G[p * (stride + 1)]);
  if (!sizes.every((size) => size < Infinity)) return null;
  if (sizes.every((size) => size === 0)) return 'zero';
  if (sizes.every((size) => size > 0) && kernel.cholesky(at.L, at.G, at.sizes, n, stride) > 1 / STEADY) {
    const found = inverted(kernel, at, n, 'square');
    if (found.square <= STEADY) return found.triangle;
  }
  return reflected(kernel, t);
}

type TrianglePlaces = Readonly<Record<'L' | 'inverse' | 'sizes', number>>;

/** R = Lᵀ·D, D the columns' lengths, with R⁻¹ = D⁻¹·L⁻ᵀ and a bound of ‖L⁻¹‖². */
function inverted(kernel: SimdKernel, { L, inverse, sizes }: TrianglePlaces, n: number, slant: 'square' | 'root') {
  kernel.invert(inverse, L, n);
  const [l, x, d] = [numbersAt(kernel, L, n * n), numbersAt(kernel, inverse, n * n), numbersAt(kernel, sizes, n)];
  const square = normBound(x, n);
  const [R, Y] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      R[i * n + j] = l[j * n + i] * d[j];
      Y[i * n + j] = x[j * n + i] / d[i];
    }
  const triangle: Triangle = {
    R: { rows: n, cols: n, data: R },
    inverse: { rows: n, cols: n, data: Y },
    slant: UNIT * (slant === 'square' ? square : Math.sqrt(square)),
  };
  return { triangle, square };
}

/** ‖X‖₁·‖X‖_∞ ≥ ‖X‖₂². */
function normBound(X: Float64Array, n: number): number {
  const columns = new Float64Array(n);
  let most = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j <= i; j++) {
      const x = Math.abs(X[i * n + j]);
      row += x;
      columns[j] += x;
    }
    most = Math.max(most, row);
  }
  return most * columns.reduce((max, sum) => Math.max(max, sum), 0);
}

function reflected(kernel: SimdKernel, t: PackedMatrix): Triangle {
  const n = t.cols;
  const at = layOut(kernel, { ...lengthsFor(t), R: n * n, L: n * n, inverse: n * n, sizes: n });
  const R = numbersAt(kernel, at.R, n * n).fill(0);
  for (const _ of blocksOf(kernel, at.X, at.piece, t)) kernel.reflect(at.R, at.X, n);
  const whole: Matrix64 = { rows: n, cols: n, data: R.slice() };
  // L is Rᵀ with columns of length 1.
  const [L, sizes] = [numbersAt(kernel, at.L, n * n).fill(0), numbersAt(kernel, at.sizes, n)];
  for (let j = 0; j < n; j++) {
    let square = 0;
    for (let i = 0; i <= j; i++) square += R[i * n + j] * R[i * n + j];
    sizes[j] = Math.sqrt(square);
    if (R[j * n + j] === 0) return { R: whole, inverse: null, slant: Infinity };
    for (let i = 0; i <= j; i++) L[j * n + i] = R[i * n + j] / sizes[j];
  }
  const { triangle } = inverted(kernel, at, n, 'root');
  const { inverse, slant } = triangle;
  return slant <= LARGEST_SLANT ? { R: whole, inverse, slant } : { R: whole, inverse: null, slant: Infinity };
}

/** R·Sᵀ of two upper triangles, n × n. */
export function coreOf(kernel: SimdKernel, { R }: Triangle, { R: S }: Triangle): Matrix64 {
  const n = R.rows;
  const at = layOut(kernel, { C: n * n, R: n * n, S: n * n });
  numbersAt(kernel, at.R, n * n).set(R.data);
  numbersAt(kernel, at.S, n * n).set(S.data);
  kernel.core(at.C, at.R, at.S, n);
  return { rows: n, cols: n, data: numbersAt(kernel, at.C, n * n).slice() };
}

/** The numbers of t·W, rounded once, in the order of t's own; W is n × k. */
export function timesSmall(kernel: SimdKernel, t: PackedMatrix, W: Matrix64, to: PackedType): Uint8Array<ArrayBuffer> {
  const [n, k] = [t.cols, W.cols];
  const [type, size] = [TYPES[to], sizeOf(to)];
  const at = layOut(kernel, { ...lengthsFor(t), W: n * (k + 1), Y: BLOCK * (k + 1), out: PIECE * k });
  const columns = numbersAt(kernel, at.W, n * (k + 1)).fill(0);
  for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) columns[j * n + i] = W.data[i * k + j];
  const bytes = new Uint8Array(t.rows * k * size);
  for (const { first, rows: m } of blocksOf(kernel, at.X, at.piece, t)) {
    kernel.product(at.Y, at.X, at.W, n, k);
    const from = first - (first % PIECE);
    const count = Math.min(PIECE, t.rows - from);
    if (t.order === 'rows') kernel.packRows(at.out + (first - from) * k * size, at.Y, type, m, k);
    else kernel.packColumns(at.out + (first - from) * size, at.Y, type, m, k, count);
    if (first + m < from + count) continue;
    const out = new Uint8Array(kernel.memory.buffer, at.out, count * k * size);
    if (t.order === 'rows') bytes.set(out, from * k * size);
    else
      for (let j = 0; j < k; j++)
        bytes.set(out.subarray(j * count * size, (j + 1) * count * size), (j * t.rows + from) * size);
  }
  return bytes;
}

/** XᵀX, XᵀY and YᵀY of two matrices of the same number of rows. */
export function gramsOf(kernel: SimdKernel, x: PackedMatrix, y: PackedMatrix): readonly [Matrix64, Matrix64, Matrix64] {
  const [n, k] = [padded(x.cols), padded(y.cols)];
  const at = layOut(kernel, {
    X: blockLength(n),
    Y: blockLength(k),
    pieceX: pieceLength(x),
    pieceY: pieceLength(y),
    grams: n * n + n * k + k * k,
  });
  const grams = numbersAt(kernel, at.grams, n * n + n * k + k * k).fill(0);
  const [toXY, toYY] = [at.grams + 8 * n * n, at.grams + 8 * (n * n + n * k)];
  inStep(kernel, x, y, at, () => {
    kernel.gram(at.grams, at.X, n);
    kernel.cross(toXY, at.X, at.Y, n, k);
    kernel.gram(toYY, at.Y, k);
  });
  const whole = (from: number, rows: number, cols: number): Matrix64 => ({
    rows,
    cols,
    data: grams.slice(from, from + rows * cols),
  });
  return [symmetric(whole(0, n, n)), whole(n * n, n, k), symmetric(whole(n * n + n * k, k, k))];
}

/** Copies what is left of the diagonal to its right. */
function symmetric(G: Matrix64): Matrix64 {
  const { rows: n, data } = G;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[j * n + i] = data[i * n + j];
  return G;
}

type StepPlaces = Readonly<Record<'X' | 'Y' | 'pieceX' | 'pieceY', number>>;

/** Blocks of the same rows of both. */
function inStep(kernel: SimdKernel, x: PackedMatrix, y: PackedMatrix, at: StepPlaces, work: () => void): void {
  const second = blocksOf(kernel, at.Y, at.pieceY, y);
  for (const _ of blocksOf(kernel, at.X, at.pieceX, x)) {
    second.next();
    work();
  }
}

/** R of [x y], (n + k) × (n + k), by reflections. */
export function stackedTriangle(kernel: SimdKernel, x: PackedMatrix, y: PackedMatrix): Matrix64 {
  const n = x.cols + y.cols;
  const at = layOut(kernel, {
    X: blockLength(n),
    spare: blockLength(4),
    pieceX: pieceLength(x),
    pieceY: pieceLength(y),
    R: n * n,
  });
  const R = numbersAt(kernel, at.R, n * n).fill(0);
  const places = { ...at, Y: at.X + 8 * BLOCK * x.cols };
  inStep(kernel, x, y, places, () => kernel.reflect(at.R, at.X, n));
  return { rows: n, cols: n, data: R.slice() };
}
