import { expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { type Costed, leastError } from './best.ts';

/** Modules with random spectra; costs that share a divisor, or not. */
function modules(seed: number, count: number, longest: number, costs: readonly number[]): Costed[] {
  const random = stream(seed, 'best');
  return Array.from({ length: count }, () => {
    const sigma = Float64Array.from({ length: 1 + random.integer(longest) }, () => Math.exp(random.normal()))
      .sort()
      .reverse();
    const spectrum = { d: 1, k: 1, convolution: false, sigma };
    return { spectrum, cost: costs[random.integer(costs.length)], most: 1 + random.integer(longest) };
  });
}
const lost = (all: readonly Costed[], ranks: readonly number[]) =>
  all.reduce((sum, { spectrum: { sigma } }, i) => sum + sigma.slice(ranks[i]).reduce((rest, x) => rest + x * x, 0), 0);
const spent = (all: readonly Costed[], ranks: readonly number[]) =>
  all.reduce((sum, { cost }, i) => sum + cost * (ranks[i] - 1), 0);

/** All choices of ranks. */
function* choices(all: readonly Costed[], done: readonly number[] = []): Generator<readonly number[]> {
  if (done.length === all.length) yield done;
  else {
    const { spectrum, most } = all[done.length];
    for (let rank = 1; rank <= Math.min(most, spectrum.sigma.length); rank++) yield* choices(all, [...done, rank]);
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
      const ranks = leastError(all, bytes);
      const used = spent(all, ranks);
      for (const [at, rank] of ranks.entries()) expect(rank).toBeLessThanOrEqual(all[at].most);
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
    all.map(({ spectrum, most }) => Math.min(spectrum.sigma.length, most)),
  );
  for (let i = 1; i < 4; i++) {
    const bytes = Math.floor((largest * i) / 4) + i;
    const used = spent(all, leastError(all, bytes));
    expect(used).toBeLessThanOrEqual(bytes);
    expect(used).toBeGreaterThan(bytes - 1280);
  }
});

it('leaves out modules that are carried, and directions that are zero', () => {
  const spectrum = { d: 1, k: 1, convolution: false, sigma: Float64Array.of(3, 2, 0, 0) };
  expect(leastError([null, { spectrum, cost: 4, most: 4 }], 1000)).toEqual([1, 2]);
  expect(leastError([{ spectrum: { ...spectrum, sigma: new Float64Array(3) }, cost: 4, most: 4 }], 1000)).toEqual([1]);
});
