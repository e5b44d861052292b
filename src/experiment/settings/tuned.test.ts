import { expect, it } from 'vitest';
import { param } from './experiment.ts';
import { PARAM_KEYS, TUNED_KEYS } from './params.ts';

it('lists what the table says can be tuned', () => {
  expect(TUNED_KEYS).toEqual(PARAM_KEYS.filter((key) => param(key).effect === 'tune'));
});
