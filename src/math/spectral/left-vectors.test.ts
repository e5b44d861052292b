import { describe, expect, it } from 'vitest';
import { svd } from '../factor/svd.ts';
import { type Matrix32, type Matrix64, multiply, scale, toFloat32, toFloat64, zeros } from '../matrix.ts';
import { drain } from '../progress.ts';
import { gaussian, stream } from '../random.ts';
import { HARD_CASES } from '../testing/hard-cases.ts';
import { closestLeftCosines, intrudersInSlices, leadingLeftVectors } from './left-vectors.ts';
import { closestCosines, intruderDimensions } from './subspaces.ts';

const random = (rows: number, cols: number, name: string) => gaussian(rows, cols, stream(rows + 7 * cols, name));
const cosines = (M: Matrix64, Y: Matrix64) => drain(closestLeftCosines(M, Y));
const leading = (M: Matrix32, n: number) => drain(leadingLeftVectors(M, n));
const furthest = (a: Float64Array, b: Float64Array) => a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);

/** W and W + ΔW of rank 2, in float32. */
function pair(rows: number, cols: number): readonly [Matrix64, Matrix64] {
  const before = random(rows, cols, 'before');
  const added = multiply(random(rows, 2, 'left'), random(2, cols, 'right'));
  const after = { ...before, data: before.data.map((x, i) => x + 0.6 * added.data[i]) };
  return [toFloat64(toFloat32(before)), toFloat64(toFloat32(after))];
}

describe('the closest left singular vectors', () => {
  it.each([
    [1, 1],
    [1, 5],
    [7, 1],
    [33, 33],
    [90, 60],
    [50, 120],
    [120, 120],
  ])('of matrices of %i × %i are those of whole decompositions', (rows, cols) => {
    const [before, after] = pair(rows, cols);
    const { U, open } = leading(toFloat32(after), 10);
    expect(open).toBeLessThan(1e-9);
    const whole = [svd(before), svd(after)] as const;
    const wanted = closestCosines(...whole);
    expect(U.cols).toBe(wanted.length);
    // 10⁻⁹ of σ₁ by the smallest gap between the leading σ.
    expect(furthest(cosines(before, U), wanted)).toBeLessThan(1e-7);
    const { count } = drain(intrudersInSlices(before, toFloat32(after)));
    expect(count).toBe(intruderDimensions(...whole));
  });

  it.each(HARD_CASES.filter(({ matrix }) => Math.min(matrix.rows, matrix.cols) > 0))(
    'of $name are 1 for its own vectors, if its σ are apart',
    ({ matrix }) => {
      const whole = svd(matrix);
      const apart = [...whole.S.keys()].filter((j) =>
        whole.S.every((x, i) => i === j || Math.abs(x - whole.S[j]) > 1e-6 * whole.S[0]),
      );
      const closest = cosines(matrix, whole.U);
      for (const j of apart) expect(Math.abs(closest[j] - 1)).toBeLessThan(1e-8);
      for (const cosine of closest) expect(cosine).toBeLessThan(1 + 1e-12);
    },
  );

  it('do not change with the size of the numbers', () => {
    const [before, after] = pair(40, 40);
    const { U } = leading(toFloat32(after), 10);
    const wanted = cosines(before, U);
    for (const size of [1e-150, 1e150]) expect(furthest(cosines(scale(before, size), U), wanted)).toBeLessThan(1e-12);
  });

  it('are none of a zero matrix, and as many as a matrix has', () => {
    const none = leading(toFloat32(zeros(6, 6)), 10);
    expect(none.U.cols).toBe(0);
    expect(cosines(random(6, 6, 'any'), none.U)).toHaveLength(0);
    const two = multiply(random(40, 2, 'left'), random(2, 40, 'right'));
    expect(leading(toFloat32(two), 2).U.cols).toBe(2);
  });

  it('are said to be open if σ are so close that the steps do not tell them apart', () => {
    const close = zeros(90, 90);
    for (let i = 0; i < 90; i++) close.data[91 * i] = 1 - i * 1e-6;
    expect(drain(leadingLeftVectors(toFloat32(close), 10, 40)).open).toBeGreaterThan(1e-6);
    expect(leading(toFloat32(close), 10).open).toBe(0);
  });
});
