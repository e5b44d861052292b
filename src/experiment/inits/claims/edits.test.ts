import { describe, expect, it } from 'vitest';
import { experimentOf, layerOf, trainAtDerivedRate } from '../../../engine/testing/derived-runs.ts';
import { partOf } from '../../../math/testing/part-of.ts';
import { floorOf } from '../../layer/floor.ts';
import { layerCache } from '../../layer/problem.ts';
import type { OptimiserName } from '../../optimisers.ts';
import { editWords } from '../../targets/names.ts';

/** A part of the last table of docs/initialisations.md, with its bounds: steps that suffice for every edit. */
const ENOUGH: readonly (readonly [OptimiserName, rank: number, steps: number])[] = [
  ['adam', 1, 60],
  ['adam', 2, 70],
  ['adam', 4, 600],
  ['adam', 8, 400],
  ['adam', 12, 700],
  ['adam', 16, 250],
  ['adamw', 3, 250],
  ['adamw', 8, 400],
  ['momentum', 1, 80],
  ['momentum', 6, 2000],
  ['momentum', 16, 1500],
  ['sgd', 1, 60],
  ['sgd', 3, 1300],
  ['sgd', 8, 4500],
];

const EDITS = editWords.all.map(({ name }) => name);

describe.each(EDITS)('the %s', (edit) => {
  const cache = layerCache();

  it.each(partOf(ENOUGH, 2, EDITS.indexOf(edit)))(
    'with %s at rank %i gets to the floor in %i steps at the derived rate',
    async (opt, rank, steps) => {
      for (const seed of partOf(opt === 'adam' ? [1, 2, 3, 4, 5] : [1, 5], 5)) {
        const e = experimentOf({ target: 'edit', edit, rank, alpha: 2 * rank, opt, seed });
        const layer = layerOf(e, cache);
        const floor = floorOf(layer.spectrum.values)[rank];
        const { entries } = await trainAtDerivedRate(e, layer, steps);
        const min = Math.min(...(entries.relativeError ?? []));
        expect(min, `seed ${seed}`).toBeLessThan(Math.max(1.02 * floor, 0.02));
        expect(min, `seed ${seed}`).toBeGreaterThan(floor - 1e-6);
      }
    },
  );
});
