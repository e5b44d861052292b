import { exponent, powerOfTwo } from './elementary.ts';
import { multiplyInto } from './products.ts';

/**
 * Dense matrices as plain data: row-major, in float32 or float64. Every sum is taken in float64 and in a fixed order,
 * so that the same numbers give the same bits in every browser.
 */
export interface Matrix<T extends Float32Array | Float64Array = Float64Array> {
  readonly rows: number;
  readonly cols: number;
  /** Row-major: entry (i, j) is data[i·cols + j]. */
  readonly data: T;
}
export type Matrix64 = Matrix<Float64Array>;
export type Matrix32 = Matrix<Float32Array>;
export type AnyMatrix = Matrix32 | Matrix64;

/** A rows × cols float64 matrix of zeros. */
export function zeros(rows: number, cols: number): Matrix64 {
  return { rows, cols, data: new Float64Array(rows * cols) };
}

/** I, n × n. */
export function identity(n: number): Matrix64 {
  const one = zeros(n, n);
  for (let i = 0; i < n; i++) one.data[i * (n + 1)] = 1;
  return one;
}

/** A rows × cols float32 matrix of zeros. */
export function zeros32(rows: number, cols: number): Matrix32 {
  return { rows, cols, data: new Float32Array(rows * cols) };
}

/** [x; y], x above y. */
export function vstack(x: Matrix64, y: Matrix64): Matrix64 {
  const out = zeros(x.rows + y.rows, x.cols);
  out.data.set(x.data);
  out.data.set(y.data, x.data.length);
  return out;
}

/** The transpose, cols × rows, of the same element type. */
export function transpose<T extends Float32Array | Float64Array>(m: Matrix<T>): Matrix<T> {
  const { rows, cols, data } = m;
  const out = (data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length)) as T;
  // In tiles, since one of the two sides is always read or written with a stride.
  const tile = 16;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    const i1 = Math.min(rows, i0 + tile);
    for (let j0 = 0; j0 < cols; j0 += tile) {
      const j1 = Math.min(cols, j0 + tile);
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) out[j * rows + i] = data[i * cols + j];
    }
  }
  return { rows: cols, cols: rows, data: out };
}

/**
 * The product a·b in float64, whatever the element types. Each entry is Σ_p a_ip·b_pj with p ascending, one rounding
 * after each product and each sum. Throws RangeError if a.cols ≠ b.rows.
 */
export function multiply(a: AnyMatrix, b: AnyMatrix): Matrix64 {
  if (a.cols !== b.rows) throw new RangeError(`cannot multiply ${a.rows}×${a.cols} by ${b.rows}×${b.cols}`);
  const out = zeros(a.rows, b.cols);
  multiplyInto(toFloat64(a).data, toFloat64(b).data, out.data, a.rows, a.cols, b.cols);
  return out;
}

/** Whether no entry is NaN or infinite. */
export function allFinite({ data }: AnyMatrix): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

/** s·m in float64. */
export function scale(m: AnyMatrix, s: number): Matrix64 {
  const out = zeros(m.rows, m.cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = s * m.data[i];
  return out;
}

/** a − b in float64. Throws RangeError if the shapes differ. */
export function subtract(a: AnyMatrix, b: AnyMatrix): Matrix64 {
  if (a.rows !== b.rows || a.cols !== b.cols) {
    throw new RangeError(`cannot subtract ${b.rows}×${b.cols} from ${a.rows}×${a.cols}`);
  }
  const out = zeros(a.rows, a.cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = a.data[i] - b.data[i];
  return out;
}

/** ‖m‖_F = sqrt(Σ m_ij²), without overflow or underflow on the way. */
export function frobenius(m: AnyMatrix): number {
  const { data } = m;
  const sum = data instanceof Float32Array ? squares32(data) : squares64(data);
  if (Number.isNaN(sum) || (sum > 1e-280 && sum < Infinity)) return Math.sqrt(sum);
  const largest = maxAbs(m);
  if (largest === 0 || largest === Infinity) return largest;
  let scaled = 0;
  for (let i = 0; i < data.length; i++) {
    const x = data[i] / largest;
    scaled += x * x;
  }
  return largest * Math.sqrt(scaled);
}

/** max |m_ij|: 0 for an empty matrix, NaN if an entry is NaN. */
export function maxAbs({ data }: AnyMatrix): number {
  return data instanceof Float32Array ? largest32(data) : largest64(data);
}

/**
 * Made once for each type of array: a function that has seen both looks the type up at every entry, which takes several
 * times as long.
 */
const largestIn =
  <T extends Float32Array | Float64Array>() =>
  (data: T): number => {
    let largest = 0;
    for (let i = 0; i < data.length; i++) {
      const x = Math.abs(data[i]);
      if (x <= largest) continue;
      if (Number.isNaN(x)) return Number.NaN;
      largest = x;
    }
    return largest;
  };
const squaresOf =
  <T extends Float32Array | Float64Array>() =>
  (data: T): number => {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
    return sum;
  };
const squares32 = squaresOf<Float32Array>();
const squares64 = squaresOf<Float64Array>();
const largest32 = largestIn<Float32Array>();
const largest64 = largestIn<Float64Array>();

/** Each entry rounded once to float32. Always a copy. */
export function toFloat32(m: AnyMatrix): Matrix32 {
  return { rows: m.rows, cols: m.cols, data: new Float32Array(m.data) };
}

/** The entries of m in float64: m itself if they already are. */
export function toFloat64(m: AnyMatrix): Matrix64 {
  const { rows, cols, data } = m;
  return { rows, cols, data: data instanceof Float64Array ? data : new Float64Array(data) };
}

/** The first n columns, as a copy. */
export function leadingColumns<T extends Float32Array | Float64Array>(m: Matrix<T>, n: number): Matrix<T> {
  if (n > m.cols) throw new RangeError(`${n} columns asked of a matrix of ${m.cols}`);
  const length = m.rows * n;
  const data = (m.data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as T;
  for (let i = 0; i < m.rows; i++) data.set(m.data.subarray(i * m.cols, i * m.cols + n), i * n);
  return { rows: m.rows, cols: n, data };
}

/** The columns with those indices, in their order, as float64. */
export function pickColumns(m: AnyMatrix, indices: ArrayLike<number>): Matrix64 {
  const out = zeros(m.rows, indices.length);
  for (let i = 0; i < m.rows; i++)
    for (let c = 0; c < indices.length; c++) out.data[i * out.cols + c] = m.data[i * m.cols + indices[c]];
  return out;
}

/** The first n rows, as a copy. */
export function leadingRows<T extends Float32Array | Float64Array>(m: Matrix<T>, n: number): Matrix<T> {
  if (n > m.rows) throw new RangeError(`${n} rows asked of a matrix of ${m.rows}`);
  return { rows: n, cols: m.cols, data: m.data.slice(0, n * m.cols) as T };
}

/** `count` rows from row `first` on, sharing the memory of m. */
export function rowsOf<T extends Float32Array | Float64Array>(m: Matrix<T>, first: number, count: number): Matrix<T> {
  return { rows: count, cols: m.cols, data: m.data.subarray(first * m.cols, (first + count) * m.cols) as T };
}

/**
 * The power of two that brings the largest entry of m into [0.5, 1), so that squares can neither overflow nor vanish:
 * decompositions work on m·p and divide by p at the end. Multiplying by it is exact. 1 for the zero matrix. For a
 * matrix of subnormals it stops at 2^1000, which leaves entries of about 2^-74, still large enough to square. Throws
 * RangeError if an entry is not finite.
 */
export function rangeScale(m: AnyMatrix): number {
  return scaleFor(maxAbs(m));
}

/** rangeScale of a matrix whose largest entry has this size. */
export function scaleFor(largest: number): number {
  if (!(largest < Infinity)) throw new RangeError('the matrix has an entry that is not a finite number');
  if (largest === 0) return 1;
  return powerOfTwo(Math.max(-1022, Math.min(1000, -1 - exponent(largest))));
}
