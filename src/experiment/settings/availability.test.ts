import { describe, expect, it } from 'vitest';
import { availability, fullSizeRule, leadingRule } from '../inits/conditions.ts';
import { inits } from '../inits/index.ts';
import { fillingOf, initObstacle, initRemedy } from './availability.ts';
import { change, defaults } from './experiment.ts';

const SIZES = [1, 2, 7, 512, 513, 4096];
const RANKS = [1, 3, 33, 65, 513];

describe('the nearest setting that has a start', () => {
  for (const { name } of inits.all) {
    it(`has ${name}, after the bounds of the table too`, () => {
      for (const target of ['low-rank', 'regression', 'edit'] as const) {
        for (const d of SIZES) {
          for (const k of SIZES) {
            for (const rank of RANKS) {
              const e = change(defaults(), { target, d, k, rank });
              const way = initRemedy(name, e);
              expect(way === null).toBe(initObstacle(name, e) === null);
              if (!way) continue;
              const there = change(e, way.changes);
              expect(initObstacle(name, there), `${name} at ${target} ${d} × ${k}, rank ${rank}`).toBeNull();
              expect(there.init).toBe(name);
              expect(way.words.length).toBeGreaterThan(0);
            }
          }
        }
      }
    });
  }
});

it('PiSSA’s directions are approximate above 512, but not on a W₀ that knows its own', () => {
  const A = (changes: Parameters<typeof change>[1]) =>
    fillingOf('pissa', change(defaults(), { d: 600, k: 600, ...changes })).A;
  expect(A({})).toContain('approximately');
  expect(A({ target: 'edit' })).toContain('approximately');
  expect(A({ base: 'decay' })).not.toContain('approximately');
});

it('MiLoRA is not possible on the owl while all singular values that it takes are 0', () => {
  const at = (d: number, k: number, rank: number) =>
    initObstacle('milora', change(defaults(), { target: 'edit', d, k, rank }));
  expect(at(64, 64, 8)).toBe(
    'MiLoRA starts from the smallest singular values of W₀, and 32 of them are 0 here, since the owl is symmetric: A and B would be zero and never move. Use the low-rank target.',
  );
  expect([at(64, 64, 32) === null, at(64, 64, 33), at(16, 96, 4), at(96, 16, 9)]).toEqual([false, null, null, null]);
  for (const { name } of inits.all)
    if (!['milora', 'task-informed', 'loftq', 'qpissa'].includes(name))
      expect(initObstacle(name, change(defaults(), { target: 'edit' })), name).toBeNull();
});

describe('where an initialisation is available', () => {
  it('is everywhere up to 512, or up to 64 directions above', () => {
    const full = availability('It', fullSizeRule);
    const leading = availability('It', leadingRule(2));
    for (const [d, k, rank] of [
      [1, 1, 1],
      [512, 512, 512],
      [512, 4096, 100],
      [4096, 512, 512],
    ]) {
      expect([full.unavailable({ d, k, rank }), full.nearest({ d, k, rank })]).toEqual([null, null]);
      expect([leading.unavailable({ d, k, rank }), leading.nearest({ d, k, rank })]).toEqual([null, null]);
    }
    expect(leading.unavailable({ d: 513, k: 600, rank: 32 })).toBeNull();
    expect(leading.unavailable({ d: 513, k: 600, rank: 33 })).toBe(
      'It is available up to rank 32 when d and k are both above 512; here the rank is 33. Use rank 32.',
    );
    expect(full.unavailable({ d: 700, k: 600, rank: 550 })).toBe(
      'It is available when the smaller of d and k is at most 512; here it is 600. Use k = 512 and rank 512.',
    );
  });
});
