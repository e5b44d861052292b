import { expect, it } from 'vitest';
import { type OtherRun, titleOf } from './chart.ts';
import { chartByName } from './chart-lookup.ts';
import { nameTexts } from './drawing/seeds.ts';
import { error } from './error/error.ts';

it('names in a title what the chart shows: ΔW, or s·B·A alone where an initialisation has moved a part of W₀', () => {
  const spectrum = chartByName('spectrum');
  expect(titleOf(spectrum, { ownFloor: { value: 0, by: 'rank' } })).toBe('Singular values σᵢ of ΔW');
  expect(titleOf(spectrum, { ownFloor: { value: 0, by: 'moved' } })).toBe('Singular values σᵢ of s·B·A');
  const method = { label: 'OFT', trained: 992, place: 7.75, streams: { A: null, B: 'Q' } };
  expect(titleOf(error, { ownFloor: { value: 0, by: 'method' }, method })).toBe('Error against trained parameters');
});

it('names a pin with its value, which stays if the name is cut', () => {
  const pin = (name: string) => ({ name, pin: {} }) as OtherRun;
  expect(nameTexts(pin('PiSSA, Adam'), '0.851')).toEqual({ texts: ['PiSSA, Adam: 0.851'], kept: ': 0.851' });
  expect(nameTexts({ name: 'before' } as OtherRun, '0.865')).toEqual({ texts: ['before'] });
});

it('finds a chart by its name, and no other in its place', () => {
  expect(chartByName('losses').title).toBe('Loss on samples');
  expect(() => chartByName('loss')).toThrow('no chart has the name “loss”');
});
