import { describe, expect, it } from 'vitest';
import { inits } from '../experiment/inits/index.ts';
import { bases } from '../experiment/layer/bases.ts';
import { layerCache } from '../experiment/layer/problem.ts';
import { floorAtRank } from '../experiment/layer/reach.ts';
import { initSettingsOf } from '../experiment/settings/availability.ts';
import { targets } from '../experiment/targets/index.ts';
import { editWords } from '../experiment/targets/names.ts';
import { partOf } from '../math/testing/part-of.ts';
import { INITS, isDeadInit, lossLimit, OPTIMISERS, RATIOS, RULES, STEPS } from './testing/derived-grid.ts';
import { courseOf, experimentOf, layerOf } from './testing/derived-runs.ts';
import { missedBy, pairwiseCover } from './testing/pairwise-cover.ts';

/**
 * The grid of all settings has some hundred thousand runs. Here every combination of target, initialisation and
 * optimiser is run a few times, each time with another combination of the other settings, in turn; the first test
 * checks that every possible pair of values is among them.
 */
describe('on a matrix, at the derived rate', () => {
  const all = {
    target: [...targets.all.filter(({ kind }) => kind === 'matrix').map(({ name }) => name), 'aligned' as const],
    init: INITS,
    opt: OPTIMISERS,
  };
  const rotating = {
    shape: [
      [64, 64],
      [16, 96],
    ] as const,
    rank: [1, 4, 16, 64],
    base: bases.all.map(({ name }) => name),
    scaling: RULES,
    ratio: RATIOS,
  };
  type Wanted = ReturnType<typeof pairwiseCover<typeof all, typeof rotating>>[number];
  const settings = ({ target, init, opt, shape: [d, k], rank, base, scaling, ratio }: Wanted) => {
    const aligned = target === 'aligned';
    return experimentOf({
      ...{ target: aligned ? 'low-rank' : target, align: aligned ? 1 : null, base },
      // An edit brings its own W₀: the three take turns with the rank.
      edit: editWords.all[rotating.rank.indexOf(rank) % editWords.all.length].name,
      ...{ init, opt, d, k, rank: Math.min(rank, d, k), scaling, ratio },
    });
  };
  const offered = (wanted: Wanted) => {
    const e = settings(wanted);
    return wanted.rank <= e.rank && !inits.byName(e.init).unavailable?.(initSettingsOf(e));
  };
  const cells = pairwiseCover(all, rotating, 3, offered);

  it('every pair of settings that is possible is looked at', () => {
    expect(missedBy(cells, { ...all, ...rotating }, offered)).toEqual([]);
    expect(cells.filter((cell) => !offered(cell))).toEqual([]);
  });

  it.each(all.target)(
    'none diverges, and all end below their start that are not dead or at the optimum: %s',
    async (target) => {
      // Those that share W₀ and ΔW* follow each other, so that these are made once.
      for (const shape of rotating.shape) {
        const caches = new Map(editWords.all.map(({ name }) => [name, layerCache()]));
        const own = cells.filter((cell) => cell.target === target && cell.shape === shape);
        for (const cell of partOf(own, 27, 5 * all.target.indexOf(target))) {
          const e = settings(cell);
          const layer = layerOf(e, caches.get(e.edit) ?? layerCache());
          const course = await courseOf(e, layer, STEPS);
          const { start, end, max } = course;
          const what = `${JSON.stringify(cell)}, ${e.edit}: ${start} → ${end}`;
          expect(max, what).toBeLessThan(lossLimit(course));
          if (isDeadInit(e.init)) expect(end, what).toBe(start);
          else if (e.init === 'svd') expect(end - start, what).toBeLessThan(0.02);
          // A frozen B of one direction may have nothing to do with ΔW*: A's optimum is 0, its start.
          else if ((floorAtRank(layer) ?? 0) > 1 - 1e-6) expect(end - start, what).toBeLessThan(1e-5);
          else expect(end, what).toBeLessThan(start);
        }
      }
    },
  );
});
