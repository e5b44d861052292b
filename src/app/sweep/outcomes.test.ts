import { expect, it } from 'vitest';
import { thinCurve } from './stored-sweeps.ts';

it('keeps the first and the last step, more of them where a curve begins, and each at its own value', () => {
  const all = Float64Array.from({ length: 1001 }, (_, i) => Math.exp(-i / 50));
  const { steps, values } = thinCurve(all, 1000, 96);
  expect([steps[0], steps.at(-1)]).toEqual([0, 1000]);
  expect(steps.length).toBeLessThanOrEqual(97);
  expect([...new Set(steps)].sort((a, b) => a - b)).toEqual(steps);
  expect(steps.filter((step) => step <= 125).length).toBeGreaterThan(steps.length / 3);
  for (const [i, step] of steps.entries()) expect(values[i]).toBe(all[step]);
  // A run that ended early, and one of no steps.
  expect(thinCurve(all, 2, 96).steps).toEqual([0, 1, 2]);
  expect(thinCurve([7], 0, 96)).toEqual({ steps: [0], values: [7] });
});
