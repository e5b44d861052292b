import { expect, it } from 'vitest';
import { figuresOf } from '../file/figures.ts';
import { madePair } from '../file/testing/made.ts';
import { spectrumTable } from './adapter-tables.ts';

it('the table of a spectrum holds its shares, and the error of each cut by Eckart and Young', () => {
  const figures = figuresOf(madePair(9, 7, [4, 2, 1], 3), 2);
  const { rows } = spectrumTable(figures);
  const whole = figures.frobenius ** 2;
  expect(rows.map(([direction]) => direction)).toEqual([1, 2, 3]);
  for (const [i, row] of rows.entries()) {
    const [, sigma, share, error] = row.map(Number);
    expect(sigma).toBe(figures.sigma[i]);
    const kept = figures.sigma.slice(0, i + 1).reduce((sum, value) => sum + value ** 2, 0);
    expect(share).toBeCloseTo(kept / whole, 12);
    expect((error ?? 1) ** 2).toBeCloseTo(1 - kept / whole, 12);
  }
  expect(rows.at(-1)?.[3]).toBe(0);
});
