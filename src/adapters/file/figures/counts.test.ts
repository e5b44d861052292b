import { expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { byEnergy, byNorm, byRatio, bySum } from './counts.ts';

/** The definitions, word by word: the first k of 1, 2, … for which the sum of what is kept reaches the share of the sum of all. */
function firstThat(sigma: readonly number[], reaches: (kept: readonly number[], all: readonly number[]) => boolean) {
  for (let k = 1; k <= sigma.length; k++) if (reaches(sigma.slice(0, k), sigma)) return k;
  return sigma.length;
}
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const squares = (values: readonly number[]) => sum(values.map((x) => x * x));

it('counts directions by their definitions', () => {
  const random = stream(1, 'counts');
  for (let i = 0; i < 2000; i++) {
    const sigma = Array.from({ length: 1 + random.integer(40) }, () => Math.exp(6 * random.normal()));
    sigma.sort((a, b) => b - a);
    const t = random.uniform();
    const values = Float64Array.from(sigma);
    expect(byEnergy(values, t)).toBe(firstThat(sigma, (kept, all) => squares(kept) >= t * squares(all)));
    expect(byNorm(values, t)).toBe(firstThat(sigma, (kept, all) => squares(kept) >= t * t * squares(all)));
    expect(bySum(values, t)).toBe(firstThat(sigma, (kept, all) => sum(kept) >= t * sum(all)));
    const ratio = 1 + 50 * t;
    expect(byRatio(values, ratio)).toBe(sigma.filter((x) => x > sigma[0] / ratio).length);
  }
});

it('counts at the ends and where values are equal', () => {
  const four = Float64Array.of(1, 1, 1, 1);
  expect([0, 0.25, 0.26, 0.5, 0.75, 1].map((share) => byEnergy(four, share))).toEqual([1, 1, 2, 2, 3, 4]);
  expect([0.5, 0.51, 1].map((t) => byNorm(four, t))).toEqual([1, 2, 4]);
  // kohya's own script gives one more here.
  expect(bySum(Float64Array.of(6, 3, 1), 0.9)).toBe(2);
  expect(byRatio(Float64Array.of(8, 4, 2, 1), 4)).toBe(2);
  for (const count of [byEnergy, byNorm, bySum, byRatio]) {
    expect(count(new Float64Array(3), 0.5)).toBe(0);
    expect(count(new Float64Array(0), 0.5)).toBe(0);
    // Squares of neither overflow nor vanish.
    expect(count(Float64Array.of(1e200, 1e199), 0.999)).toBe(count(Float64Array.of(1e-200, 1e-201), 0.999));
  }
});
