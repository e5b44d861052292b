import { expect, it } from 'vitest';
import { chartNamed } from './all.ts';
import { titleOf } from './scene.ts';

it('names in a title what the chart shows: ΔW, or s·B·A alone where an initialisation has moved a part of W₀', () => {
  const spectrum = chartNamed('spectrum');
  expect(titleOf(spectrum, { ownFloor: { value: 0, by: 'rank' } })).toBe('Singular values σᵢ of ΔW');
  expect(titleOf(spectrum, { ownFloor: { value: 0, by: 'moved' } })).toBe('Singular values σᵢ of s·B·A');
});
