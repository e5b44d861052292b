import { describe, expect, it } from 'vitest';
import { orthonormal } from '../factor/qr.ts';
import { svd } from '../factor/svd.ts';
import {
  frobenius,
  type Matrix32,
  type Matrix64,
  maxAbs,
  multiply,
  scale,
  subtract,
  toFloat32,
  transpose,
  zeros,
} from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { isDescending, orthogonalityError } from '../testing/checks.ts';
import { HARD_CASES, withValues } from '../testing/hard-cases.ts';
import { partOf } from '../testing/part-of.ts';
import { fromRows } from '../testing/rows.ts';
import {
  type GolubKahan,
  golubKahan,
  type LeadingValues,
  leadingTriplets,
  leadingValues,
  matrixTimesVector,
  transposeTimesVector,
} from './leading-values.ts';
import { singularValues } from './singular-values.ts';

/** The largest distance from the full spectrum, as a share of σ₁; the values never lie above it. */
function distance(M: Matrix32, found: LeadingValues, count: number): number {
  const all = singularValues(M);
  expect(found.values).toHaveLength(Math.min(count, all.length));
  expect(isDescending(found.values)).toBe(true);
  let max = 0;
  for (let i = 0; i < found.values.length; i++) {
    expect(found.values[i] - all[i]).toBeLessThanOrEqual(1e-12 * all[0]);
    max = Math.max(max, all[i] - found.values[i]);
  }
  return all[0] > 0 ? max / all[0] : 0;
}

const list = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));

const SETTLING: [string, number, number, number[]][] = [
  ['geometric', 300, 260, list(260, (i) => 0.8 ** i)],
  ['a slow power law with a gap', 260, 300, list(260, (i) => (i < 64 ? (i + 1) ** -0.5 : 0.06 * (1 - i / 300)))],
  ['a cluster of 20', 300, 260, list(260, (i) => (i < 20 ? 1 + i * 1e-6 : 0.01 / (i - 18)))],
  ['100 equal values', 300, 260, list(260, (i) => (i < 100 ? 1 : 0.001))],
  ['two levels of 40', 280, 280, list(280, (i) => (i < 40 ? 2 : i < 80 ? 1 : 0.01))],
  ['rank 30', 300, 260, list(30, (i) => 1 / (i + 1))],
  ['rank 1', 300, 260, [5]],
  ['all equal', 270, 270, list(270, () => 1)],
  ['thin', 1500, 80, list(80, (i) => 1 / (i + 1))],
  ['wide and short', 70, 1500, list(70, (i) => 0.9 ** i)],
];

describe('the leading 64 values', () => {
  it.each(partOf(SETTLING, 5, 2))('of %s (%s × %s) are those of the full spectrum', (_, rows, cols, values) => {
    const M = toFloat32(withValues(rows, cols, values));
    const found = leadingValues(M, 64);
    expect(found.error).toBe(1e-7);
    expect(distance(M, found, 64)).toBeLessThan(1e-7);
  });

  it('scale with the matrix', () => {
    const M = toFloat32(
      withValues(
        90,
        100,
        list(90, (i) => 0.9 ** i),
      ),
    );
    const { values } = leadingValues(M, 20);
    for (const s of [2 ** -100, 2 ** 100]) {
      expect(leadingValues(toFloat32(scale(M, s)), 20).values).toEqual(values.map((x) => x * s));
    }
  });

  it('of noise, where neighbours are too close, say how much is open', () => {
    for (const [rows, cols] of [
      [300, 300],
      [260, 500],
    ]) {
      const M = toFloat32(gaussian(rows, cols, stream(rows, 'noise')));
      const found = leadingValues(M, 20);
      const off = distance(M, found, 20);
      expect(found.error).toBeGreaterThan(1e-6);
      expect(found.error).toBeLessThan(0.1);
      expect(off).toBeLessThan(found.error);
      // The largest is settled long before.
      expect(Math.abs(found.values[0] / singularValues(M)[0] - 1)).toBeLessThan(1e-9);
    }
  });

  it('of a few directions in noise tell both apart', () => {
    const signal = withValues(
      300,
      360,
      list(100, () => 1),
    );
    const noise = gaussian(300, 360, stream(2, 'noise'));
    for (const size of partOf([1e-6, 1e-3], 2, 1)) {
      const M = toFloat32(subtract(signal, scale(noise, size / maxAbs(noise))));
      expect(distance(M, leadingValues(M, 64), 64)).toBeLessThan(1e-7);
    }
  });

  it('are the same bits again', () => {
    const M = toFloat32(gaussian(90, 120, stream(3, 'noise')));
    expect(leadingValues(M, 8)).toEqual(leadingValues(M, 8));
  });

  it('tell how far they are, never backwards', () => {
    const seen: number[] = [];
    leadingValues(toFloat32(gaussian(150, 120, stream(1, 'progress'))), 20, (fraction) => seen.push(fraction));
    expect(seen.every((x, i) => x >= 0 && x <= 1 && (i === 0 || x >= seen[i - 1]))).toBe(true);
    expect(seen.at(-1)).toBe(1);
  });

  it('refuse what is not finite', () => {
    expect(() => leadingValues(toFloat32(fromRows([[1, Number.NaN]])), 1)).toThrow(RangeError);
  });
});

describe('a few leading values', () => {
  const finite = HARD_CASES.map(({ name, matrix }) => ({ name, M: toFloat32(matrix) })).filter(
    ({ M }) => maxAbs(M) < Infinity,
  );

  it.each(partOf(finite, 2))('of $name', ({ M }) => {
    for (const m of [M, transpose(M)]) {
      const found = leadingValues(m, 6);
      expect(distance(m, found, 6)).toBeLessThan(found.error === 1e-7 ? 1e-7 : found.error);
    }
  });
});

it.each([
  [1, 1],
  [7, 9],
  [8, 3],
  [17, 20],
  [33, 8],
])('%s × %s by a vector, from both sides', (rows, cols) => {
  const source = stream(rows, 'times');
  const M = toFloat32(gaussian(rows, cols, source));
  const [v, u] = [gaussian(cols, 1, source), gaussian(rows, 1, source)];
  const [forth, back] = [multiply(M, v), multiply(transpose(M), u)];
  for (const [i, x] of matrixTimesVector(M, v.data).entries()) expect(x).toBeCloseTo(forth.data[i], 12);
  for (const [j, x] of transposeTimesVector(M, u.data).entries()) expect(x).toBeCloseTo(back.data[j], 12);
});

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

function withValuesLeadingTriplets(rows: number, cols: number, values: readonly number[], seed = 3): Matrix64 {
  const source = stream(seed, 'test');
  const [U, V] = [orthonormal(rows, values.length, source), orthonormal(cols, values.length, source)];
  const diagonal = zeros(values.length, values.length);
  values.forEach((value, i) => {
    diagonal.data[i * values.length + i] = value;
  });
  return multiply(multiply(U, diagonal), transpose(V));
}

function residual(m: Matrix64, { U, S, V }: ReturnType<typeof svd>): number {
  const scaledU = { ...U, data: U.data.map((x, i) => x * S[i % U.cols]) };
  return frobenius(subtract(multiply(m, V), scaledU)) / S[0];
}

const identityError = (m: Matrix64) => {
  const gram = multiply(transpose(m), m);
  for (let i = 0; i < gram.rows; i++) gram.data[i * (gram.rows + 1)] -= 1;
  return frobenius(gram);
};

it.each([
  [150, 90],
  [90, 150],
  [400, 75],
])('finds the triplets of a matrix whose values fall: %d × %d', (rows, cols) => {
  const values = Array.from({ length: 60 }, (_, i) => 0.7 ** i);
  const m = withValuesLeadingTriplets(rows, cols, values);
  const found = leadingTriplets(m, 12);
  for (let i = 0; i < 12; i++) expect(found.S[i]).toBeCloseTo(values[i], 12);
  expect(residual(m, found)).toBeLessThan(1e-12);
  expect(identityError(found.U)).toBeLessThan(1e-12);
  expect(identityError(found.V)).toBeLessThan(1e-12);
  const full = svd(m);
  for (let i = 0; i < found.U.data.length; i++) {
    const [row, column] = [Math.floor(i / 12), i % 12];
    expect(found.U.data[i]).toBeCloseTo(full.U.data[row * full.U.cols + column], 8);
  }
});

it('gives orthonormal directions near the largest ones where no value stands out', () => {
  const m = withValuesLeadingTriplets(
    120,
    110,
    Array.from({ length: 110 }, (_, i) => 1 - i / 1000),
  );
  const found = leadingTriplets(m, 64);
  expect(identityError(found.U)).toBeLessThan(1e-10);
  expect(identityError(found.V)).toBeLessThan(1e-10);
  for (let i = 0; i < 64; i++) {
    expect(found.S[i]).toBeLessThanOrEqual(1 - i / 1000 + 1e-12);
    expect(found.S[i]).toBeGreaterThan(0.93 - i / 1000);
  }
});

it('of a large Gaussian matrix, whose values lie close together, holds nearly what the largest would', () => {
  const m = gaussian(600, 520, stream(1, 'test'));
  const [found, exact] = [leadingTriplets(m, 64).S, singularValues(m)];
  const energy = (values: Float64Array, n: number) => values.slice(0, n).reduce((sum, x) => sum + x * x, 0);
  for (const [n, share] of [
    [8, 0.98],
    [64, 0.94],
  ])
    expect(energy(found, n) / energy(exact, n)).toBeCloseTo(share, 1.7);
});

it('depends on the matrix alone, in float32 as in float64', () => {
  const m = toFloat32(withValuesLeadingTriplets(80, 100, [3, 2, 1]));
  expect(leadingTriplets(m, 3)).toEqual(leadingTriplets(m, 3));
  expect(leadingTriplets(m, 3)).toEqual(leadingTriplets({ ...m, data: new Float64Array(m.data) }, 3));
  expect(leadingTriplets(scale(m, 2), 3).S[0]).toBeCloseTo(6, 6);
});

it('refuses more than it can find', () => {
  expect(() => leadingTriplets(zeros(200, 200), 65)).toThrow(RangeError);
  expect(() => leadingTriplets(zeros(200, 200), 0)).toThrow(RangeError);
});
