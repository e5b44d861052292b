import { expect, it } from 'vitest';
import type { ResizePlan, ResizeWay, Spectrum } from '../model.ts';
import { ranksBy, servedRank } from './ranks.ts';

const spectrum = (sigma: readonly number[], convolution = false): Spectrum => ({
  d: 10,
  k: 20,
  convolution,
  sigma: Float64Array.from(sigma),
});
const equal = (n: number) => Array.from({ length: n }, () => 1);
const FILE = [spectrum([4, 2, 1, 0.5]), spectrum(equal(40)), spectrum([0, 0]), null, spectrum(equal(30), true)];
const plan = (changes: Partial<ResizePlan> = {}): ResizePlan => ({
  way: { by: 'rank', rank: 1 },
  most: null,
  mostOfConvolutions: null,
  dtype: null,
  split: 'both',
  ...changes,
});
const ranks = (way: Exclude<ResizeWay, { by: 'bytes' }>, changes: Partial<ResizePlan> = {}) =>
  ranksBy(way, FILE, plan(changes));

it('gives every module a rank from 1 to its own', () => {
  expect(ranks({ by: 'rank', rank: 8 })).toEqual([4, 8, 2, 0, 8]);
  expect(ranks({ by: 'rank', rank: 0 })).toEqual([1, 1, 1, 0, 1]);
  expect(ranks({ by: 'energy', share: 0.9 })).toEqual([2, 36, 1, 0, 27]);
  expect(ranks({ by: 'energy', share: 1 })).toEqual([4, 40, 1, 0, 30]);
  expect(ranks({ by: 'sv_ratio', t: 3 })).toEqual([2, 40, 1, 0, 30]);
  expect(ranks({ by: 'hand', ranks: [3, 99, 1, 7, 0] })).toEqual([3, 40, 1, 0, 1]);
});

it('keeps to the caps', () => {
  expect(ranks({ by: 'energy', share: 1 }, { most: 10, mostOfConvolutions: 3 })).toEqual([4, 10, 1, 0, 3]);
  expect(ranks({ by: 'rank', rank: 20 }, { mostOfConvolutions: 16 })).toEqual([4, 20, 2, 0, 16]);
});

it('takes one rank for all that servers have', () => {
  expect(servedRank(FILE, 0.9, false)).toBe(64);
  expect(servedRank(FILE, 0.9, true)).toBe(32);
  expect(servedRank(FILE.slice(0, 1), 0.9, true)).toBe(8);
  expect(servedRank([spectrum(equal(600))], 1, false)).toBe(512);
  expect(servedRank([spectrum(equal(32))], 1, false)).toBe(32);
  expect(ranks({ by: 'served', share: 0.9, below: true })).toEqual([4, 32, 2, 0, 30]);
});
