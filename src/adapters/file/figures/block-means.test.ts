import { expect, it } from 'vitest';
import { multiply } from '../../../math/matrix.ts';
import { normals } from '../testing/made.ts';
import { blockMeans } from './block-means.ts';

it.each([
  [20, 12, 8, 3],
  [7, 31, 5, 4],
  [3, 2, 60, 1],
])('the product of the means is the means of the product: %i × %i in %i blocks', (d, k, most, r) => {
  const [B, A] = [normals(d, r, 1, 'B'), normals(r, k, 1, 'A')];
  const means = blockMeans({ B, A }, most);
  const { blocksOfRows, blocksOfCols, block } = means;
  expect(Math.max(blocksOfRows, blocksOfCols)).toBeLessThanOrEqual(most);
  const W = multiply(B, A);
  for (let p = 0; p < blocksOfRows; p++) {
    for (let q = 0; q < blocksOfCols; q++) {
      const entries = [];
      for (let i = p * block[0]; i < Math.min(d, (p + 1) * block[0]); i++) {
        for (let j = q * block[1]; j < Math.min(k, (q + 1) * block[1]); j++) entries.push(W.data[i * k + j]);
      }
      let product = 0;
      for (let i = 0; i < r; i++) product += means.B[p * r + i] * means.A[i * blocksOfCols + q];
      expect(product).toBeCloseTo(entries.reduce((sum, x) => sum + x, 0) / entries.length, 5);
    }
  }
});
