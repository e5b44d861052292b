import { describe, expect, it } from 'vitest';
import { type AnyMatrix, leadingColumns, leadingRows, zeros32 } from '../../math/matrix.ts';
import { toRows } from '../../math/testing/rows.ts';
import { initExplanation, initSource } from './explanations.ts';
import { initFactors } from './factors.ts';
import { type InitName, inits } from './index.ts';
import { type Init, type InitContext, shortName, variance } from './init.ts';
import { contextOf as given } from './testing/context.ts';

/** Random initialisations need only their streams. */
function contextOf(d: number, k: number, rank: number, seed = 1): InitContext {
  return { ...given({ base: zeros32(d, k), rank, seed }), sigma: 0.3 };
}

/**
 * Entry variances of A and B. `turned`: entries are not independent, so their mean square is as uncertain as that of
 * half as many.
 */
const TABLE: Record<string, { A: number; B: number; uniform?: boolean; turned?: boolean }> = {
  gaussian: { A: 1 / 8, B: 0 },
  'gaussian-peft': { A: 1 / 64, B: 0 },
  'kaiming-uniform': { A: 1 / (3 * 96), B: 0, uniform: true },
  'kaiming-normal': { A: 1 / 96, B: 0 },
  'init-b': { A: 0, B: 1 / 8 },
  symmetric: { A: 0.09, B: 0.09 },
  'both-random': { A: 1 / (3 * 96), B: 1 / (3 * 8), uniform: true },
  'both-zero': { A: 0, B: 0 },
  orthonormal: { A: 1 / (3 * 96), B: 0, turned: true },
  orthogonal: { A: 1 / 200, B: 1 / 200, turned: true },
};

const all: readonly Init<InitName>[] = inits.all;
const drawn = all.filter((init) => !init.needs);

function moments(matrices: readonly AnyMatrix[]) {
  const values = matrices.flatMap((m) => Array.from<number>(m.data));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
  return { count: values.length, mean, variance, largest: values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
}

it('knows every initialisation that is drawn', () => {
  expect(drawn.map((init) => init.name).sort()).toEqual(Object.keys(TABLE).sort());
});

describe.each(drawn.map((init) => [init.name, init] as const))('%s', (name, init) => {
  it('has the entry variance of the table, measured over many draws', () => {
    const starts = Array.from({ length: 100 }, (_, seed) => initFactors[init.name](contextOf(64, 96, 8, seed)));
    for (const factor of ['A', 'B'] as const) {
      const wanted = TABLE[name][factor];
      const found = moments(starts.map((start) => start[factor]));
      // Four standard errors; the squares of normal entries vary most, with variance 2 in units of the variance squared.
      const count = TABLE[name].turned ? found.count / 2 : found.count;
      expect(Math.abs(found.variance - wanted)).toBeLessThanOrEqual(4 * wanted * Math.sqrt(2 / count));
      expect(Math.abs(found.mean)).toBeLessThanOrEqual(4 * Math.sqrt(wanted / count));
      expect(init.filling[factor]).toBe(wanted === 0 ? 'zero' : 'noise');
      if (TABLE[name].uniform) expect(found.largest).toBeLessThanOrEqual(Math.sqrt(3 * wanted));
      else if (wanted > 0) expect(found.largest).toBeGreaterThan(3 * Math.sqrt(wanted));
      if (wanted === 0) expect(found.largest).toBe(0);
    }
  });

  it('says its variance with a number that agrees', () => {
    const said = init.variance({ d: 64, k: 96, rank: 8, sigma: 0.3 });
    for (const factor of ['A', 'B'] as const) {
      const wanted = TABLE[name][factor];
      if (wanted === 0) expect(said[factor]).toBe('0');
      else expect(Number(said[factor].split(' = ')[1]) / wanted).toBeCloseTo(1, 1);
    }
  });

  it.skipIf(name === 'orthogonal')('draws the first r of what it draws at a higher rank, before its scale', () => {
    const [low, high] = [initFactors[init.name](contextOf(16, 24, 3)), initFactors[init.name](contextOf(16, 24, 7))];
    const unit = (m: AnyMatrix) => {
      const size = Math.abs(m.data[0]);
      return toRows(m).flatMap((row) => row.map((x) => (size === 0 ? x : x / size)));
    };
    for (const [few, many] of [
      [low.A, leadingRows(high.A as typeof low.A & { data: Float64Array }, 3)],
      [low.B, leadingColumns(high.B as typeof low.B & { data: Float64Array }, 3)],
    ]) {
      const [x, y] = [unit(few), unit(many)];
      expect(x.every((value, i) => Math.abs(value - y[i]) <= 1e-14 * Math.abs(value))).toBe(true);
    }
  });

  it('has factors of the right shape at any size', () => {
    for (const [d, k, rank] of [
      [1, 1, 1],
      [1, 9, 1],
      [9, 1, 1],
      [16, 96, 16],
      [96, 16, 5],
    ]) {
      if (init.unavailable?.({ d, k, rank })) continue;
      const { A, B } = initFactors[init.name](contextOf(d, k, rank));
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, k, d, rank]);
      expect([...A.data, ...B.data].every(Number.isFinite)).toBe(true);
    }
  });
});

describe.each(all.map((init) => [init.name, init] as const))('%s', (_, init) => {
  it('explains itself in one sentence or two', () => {
    expect(initExplanation(init.name)).toMatch(/^[A-Z][^.]+\.( [A-Z][^.]+\.)?$/);
    expect(initSource(init.name)).not.toBe('');
  });

  it('is available at the nearest setting where it is not at first, and its sentence names that', () => {
    const sizes = [1, 2, 3, 17, 512, 513, 1024, 4096];
    for (const d of sizes) {
      for (const k of sizes) {
        for (const rank of [1, 2, 7, 32, 33, 64, 65, 512, 513, 1024].filter((r) => r <= Math.min(d, k))) {
          for (const inputs of [true, false]) {
            const setting = { d, k, rank, inputs };
            const [why, nearest] = [init.unavailable?.(setting) ?? null, init.nearest?.(setting) ?? null];
            expect(why === null).toBe(nearest === null);
            if (nearest === null) continue;
            const there = { ...setting, ...nearest, inputs: inputs || nearest.target === 'regression' };
            expect(there.rank).toBeLessThanOrEqual(Math.min(there.d, there.k));
            expect(init.unavailable?.(there)).toBeNull();
            for (const value of Object.values(nearest))
              expect(why?.split('. Use ')[1].toLowerCase()).toContain(String(value));
          }
        }
      }
    }
  });
});

it('has a name for people that fits a tile of two lines', () => {
  const names = inits.all.map(shortName);
  expect(new Set(names).size).toBe(names.length);
  for (const [i, { name, moves }] of inits.all.entries()) {
    expect(names[i], name).toMatch(/^[A-Z]/);
    const lines = `${names[i]}${moves ? '\u00a0†' : ''}`.split(/ |(?<=-)/);
    expect(lines.length, name).toBeLessThan(3);
    for (const line of lines) expect(line.length, `${name}: ${line}`).toBeLessThan(11);
  }
  expect(names.slice(0, 4)).toEqual(['Kaiming', 'Gaussian', 'SVD', 'Both zero']);
});

it('a variance is written as its formula and two digits', () => {
  expect(variance('1/(3k)', 1 / 192)).toBe('variance 1/(3k) = 0.0052');
  expect(variance('1/r', 1)).toBe('variance 1/r = 1');
  expect(variance('1/r²', 1 / 1024 ** 2)).toBe('variance 1/r² = 9.5·10⁻⁷');
  expect(variance('σ²', 100)).toBe('variance σ² = 100');
});
