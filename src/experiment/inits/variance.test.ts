import { expect, it } from 'vitest';
import { variance } from './initialisation.ts';

it('writes the formula and two digits', () => {
  expect(variance('1/(3k)', 1 / 192)).toBe('variance 1/(3k) = 0.0052');
  expect(variance('1/r', 1)).toBe('variance 1/r = 1');
  expect(variance('1/r²', 1 / 1024 ** 2)).toBe('variance 1/r² = 9.5·10⁻⁷');
  expect(variance('σ²', 100)).toBe('variance σ² = 100');
});
