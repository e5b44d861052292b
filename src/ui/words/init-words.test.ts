import { expect, it } from 'vitest';
import { outputWords, perturbedWords, scaledWords } from './init-words.ts';

const moved = { scaling: 2, output: { largest: 7.04e-8, bound: 4.13e-7 }, reach: null };
const ready = { baseNorm: 8, facts: { a: 1, b: 2, sigma1: 1 }, rank: 4 };

it('an initialisation that moves a part of W₀ leaves the output as it was, within a bound that is printed', () => {
  expect(outputWords({ moved: { ...moved, frozen: {} as never } })).toBe(
    'output unchanged: largest difference 7.0·10⁻⁸, rounding allows up to 4.1·10⁻⁷',
  );
  expect(outputWords({ moved: null })).toBeNull();
});

it('what float32 leaves of a product that is zero is called rounding, what is more a change', () => {
  // Rounding explains at most 2⁻²³·s·r·a·b = 9.5·10⁻⁷.
  expect(perturbedWords(ready, Float64Array.of(3e-7, 4e-7), 1)).toBe(
    'B·A = 0 except for rounding: ‖ΔW‖ is 6.2·10⁻⁸ of ‖W₀‖, so the layer still behaves like W₀',
  );
  expect(perturbedWords(ready, Float64Array.of(3e-3, 4e-3), 1)).toMatch(/already changes the layer: .* 0\.06% of/);
  expect(perturbedWords(ready, Float64Array.of(4), 1)).toMatch(/50% of ‖W₀‖$/);
});

it('a change of s after the start is told where W₀ has lost a part', () => {
  const at = { moved: { ...moved, frozen: {} as never } };
  expect(scaledWords(at, 2)).toBeNull();
  expect(scaledWords(at, 4)).toMatch(/^s is now 4, .* s₀ = 2\. /);
  expect(scaledWords({ moved: null }, 4)).toBeNull();
});
