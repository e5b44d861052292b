import { expect, it } from 'vitest';
import { keepSamples } from './samples.ts';

const at = (...steps: number[]) =>
  steps.map((step) => ({ step, spectra: [Float64Array.of(1 / (step + 1))], losses: null }));
const stepsOf = (samples: readonly { readonly step: number }[]) => samples.map(({ step }) => step);

it('what comes before the first new step is not touched, and what is measured again is replaced', () => {
  const known = at(0, 5, 8, 10);
  expect(stepsOf(keepSamples(known, at(5, 10, 12), 11))).toEqual([0, 5, 8, 10, 12]);
  expect(keepSamples(known, at(5, 10), 11)).toBe(known);
  expect(stepsOf(keepSamples(known, at(9), 8))).toEqual([0, 5, 9]);
});

it('grows no further than a bound beyond what a file held, of which nothing goes', () => {
  const file = at(...Array.from({ length: 3000 }, (_, t) => t));
  let kept = keepSamples(file, at(3000), 3000, 2999);
  for (let t = 3001; t < 9000; t++) kept = keepSamples(kept, at(t), t, 2999);
  expect(stepsOf(kept).slice(0, 3001)).toEqual(Array.from({ length: 3001 }, (_, t) => t));
  expect(kept.length).toBeLessThanOrEqual(3000 + 1024);
  expect(kept.at(-1)?.step).toBeGreaterThan(8980);
});
