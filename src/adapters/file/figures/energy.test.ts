import { expect, it } from 'vitest';
import { energyOf } from './energy.ts';
import { figuresOf } from './figures.ts';
import { randomModules } from './testing/random-modules.ts';

it('orders the directions of all modules by size', () => {
  const figures = randomModules(40, 5, 30).map(({ B, A, s }) => figuresOf({ B, A }, s));
  const { directions, share, counts } = energyOf([null, ...figures]);
  const squares = figures.flatMap(({ sigma }) => [...sigma]).map((x) => x * x);
  const total = squares.reduce((sum, x) => sum + x, 0);
  expect(directions).toBe(squares.length);
  expect([share[0], share[directions]]).toEqual([0, 1]);
  for (const threshold of [0.1, 0.01, 0.001].map((part) => part * Math.max(...squares))) {
    const above = squares.filter((x) => x > threshold);
    expect(share[above.length]).toBeCloseTo(above.reduce((sum, x) => sum + x, 0) / total, 12);
  }
  for (const [i, part] of [0.9, 0.95, 0.99].entries()) {
    expect(share[counts[i]]).toBeGreaterThanOrEqual(part);
    expect(share[counts[i] - 1]).toBeLessThan(part);
  }
});

it('is all 0 without energy', () => {
  expect(energyOf([]).counts).toEqual([0, 0, 0]);
  const zero = randomModules(9, 5, 30).find(({ about }) => about.startsWith('zero'));
  if (!zero) throw new Error('no zero');
  expect(energyOf([figuresOf(zero, 1)]).share.every((x) => x === 0)).toBe(true);
});
