import { expect, it } from 'vitest';
import { svd } from '../factor/svd.ts';
import { multiply, scale } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { along } from './subspaces.ts';

it('is the singular values along a product’s own directions, and of no more of them than there are', () => {
  const [left, right] = [gaussian(6, 3, stream(1, 'left')), gaussian(3, 5, stream(1, 'right'))];
  const { U, S, V } = svd(scale(multiply(left, right), 2));
  const sizes = along({ U, V }, 9, left, right, 2);
  expect(sizes).toHaveLength(5);
  for (const [i, size] of sizes.entries()) expect(size).toBeCloseTo(S[i], 12);
});
