import { expect, it } from 'vitest';
import { rgb } from './colours.ts';

it('reads a token as it is written and as a minifier shortens it', () => {
  expect(rgb(' #1b1e22')).toEqual([27, 30, 34]);
  expect(rgb('#fff')).toEqual([255, 255, 255]);
  expect(rgb('#000')).toEqual([0, 0, 0]);
});
