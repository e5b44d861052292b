import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { recordOf } from '../../engine/background-runs/background-runs.ts';
import { isOwl } from '../../experiment/settings/bounds.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { trainedState } from '../testing/page.ts';
import type { OwlRun } from '../view.ts';
import {
  filmShots,
  missingWords,
  OWL_FILM,
  owlExperiments,
  owlLinkOf,
  snapshotSteps,
  snapshotsOf,
  trainedOwls,
} from './owl.ts';

const OWL: Experiment = { ...defaults(), target: 'edit', rank: 8, alpha: 16, seed: 3 };

/** The run of the panel, and ΔW* row by row. */
async function trained(experiment: Experiment): Promise<{ readonly run: OwlRun; readonly target: Float32Array }> {
  const observe = snapshotSteps(experiment.steps);
  const made = await trainInBackground(experiment, { backends: [typescriptBackend], observe });
  const result = recordOf(made, { observe, keep: ['snapshots', 'target'] });
  const [{ target }] = result.kept;
  return { run: { experiment, result }, target: target ?? expect.unreachable() };
}

describe('the owl at each rank', () => {
  it('has the settings on screen at ranks 1, 2, 4 and 8, with s as it is', () => {
    for (const scaling of ['standard', 'rslora', 'none'] as const) {
      const shown = { ...OWL, rank: 4, alpha: 12, scaling };
      const all = owlExperiments(shown);
      expect(all.map(({ rank }) => rank)).toEqual([1, 2, 4, 8]);
      for (const one of all) expect(scalingOf(one)).toBeCloseTo(scalingOf(shown), 12);
      expect(all[2]).toEqual(shown);
    }
    expect(owlExperiments({ ...OWL, d: 6, rank: 2 }).map(({ rank }) => rank)).toEqual([1, 2, 4]);
    expect([isOwl(OWL), isOwl(defaults())]).toEqual([true, false]);
  });

  it('is photographed from its first step on, more often where it begins, and never twice at a step', () => {
    for (const budget of [1, 5, 60, 300, 10_000]) {
      const steps = snapshotSteps(budget);
      expect(steps[0]).toBe(0);
      expect(steps.length).toBeLessThan(OWL_FILM.snapshots);
      expect(steps).toEqual([...new Set(steps)].filter((step) => step < budget).sort((a, b) => a - b));
    }
    expect(snapshotSteps(300).filter((step) => step <= 75).length).toBeGreaterThan(snapshotSteps(300).length / 2 - 1);
  });

  it('misses what a sum over all entries of ΔW − ΔW* in float64 says, at every snapshot, and never less than Eckart–Young', async () => {
    // The smallest errors of sunglasses by rank, to four places, from a float64 SVD outside this project.
    const floors = [0.6442, 0.4638, 0.214, 0.0733];
    const runs = await Promise.all(owlExperiments(OWL).map(trained));
    for (const [i, { run, target }] of runs.entries()) {
      const shots = snapshotsOf(run);
      const end = run.result && 'summary' in run.result ? run.result.summary.steps : expect.unreachable();
      expect(shots.map(({ step }) => step)).toEqual([...snapshotSteps(300).filter((step) => step < end), end]);
      expect(end).toBeGreaterThan(200);
      const norm = Math.hypot(...target);
      for (const { A, B, rank, error, module } of shots) {
        let sum = 0;
        for (let row = 0; row < 64; row++)
          for (let column = 0; column < 64; column++) {
            let product = 0;
            for (let p = 0; p < rank; p++) product += B[row * rank + p] * A[p * 64 + column];
            sum += (module.scaling * product - target[row * 64 + column]) ** 2;
          }
        expect(Math.abs(Math.sqrt(sum) / norm - error)).toBeLessThan(2e-5);
      }
      const sigma = singularValues({ rows: 64, cols: 64, data: Float64Array.from(target) });
      const rest = Math.hypot(...sigma.slice(run.experiment.rank)) / Math.hypot(...sigma);
      expect(rest).toBeCloseTo(floors[i], 4);
      const last = shots.at(-1) ?? expect.unreachable();
      expect(last.error).toBeGreaterThan(rest - 1e-5);
      expect(last.error).toBeLessThan(1.05 * rest);
      expect(shots[0].error).toBeCloseTo(1, 12);
    }
    const owl = runs.map(({ run }) => run);
    expect(trainedOwls(owl)).toEqual(owl.map((run) => snapshotsOf(run).at(-1)));
    const film = filmShots(owl);
    for (const [i, rank] of [1, 2, 4, 8].entries()) {
      const own = film.filter(({ shot }) => shot.rank === rank);
      expect(own.map(({ shot }) => shot.step)).toEqual(snapshotsOf(owl[i]).map(({ step }) => step));
      expect(own.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(1500, 9);
      expect(Math.min(...own.map(({ ms }) => ms))).toBeGreaterThanOrEqual(50);
    }
    expect(film.map(({ shot }) => shot.rank)).toEqual(film.map(({ shot }) => shot.rank).sort((a, b) => a - b));
  }, 30_000);

  it('has no picture while it trains or if it could not be trained, and the others wait for it', async () => {
    const { run } = await trained({ ...OWL, rank: 1, steps: 3 });
    const [waiting, refused] = [
      { ...run, result: null },
      { ...run, result: { why: 'no memory' } },
    ];
    expect([waiting, refused].map(snapshotsOf)).toEqual([[], []]);
    expect(trainedOwls([run])).toHaveLength(1);
    for (const owl of [null, [], [run, waiting], [refused, run]]) expect(trainedOwls(owl)).toBeNull();
  });
});

it('a share is a whole number of per cent, and 0% only of nothing', () => {
  expect([0.6442, 1, 0.0733, 0.004, 0, 1.2, Number.NaN].map(missingWords)).toEqual([
    ...['64', '100', '7', 'under 1', '0'].map((share) => `${share}% of the drawing missing`),
    ...['further off than untrained', 'the run diverged'],
  ]);
});

it('the link opens the owl alone and trained, without anything else of the view, and is none if it would be too long', () => {
  const state = trainedState();
  const owl = { ...state, experiment: { ...OWL, data: '' }, view: { ...state.view, sweep: 'rank:1,2', run: true } };
  const keys = new URLSearchParams(owlLinkOf(owl)?.slice(1));
  expect([keys.get('view'), keys.get('done'), keys.get('target'), keys.get('rank')]).toEqual([
    'first',
    '1',
    'edit',
    '8',
  ]);
  expect([keys.has('sweep'), keys.has('run')]).toEqual([false, false]);
  expect(owlLinkOf({ ...owl, experiment: { ...OWL, data: 'A'.repeat(9000) } })).toBeNull();
});
