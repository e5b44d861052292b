import { expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { recordOf as quietRecordOf } from '../../engine/background-runs/background-runs.ts';
import { MAX_OBSERVED_STEPS } from '../../engine/protocol/background-messages.ts';
import { smallExperiment } from '../../engine/testing/page.ts';
import { recordOf } from '../pool.ts';
import { observedSteps } from './compare.ts';

it('observes steps from the first on, ascending, close at the beginning and never too many', () => {
  for (const budget of [1, 2, 30, 300, 100_000]) {
    const steps = observedSteps(budget);
    expect(steps[0]).toBe(0);
    expect(steps.every((step, i) => i === 0 || step > steps[i - 1])).toBe(true);
    expect(steps.at(-1)).toBeLessThan(budget);
    expect(steps.length).toBeLessThanOrEqual(MAX_OBSERVED_STEPS);
  }
  const [, ...gaps] = observedSteps(300).map((step, i, all) => step - (all[i - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(10);
});

it('makes of a run that was trained in the background what a pin holds, number for number', async () => {
  const experiment = smallExperiment({ d: 9, k: 14, rank: 3, init: 'pissa', steps: 40 });
  const observe = observedSteps(40);
  const run = await trainInBackground(experiment, { backends: [typescriptBackend], observe });
  const pin = recordOf(quietRecordOf(run, { observe, keep: ['factors'] }), experiment);
  const last = run.observed.at(-1);
  expect(pin).toMatchObject({ origin: 0, status: run.summary.status, rate: run.summary.rate });
  expect(pin.trace.length).toBe(run.summary.steps + 1);
  expect(pin.trace.series.loss).toEqual(run.points.series.loss);
  expect(pin.frames.map(({ step }) => step)).toEqual([0, run.summary.steps]);
  expect(pin.frames[1].modules[0]).toMatchObject({ A: last?.factors[0].A, B: last?.factors[0].B });
  expect(pin.frames[0].modules[0].A).toEqual(run.problem.modules[0].A.data);
  expect(pin.reach?.floor).toBe(run.summary.floor);
  // Twice as many directions as its rank.
  expect(pin.update?.[0].spectra.at(-1)?.filter((value) => value > 1e-5).length).toBe(6);
  expect(pin.samples.at(-1)?.spectra[0]).toEqual(last?.spectra()[0]);
});
