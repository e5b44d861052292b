import { leadingColumns, type Matrix64, multiply, rowsOf, transpose, zeros } from '../matrix.ts';
import { multiplyInto } from '../products/multiply-into.ts';
import { gaussian, type Stream } from '../random.ts';

/** The rows × cols matrix I − left·right, where I is the rectangular identity. */
export interface Reflections {
  /** rows × p */
  readonly left: Matrix64;
  /** p × cols */
  readonly right: Matrix64;
}

/**
 * A rows × cols matrix with orthonormal columns (rows where rows < cols): the product of `count` reflections in random
 * directions, applied to a rectangular identity. For sizes where the QR of `orthonormal` would take too long; all but
 * 2·count of the square's singular directions are those of the identity. Drawn vector by vector.
 */
export function reflections(rows: number, cols: number, count: number, source: Stream): Reflections {
  if (rows < cols) {
    const { left, right } = reflections(cols, rows, count, source);
    return { left: transpose(right), right: transpose(left) };
  }
  const unit = unitRows(gaussian(count, rows, source));
  // Vᵀ times the identity is its leading columns, which saves a third of the work.
  return { left: transpose(unit), right: multiply(triangle(unit), leadingColumns(unit, cols)) };
}

/** Writes rows `first` … of the matrix into a block of zeros: a large one need never be held in float64. */
export function fillRows({ left, right }: Reflections, block: Matrix64, first: number): void {
  const { rows, cols, data } = block;
  multiplyInto(rowsOf(left, first, rows).data, right.data, data, rows, left.cols, cols);
  for (let i = 0; i < data.length; i++) data[i] = -data[i];
  for (let i = 0; i < rows && first + i < cols; i++) data[i * cols + first + i] += 1;
}

function unitRows(vectors: Matrix64): Matrix64 {
  const unit = zeros(vectors.rows, vectors.cols);
  for (let i = 0; i < vectors.rows; i++) {
    const start = i * vectors.cols;
    let largest = 0;
    for (let j = 0; j < vectors.cols; j++) largest = Math.max(largest, Math.abs(vectors.data[start + j]));
    if (largest === 0) continue;
    let square = 0;
    for (let j = 0; j < vectors.cols; j++) {
      const x = vectors.data[start + j] / largest;
      unit.data[start + j] = x;
      square += x * x;
    }
    const norm = Math.sqrt(square);
    for (let j = 0; j < vectors.cols; j++) unit.data[start + j] /= norm;
  }
  return unit;
}

/** T (p × p) in H₁ ⋯ H_p = I − V·T·Vᵀ for unit vectors: T_jj = 2, and column j above it is −2·T·Vᵀv_j. */
function triangle(unit: Matrix64): Matrix64 {
  const p = unit.rows;
  const G = multiply(unit, transpose(unit));
  const T = zeros(p, p);
  for (let j = 0; j < p; j++) {
    T.data[j * p + j] = 2;
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let l = i; l < j; l++) sum += T.data[i * p + l] * G.data[l * p + j];
      T.data[i * p + j] = -2 * sum;
    }
  }
  return T;
}
