import { expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PinnedRun } from '../../state/compare/compare.ts';
import { changedWords, pinNames } from './run-names.ts';

const live: Experiment = { ...defaults(), target: 'picture' };
const pin = (changes: Partial<Experiment>, own: string | null = null): PinnedRun => ({
  id: 1,
  own,
  experiment: change(live, changes),
  run: null,
});
const named = (...pins: PinnedRun[]) => pinNames({ compare: { pins }, group: null, experiment: live });

it('names pins by what differs, in the order of the rail, two settings at most', () => {
  expect(named(pin({ init: 'pissa' }))).toEqual(['PiSSA']);
  expect(named(pin({ rank: 2 }), pin({ rank: 32 }), pin({ opt: 'sgd' }))).toEqual(['r = 2', 'r = 32', 'SGD']);
  expect(named(pin({ opt: 'sgd', lr: 0.5 }))).toEqual(['SGD, rate 0.5']);
  expect(named(pin({ seed: 2, opt: 'sgd', alpha: 64, init: 'gaussian' }))).toEqual(['α = 64, Gaussian + 2 more']);
  expect(named(pin({ steps: 100 }))).toEqual(['100 steps']);
});

it('names pins that differ in many settings by those in which they differ from each other', () => {
  expect(named(pin({ rank: 4, alpha: 8 }), pin({ rank: 4, alpha: 8, init: 'pissa' }))).toEqual([
    'r = 4, α = 8',
    'r = 4, PiSSA + 1 more',
  ]);
  const long = { rank: 4, alpha: 8, opt: 'sgd' } as const;
  expect(named(pin({ ...long, seed: 2 }), pin({ ...long, seed: 3 }), pin({ rank: 2 }))).toEqual([
    'r = 4, seed 2 + 2 more',
    'r = 4, seed 3 + 2 more',
    'r = 2',
  ]);
});

it('has a name for every pin, no two alike', () => {
  expect(named(pin({}), pin({ rank: 2 }, 'mine'))).toEqual(['the same settings', 'mine']);
  expect(named(pin({ rank: 2 }), pin({ rank: 2 }), pin({ rank: 2 }))).toEqual(['r = 2', 'r = 2 (2)', 'r = 2 (3)']);
});

it('says of settings that a run has no use for nothing', () => {
  expect(named({ ...pin({}), experiment: { ...live, sigma: 0.2, truerank: 3 } })).toEqual(['the same settings']);
});

it('says what was changed from one run to the next', () => {
  expect(changedWords(live, change(live, { alpha: 64 }))).toBe('α 16 → 64');
  expect(changedWords(live, change(live, { rank: 2 }))).toBe('rank 8 → 2');
  expect(changedWords(live, change(live, { seed: 2 }))).toBe('seed 1 → 2');
  expect(changedWords(live, change(live, { init: 'pissa' }))).toBe('Kaiming → PiSSA');
  expect(changedWords(live, change(live, { scaling: 'rslora' }))).toBe('s = α/r → α/√r');
  expect(changedWords(live, change(live, { lr: 0.5 }))).toBe('automatic rate → rate 0.5');
  expect(changedWords(live, change(live, { seed: 2, opt: 'sgd' }))).toBe('SGD, seed 2');
  expect(changedWords(live, live)).toBeNull();
});
