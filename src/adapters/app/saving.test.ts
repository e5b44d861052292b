import { expect, it } from 'vitest';
import { readNpy } from '../../experiment/matrix-file/npy.ts';
import { figuresOf } from '../file/figures.ts';
import { makePair } from '../file/testing/make-file.ts';
import { npyFile, spectrumTable } from './saving.ts';

it('the table of a spectrum holds its shares, and the error of each cut by Eckart and Young', () => {
  const figures = figuresOf(makePair(9, 7, [4, 2, 1], 3), 2);
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

it.each([
  [1, 1],
  [3, 5],
  [640, 2],
])('a %i × %i matrix comes back as it was written', async (rows, cols) => {
  const data = Float32Array.from({ length: rows * cols }, (_, i) => Math.cos(i) * 10 ** (i % 7));
  const bytes = new Uint8Array(await npyFile(rows, cols, data).arrayBuffer());
  expect(bytes.length % 64).toBe((4 * data.length) % 64);
  const read = readNpy(bytes);
  expect(read).toMatchObject({ rows, cols });
  expect('data' in read && Array.from(read.data)).toEqual(Array.from(data));
});
