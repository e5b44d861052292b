import { describe, expect, it } from 'vitest';
import {
  density,
  expectedLength,
  expectedVariance,
  meanLength,
  meanSquare,
  productEntries,
  SIGMA,
} from './figures.tsx';

const over = (seeds: number, value: (seed: number) => number) =>
  Array.from({ length: seeds }, (_, seed) => value(seed)).reduce((a, b) => a + b, 0) / seeds;

describe('draws on the page', () => {
  it('have entries of B·A of variance r·σ⁴', () => {
    for (const rank of [1, 8, 64]) {
      const mean = over(20, (seed) => meanSquare(productEntries(rank, seed)));
      expect(mean / (rank * SIGMA ** 4)).toBeCloseTo(1, 1);
      expect(expectedVariance(rank)).toBe(rank * SIGMA ** 4);
    }
  });

  it('have ‖Ax‖² as long as ‖x‖² for variance 1/r, and r/(3k) of it for Kaiming’s', () => {
    for (const rank of [1, 8, 64]) {
      expect(over(40, (seed) => meanLength('gaussian', rank, seed))).toBeCloseTo(1, 1);
      const kaiming = over(40, (seed) => meanLength('kaiming', rank, seed));
      expect(kaiming / (rank / (3 * 64))).toBeCloseTo(1, 1);
      expect([expectedLength('gaussian', rank), expectedLength('kaiming', rank)]).toEqual([1, rank / 192]);
    }
  });

  it('are the same for a seed, and others for another', () => {
    expect(productEntries(2, 3)).toEqual(productEntries(2, 3));
    expect(productEntries(2, 3)).not.toEqual(productEntries(2, 4));
  });

  it('are counted into a density, which sums to 1 where nothing falls out', () => {
    expect(density([-0.9, -0.1, 0.1, 0.1], 1, 2)).toEqual([0.5, 0.5]);
    expect(density([0.5, 3], 1, 4)).toEqual([0, 0, 0, 1]);
  });
});
