import { describe, expect, it } from 'vitest';
import { type Matrix32, type Matrix64, maxAbs, multiply, subtract, toFloat32, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { orthogonalityError } from '../testing/checks.ts';
import { withValues } from '../testing/hard-cases.ts';
import { type GolubKahan, golubKahan } from './golub-kahan.ts';

/** The columns that are kept one after another, as a matrix. */
const columns = (data: Float64Array, n: number, count: number): Matrix64 =>
  transpose({ rows: count, cols: n, data: data.slice(0, n * count) });

function parts(M: Matrix32, steps: number): { U: Matrix64; V: Matrix64; B: Matrix64; found: GolubKahan } {
  const found = golubKahan(M, steps);
  while (found.step());
  const k = found.d.length;
  const B = zeros(k, k);
  for (let i = 0; i < k; i++) {
    B.data[i * k + i] = found.d[i];
    if (i + 1 < k) B.data[i * k + i + 1] = found.e[i];
  }
  return { U: columns(found.U, found.left, k), V: columns(found.V, found.right, k), B, found };
}

const CASES: [string, Matrix32, number][] = [
  ['random', toFloat32(gaussian(60, 45, stream(1, 'case'))), 20],
  ['random, to the end', toFloat32(gaussian(30, 25, stream(2, 'case'))), 100],
  ['values that occur often', toFloat32(withValues(60, 50, [3, 3, 3, 3, 1, 1, 1, 1, 1])), 30],
  ['a rotation', toFloat32(withValues(40, 40, new Array<number>(40).fill(1))), 30],
];

describe('bidiagonalisation', () => {
  it.each(CASES)('of %s: M·V = U·B, Mᵀ·U = V·Bᵀ but for the last column, U and V orthonormal', (_, M, steps) => {
    const { U, V, B, found } = parts(M, steps);
    const k = B.rows;
    expect(orthogonalityError(U)).toBeLessThan(1e-12);
    expect(orthogonalityError(V)).toBeLessThan(1e-12);
    expect(maxAbs(subtract(multiply(M, V), multiply(U, B)))).toBeLessThan(1e-11);
    const back = subtract(multiply(transpose(M), U), multiply(V, transpose(B)));
    for (let i = 0; i < back.data.length; i++) if (i % k !== k - 1) expect(Math.abs(back.data[i])).toBeLessThan(1e-11);
    const out = Math.sqrt(back.data.reduce((sum, x, i) => sum + (i % k === k - 1 ? x * x : 0), 0));
    expect(Math.abs(out - found.e[k - 1])).toBeLessThan(1e-11);
  });

  it('of a wide matrix is that of its transpose', () => {
    const M = toFloat32(gaussian(12, 40, stream(3, 'case')));
    const [wide, tall] = [golubKahan(M, 8), golubKahan(transpose(M), 8)];
    while (wide.step() && tall.step());
    for (let i = 0; i < 8; i++) expect(Math.abs(wide.d[i] - tall.d[i])).toBeLessThan(1e-12);
  });

  it('ends where a matrix has no more, at the latest after `most` steps', () => {
    const zero = golubKahan(toFloat32(zeros(9, 6)), 5);
    expect([zero.step(), zero.d.length]).toEqual([false, 0]);
    const two = golubKahan(toFloat32(zeros(9, 6)), 5);
    expect(two.step()).toBe(false);
    const random = parts(toFloat32(gaussian(9, 6, stream(4, 'case'))), 4).found;
    expect(random.d.length).toBe(4);
  });
});
