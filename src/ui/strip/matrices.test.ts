import { expect, it } from 'vitest';
import { reduce } from '../../charts/matrices/plane.ts';
import { labelOf } from './matrices.ts';

const values = Float32Array.from({ length: 600 * 3 }, (_, i) => (i === 7 ? -9 : i % 3));
const { mean, extreme } = reduce(values, 600, 3, 256);

const means = { drawn: 'means', shown: 'plain', frozenFactor: null, portrait: null } as const;
const extremes = { ...means, drawn: 'extremes' } as const;

it('a matrix in words says what its cells show', () => {
  const small = reduce(values, 600, 3, 600).mean;
  expect(labelOf('W0', 600, 3, small, false, means)).toBe(
    'Heat map of W₀, the frozen weight, 600 × 3: entries from −9 to 2',
  );
  expect(labelOf('W0', 600, 3, mean, false, means)).toMatch(/: block means from −2\.3 to 2$/);
  expect(labelOf('W0', 600, 3, extreme, false, extremes)).toMatch(/: largest entries of blocks from −9 to 2$/);
});

it('does not tell what changes, nor what does not exist', () => {
  expect(labelOf('E', 600, 3, mean, true, means)).toMatch(/, 600 × 3, in training$/);
  expect(labelOf('E', 600, 3, null, false, means)).toMatch(/, 600 × 3$/);
});

it('where all is zero: the means of blocks, or every entry', () => {
  const zero = reduce(new Float32Array(1200), 1200, 1, 256);
  expect(labelOf('dW', 1200, 1, zero.mean, false, means)).toMatch(/: every block mean is 0$/);
  expect(labelOf('dW', 1200, 1, zero.extreme, false, extremes)).toMatch(/: every entry is 0$/);
});

it('what an initialisation has done is in the name', () => {
  const plane = reduce(Float32Array.of(1, 2), 1, 2, 256).mean;
  expect(labelOf('W0', 1, 2, plane, false, { ...means, shown: 'frozen' })).toMatch(/W frozen = W₀ − s₀·B₀·A₀/);
  expect(labelOf('B', 1, 2, plane, false, { ...means, frozenFactor: 'B' })).toMatch(/^Heat map of B, frozen, 1 × 2/);
  expect(labelOf('A', 1, 2, plane, false, { ...means, frozenFactor: 'B' })).toMatch(/^Heat map of A, trained/);
});
