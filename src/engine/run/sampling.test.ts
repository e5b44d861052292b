import { expect, it } from 'vitest';
import { sampling } from './sampling.ts';

/** Steps that have a spectrum in a run of `steps` in packs as large as may be, where a spectrum takes `ms`. */
function sampled(rank: number, steps: number, msPerStep: number, ms: number): number[] {
  const s = sampling(rank);
  const found: number[] = [];
  for (let step = 0; step < steps; ) {
    step = Math.min(steps, step + s.spacing(steps));
    if (!s.isDue(step, steps, msPerStep)) continue;
    s.kept(step, ms);
    found.push(step);
  }
  return found;
}

it('has 60 and more spectra of a run of low rank, and at least a dozen of one of high rank', () => {
  expect(sampled(8, 300, 0.1, 0.1).length).toBeGreaterThanOrEqual(60);
  const high = sampled(64, 300, 0.1, 6);
  expect(high.length).toBeGreaterThanOrEqual(12);
  expect(high.length).toBeLessThanOrEqual(16);
  expect(high[0]).toBeLessThan(300 / 12);
});

it('has a spectrum of every step of a run of a few', () => {
  expect(sampled(64, 5, 1, 1)).toEqual([1, 2, 3, 4, 5]);
});

it('takes slow spectra only beside steps that are slow too', () => {
  // The first tells what one costs.
  expect(sampled(256, 300, 10, 90)).toHaveLength(1);
  expect(sampled(256, 300, 100, 90).length).toBeGreaterThanOrEqual(12);
});
