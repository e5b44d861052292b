import { describe, expect, it } from 'vitest';
import { type Matrix32, maxAbs, scale, subtract, toFloat32, transpose } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { isDescending } from '../testing/checks.ts';
import { HARD_CASES, withValues } from '../testing/hard-cases.ts';
import { fromRows } from '../testing/rows.ts';
import { type LeadingValues, leadingValues } from './leading-values.ts';
import { singularValues } from './singular-values.ts';

/** The largest distance from the full spectrum, as a share of σ₁; the values never lie above it. */
function distance(M: Matrix32, found: LeadingValues, count: number): number {
  const all = singularValues(M);
  expect(found.values).toHaveLength(Math.min(count, all.length));
  expect(isDescending(found.values)).toBe(true);
  let most = 0;
  for (let i = 0; i < found.values.length; i++) {
    expect(found.values[i] - all[i]).toBeLessThanOrEqual(1e-12 * all[0]);
    most = Math.max(most, all[i] - found.values[i]);
  }
  return all[0] > 0 ? most / all[0] : 0;
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
  it.each(SETTLING)('of %s (%s × %s) are those of the full spectrum', (_, rows, cols, values) => {
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
    for (const size of [1e-6, 1e-3]) {
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

  it.each(finite)('of $name', ({ M }) => {
    for (const m of [M, transpose(M)]) {
      const found = leadingValues(m, 6);
      expect(distance(m, found, 6)).toBeLessThan(found.error === 1e-7 ? 1e-7 : found.error);
    }
  });
});
