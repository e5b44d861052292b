import { describe, expect, it } from 'vitest';
import {
  leadingColumns,
  type Matrix64,
  maxAbs,
  multiply,
  rowsOf,
  scale,
  subtract,
  transpose,
  zeros,
} from '../matrix.ts';
import { gaussian, type Stream, stream } from '../random.ts';
import { singularValues } from '../spectral/singular-values.ts';
import { orthogonalityError, spectrumError } from '../testing/checks.ts';
import { fromRows } from '../testing/rows.ts';
import { fillRows, reflections } from './householder.ts';

function identity(n: number): Matrix64 {
  const m = zeros(n, n);
  for (let i = 0; i < n; i++) m.data[i * n + i] = 1;
  return m;
}

/** H₁ ⋯ H_p, multiplied out. */
function product(vectors: Matrix64): Matrix64 {
  let H = identity(vectors.cols);
  for (let i = 0; i < vectors.rows; i++) {
    const v = fromRows([Array.from(vectors.data.subarray(i * vectors.cols, (i + 1) * vectors.cols))]);
    const square = v.data.reduce((sum, x) => sum + x * x, 0);
    H = multiply(H, subtract(identity(vectors.cols), scale(multiply(transpose(v), v), 2 / square)));
  }
  return H;
}

/** The whole matrix, made in blocks of three rows. */
function whole(rows: number, cols: number, count: number, purpose: Stream): Matrix64 {
  const drawn = reflections(rows, cols, count, purpose);
  const m = zeros(rows, cols);
  for (let first = 0; first < rows; first += 3) {
    fillRows(drawn, rowsOf(m, first, Math.min(3, rows - first)), first);
  }
  return m;
}

describe('reflections', () => {
  it('make orthonormal columns, or rows where those are fewer', () => {
    expect(orthogonalityError(whole(40, 40, 8, stream(3, 'target')))).toBeLessThan(1e-14);
    expect(orthogonalityError(whole(40, 25, 8, stream(3, 'target')))).toBeLessThan(1e-14);
    expect(orthogonalityError(transpose(whole(25, 40, 8, stream(3, 'target'))))).toBeLessThan(1e-14);
    const flat = singularValues(whole(50, 40, 64, stream(3, 'target')));
    expect(spectrumError(flat, new Array<number>(40).fill(1))).toBeLessThan(1e-14);
  });

  it('are the product of the drawn directions', () => {
    const vectors = gaussian(4, 7, stream(4, 'target'));
    const wanted = leadingColumns(product(vectors), 5);
    expect(maxAbs(subtract(whole(7, 5, 4, stream(4, 'target')), wanted))).toBeLessThan(1e-14);
  });
});
