import { expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { fileFigures } from '../figures/file-figures.ts';
import type { ResizePlan, ResizeWay, Spectrum } from '../model.ts';
import { openAdapter } from '../open.ts';
import { makeFile, makePair } from '../testing/make-file.ts';
import {
  type CostedModule,
  floorCurve,
  minErrorRanks,
  oneRankCurve,
  predictResize,
  ranksByWay,
  serverRank,
  spectraOf,
} from './predict-resize.ts';

const PLAN: ResizePlan = {
  way: { by: 'rank', rank: 99 },
  most: null,
  mostOfConvolutions: null,
  dtype: null,
  split: 'both',
};

async function file() {
  const tensors = Array.from({ length: 12 }, (_, i) => {
    const [d, k, r] = [30 + 7 * i, 90 - 6 * i, 4 + (i % 3)];
    const { B, A } = makePair(
      d,
      k,
      Array.from({ length: r }, (_, p) => (1 + i) * (0.4 + 0.05 * i) ** p),
      i,
    );
    const name = `lora_unet_mid_block_attentions_0_layer_${i}`;
    return [
      { name: `${name}.lora_down.weight`, shape: [r, k], values: A.data },
      { name: `${name}.lora_up.weight`, shape: [d, r], values: B.data },
      { name: `${name}.alpha`, shape: [], values: [r] },
    ];
  }).flat();
  const { source } = await makeFile('f.safetensors', tensors);
  const adapter = await openAdapter(source, null, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  const figures = await Promise.all(adapter.modules.map((module) => fileFigures(source, module)));
  return { adapter, spectra: spectraOf(adapter, figures) };
}

it('a file of so many bytes has at most so many, and nearly as many', async () => {
  const { adapter, spectra } = await file();
  const all = predictResize(adapter, spectra, PLAN);
  expect(all.ranks).toEqual(adapter.modules.map(({ rank }) => rank));
  expect(all.error).toBeLessThan(1e-12);
  const min = predictResize(adapter, spectra, { ...PLAN, way: { by: 'rank', rank: 1 } });
  let before = Infinity;
  for (let i = 0; i <= 20; i++) {
    const bytes = Math.round(min.bytes + ((all.bytes - min.bytes) * i) / 20);
    const { error, bytes: found } = predictResize(adapter, spectra, { ...PLAN, way: { by: 'bytes', bytes } });
    expect(found).toBeLessThanOrEqual(bytes);
    // A direction has 480 bytes at most.
    expect(found).toBeGreaterThan(bytes - 600);
    expect(error).toBeLessThanOrEqual(before);
    before = error;
  }
  expect(predictResize(adapter, spectra, { ...PLAN, way: { by: 'bytes', bytes: 0 } })).toEqual(min);
});

it('no way beats the curve of the least error', async () => {
  const { adapter, spectra } = await file();
  const floor = floorCurve(adapter, spectra, null);
  expect(floor.at(-1)?.error).toBeLessThan(1e-12);
  for (const { bytes, error } of floor) {
    const found = predictResize(adapter, spectra, { ...PLAN, way: { by: 'bytes', bytes } });
    expect(found.error).toBeLessThanOrEqual(error + 1e-12);
  }
  const one = oneRankCurve(adapter, spectra, null);
  expect(one.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { rank, bytes, error } of one) {
    expect({ bytes, error }).toMatchObject(
      (({ bytes, error }) => ({ bytes, error }))(
        predictResize(adapter, spectra, { ...PLAN, way: { by: 'rank', rank } }),
      ),
    );
    const below = floor.filter((point) => point.bytes <= bytes).at(-1);
    if (below)
      expect(error).toBeGreaterThanOrEqual(Math.min(...floor.filter((p) => p.bytes >= bytes).map((p) => p.error)));
  }
  expect(floorCurve(adapter, spectra, 'F16').at(-1)?.bytes).toBeLessThan(0.6 * adapter.bytes);
});

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
  ranksByWay(way, FILE, plan(changes));

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
  expect(serverRank(FILE, 0.9, false)).toBe(64);
  expect(serverRank(FILE, 0.9, true)).toBe(32);
  expect(serverRank(FILE.slice(0, 1), 0.9, true)).toBe(8);
  expect(serverRank([spectrum(equal(600))], 1, false)).toBe(512);
  expect(serverRank([spectrum(equal(32))], 1, false)).toBe(32);
  expect(ranks({ by: 'served', share: 0.9, below: true })).toEqual([4, 32, 2, 0, 30]);
});

/** Modules with random spectra; costs that share a divisor, or not. */
function modules(seed: number, count: number, longest: number, costs: readonly number[]): CostedModule[] {
  const random = stream(seed, 'best');
  return Array.from({ length: count }, () => {
    const sigma = Float64Array.from({ length: 1 + random.integer(longest) }, () => Math.exp(random.normal()))
      .sort()
      .reverse();
    const spectrum = { d: 1, k: 1, convolution: false, sigma };
    return { spectrum, cost: costs[random.integer(costs.length)], maxDirections: 1 + random.integer(longest) };
  });
}
const lost = (all: readonly CostedModule[], ranks: readonly number[]) =>
  all.reduce((sum, { spectrum: { sigma } }, i) => sum + sigma.slice(ranks[i]).reduce((rest, x) => rest + x * x, 0), 0);
const spent = (all: readonly CostedModule[], ranks: readonly number[]) =>
  all.reduce((sum, { cost }, i) => sum + cost * (ranks[i] - 1), 0);

function* choices(all: readonly CostedModule[], done: readonly number[] = []): Generator<readonly number[]> {
  if (done.length === all.length) yield done;
  else {
    const { spectrum, maxDirections: max } = all[done.length];
    for (let rank = 1; rank <= Math.min(max, spectrum.sigma.length); rank++) yield* choices(all, [...done, rank]);
  }
}

it('no choice of ranks with as few numbers has less error', () => {
  const random = stream(5, 'budgets');
  for (let seed = 0; seed < 150; seed++) {
    const all = modules(seed, 2 + (seed % 4), 5, [[7], [3, 5, 11], [64, 96, 100, 1], [1280, 2560]][seed % 4]);
    const every = [...choices(all)].map((ranks) => ({ bytes: spent(all, ranks), error: lost(all, ranks) }));
    const largest = Math.max(...every.map(({ bytes }) => bytes));
    for (let i = 0; i < 8; i++) {
      const bytes = Math.floor(random.uniform() * 1.2 * largest) - 2;
      const ranks = minErrorRanks(all, bytes);
      const used = spent(all, ranks);
      for (const [at, rank] of ranks.entries()) expect(rank).toBeLessThanOrEqual(all[at].maxDirections);
      expect(used).toBeLessThanOrEqual(Math.max(0, bytes));
      const best = Math.min(...every.filter((of) => of.bytes <= Math.max(0, bytes)).map(({ error }) => error));
      expect(lost(all, ranks)).toBeLessThanOrEqual(best + 1e-12);
    }
  }
});

it('spends nearly all of its bytes in a file of many directions', () => {
  const all = modules(1, 300, 128, [1280, 2560, 3200, 1285, 7777]);
  const largest = spent(
    all,
    all.map(({ spectrum, maxDirections: max }) => Math.min(spectrum.sigma.length, max)),
  );
  for (let i = 1; i < 4; i++) {
    const bytes = Math.floor((largest * i) / 4) + i;
    const used = spent(all, minErrorRanks(all, bytes));
    expect(used).toBeLessThanOrEqual(bytes);
    expect(used).toBeGreaterThan(bytes - 1280);
  }
});

it('leaves out modules that are carried, and directions that are zero', () => {
  const spectrum = { d: 1, k: 1, convolution: false, sigma: Float64Array.of(3, 2, 0, 0) };
  expect(minErrorRanks([null, { spectrum, cost: 4, maxDirections: 4 }], 1000)).toEqual([1, 2]);
  expect(
    minErrorRanks([{ spectrum: { ...spectrum, sigma: new Float64Array(3) }, cost: 4, maxDirections: 4 }], 1000),
  ).toEqual([1]);
});
