import { expect, it } from 'vitest';
import { chartNamed } from './all.ts';
import { namedWith, type OtherRun, titleOf } from './chart.ts';

it('names in a title what the chart shows: ΔW, or s·B·A alone where an initialisation has moved a part of W₀', () => {
  const spectrum = chartNamed('spectrum');
  expect(titleOf(spectrum, { ownFloor: { value: 0, by: 'rank' } })).toBe('Singular values σᵢ of ΔW');
  expect(titleOf(spectrum, { ownFloor: { value: 0, by: 'moved' } })).toBe('Singular values σᵢ of s·B·A');
});

it('names a pin with its value always: where there is little room, by the first of its settings', () => {
  const pin = (name: string) => ({ name, pin: {} }) as OtherRun;
  expect(namedWith(pin('PiSSA, Adam + 1 more'), '0.851')).toEqual(['PiSSA, Adam + 1 more: 0.851', 'PiSSA: 0.851']);
  expect(namedWith(pin('r = 2'), '0.865')).toEqual(['r = 2: 0.865']);
});
