import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../engine/backends/own.ts';
import { trainQuietly } from '../engine/quiet.ts';
import { svd } from '../math/factor/svd.ts';
import { drained } from '../math/progress.ts';
import { stream } from '../math/random.ts';
import { intruderDimensions } from '../math/spectral/subspaces.ts';
import { parseLink } from './link/link.ts';
import { mergingInputs, mergingInSlices } from './merging/merging.ts';
import { STORAGES } from './merging/rounding.ts';
import { percent } from './numbers.ts';
import { presets } from './presets.ts';
import type { Experiment } from './settings/params.ts';

const bfloat16 = presets.byName('bfloat16');
const intruders = presets.byName('intruders');

/** W₀ of a link and what merging it gives after those steps. */
async function merged(
  link: string,
  changes: Partial<Experiment>,
  steps: readonly number[],
  storage: keyof typeof STORAGES,
) {
  const { experiment, faults } = parseLink(link);
  expect(faults).toEqual([]);
  const e = { ...experiment, ...changes };
  const options = { backends: [typescriptBackend], observe: steps };
  const { problem, observed, scaling } = await trainQuietly({ ...e, steps: Math.max(...steps) }, options);
  const [{ base, d, k, rank }] = problem.modules;
  const found = observed.map(({ factors: [{ A, B }] }) => {
    const factors = { A: { rows: rank, cols: k, data: A }, B: { rows: d, cols: rank, data: B } };
    const layer = { W: base, ...factors, scaling };
    return drained(mergingInSlices(layer, mergingInputs(k, 1, stream(1, 'x')), STORAGES[storage]));
  });
  return { base, found, end: e.steps };
}

describe('the claims of the presets about merging', () => {
  it('bfloat16: 98%, 79%, 17% and 2% are lost after 1, 10, 100 and all steps, for seeds 1 to 3', async () => {
    const own = parseLink(bfloat16.link).experiment.seed;
    const seeds = [1, 2, 3];
    expect(seeds).toContain(own);
    for (const seed of seeds) {
      const steps = [1, 10, 100, 1000];
      const { found, end } = await merged(bfloat16.link, { seed }, steps, 'bfloat16');
      expect(end).toBe(1000);
      const near = (value: number, wanted: number) => Math.abs(value / wanted - 1) < 0.05;
      expect(found.map(({ lost }, i) => near(lost, [0.98, 0.79, 0.17, 0.02][i]))).toEqual([true, true, true, true]);
      expect([near(found[0].size, 1e-4), near(found[3].size, 0.083)]).toEqual([true, true]);
      // What the panel prints with the preset's own seed is what its text says.
      if (seed === own) expect(found.map(({ lost }) => percent(lost))).toEqual(['98%', '79%', '17%', '2%']);
      const { found: whole } = await merged(bfloat16.link, { seed }, [1], 'float32');
      expect(whole[0].lost).toBeLessThan(0.01);
    }
  });

  it('intruders: 3 from directions of its own and none from those of W₀; other seeds within what the limits say', async () => {
    const count = async (changes: Partial<Experiment>) => {
      const { base, found } = await merged(intruders.link, changes, [200], 'float32');
      return intruderDimensions(svd(base), svd(found[0].merged));
    };
    expect([await count({}), await count({ align: 1 })]).toEqual([3, 0]);
    const [own, aligned]: [number[], number[]] = [[], []];
    for (const seed of [1, 2, 3, 4, 5, 6, 7]) {
      own.push(await count({ seed }));
      aligned.push(await count({ seed, align: 1 }));
    }
    expect(own.every((n) => n >= 1 && n <= 6)).toBe(true);
    expect(aligned.every((n) => n <= 1)).toBe(true);
    const mean = (counts: readonly number[]) => counts.reduce((sum, n) => sum + n, 0) / counts.length;
    expect(mean(own)).toBeGreaterThan(2);
    expect(mean(own)).toBeLessThan(4);
    expect(mean(aligned)).toBeLessThan(0.3);
  });
});
