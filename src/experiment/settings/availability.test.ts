import { describe, expect, it } from 'vitest';
import { inits } from '../inits/index.ts';
import { obstacleTo, wayTo } from './availability.ts';
import { change, defaults } from './experiment.ts';

const SIZES = [1, 2, 7, 512, 513, 4096];
const RANKS = [1, 3, 33, 65, 513];

describe('the nearest setting that has a start', () => {
  for (const { name } of inits.all) {
    it(`has ${name}, after the bounds of the table too`, () => {
      for (const target of ['low-rank', 'regression'] as const) {
        for (const d of SIZES) {
          for (const k of SIZES) {
            for (const rank of RANKS) {
              const e = change(defaults(), { target, d, k, rank });
              const way = wayTo(name, e);
              expect(way === null).toBe(obstacleTo(name, e) === null);
              if (!way) continue;
              const there = change(e, way.changes);
              expect(obstacleTo(name, there), `${name} at ${target} ${d} × ${k}, rank ${rank}`).toBeNull();
              expect(there.init).toBe(name);
              expect(way.words.length).toBeGreaterThan(0);
            }
          }
        }
      }
    });
  }
});
