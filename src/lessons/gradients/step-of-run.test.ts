import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import type { Rows } from '../one-step/one-step.ts';
import { checkGradient, type RunStep, type ShownStep, stepOf } from './step-of-run.ts';
import { ALL_INPUTS, ONE_SAMPLE } from './values.ts';

const norm = (M: Rows) => Math.sqrt(M.flat().reduce((sum, v) => sum + v * v, 0));

async function runAt(link: string, observe: readonly number[]) {
  const { experiment } = parseLink(link);
  const {
    problem,
    points,
    observed,
    scalings: [scaling],
    summary,
  } = await trainInBackground(experiment, {
    backends: [typescriptBackend],
    observe,
  });
  const [module] = problem.modules;
  const samples =
    'data' in problem ? { count: problem.data.X.cols, X: problem.data.X.data, Y: problem.data.Y.data } : null;
  const [norms] = points.modules;
  return observed.map(({ step, factors }) => ({
    run: {
      experiment,
      module: {
        ...module,
        base: module.base.data,
        A: module.A.data,
        B: module.B.data,
        wanted: module.wanted && { matrix: module.wanted.matrix.data },
      },
      samples,
      step,
      factors: factors[0],
      scaling,
      rate: leastOf(summary.rate),
    } satisfies RunStep,
    loss: points.series.loss[step],
    A: norms.gradNormA[step],
    B: norms.gradNormB[step],
  }));
}

const shown = (run: RunStep, n = 0): ShownStep => {
  const step = stepOf(run, n);
  if (typeof step === 'string') throw new Error(step);
  return step;
};

describe('the step on screen', () => {
  it('is that of the run: with one sample per step its loss and both gradient norms', async () => {
    for (const { run, loss, A, B } of await runAt(ONE_SAMPLE, [0, 1, 20, 39])) {
      const { step, loss: own, input } = shown(run);
      expect(input.from).toBe('step');
      expect(own / loss).toBeCloseTo(1, 4);
      expect(norm(step.gradB) / B).toBeCloseTo(1, 4);
      if (run.step === 0) expect([norm(step.gradA), A]).toEqual([0, 0]);
      else expect(norm(step.gradA) / A).toBeCloseTo(1, 4);
    }
  });

  it('has gradients that central differences confirm, entry by entry', async () => {
    const [{ run }] = await runAt(ONE_SAMPLE, [39]);
    const { step } = shown(run);
    for (const of of ['A', 'B'] as const) expect(checkGradient(step, of)?.largest).toBeLessThan(1e-6);
  });

  it('of a matrix target has the loss and gradients of the run as means over its inputs', async () => {
    const [{ run, loss, B }] = await runAt(ALL_INPUTS, [10]);
    // Means over 16 inputs whose second moment is exactly the identity.
    const x = Array.from({ length: 16 }, (_, n) => Array.from({ length: 16 }, (_, i): number => (i === n ? 4 : 0)));
    const [first] = [shown(run)];
    const { W0, A, B: now, scaling } = first.step;
    const target = run.module.wanted?.matrix ?? [];
    let sum = 0;
    const mean: number[][] = now.map((row) => row.map(() => 0));
    for (const input of x) {
      const z = A.map((row) => row.reduce((s, v, i) => s + v * input[i], 0));
      const delta = now.map((row, i) => {
        const wanted = input.reduce((s, v, j) => s + target[i * 16 + j] * v, 0);
        return scaling * row.reduce((s, v, j) => s + v * z[j], 0) - wanted;
      });
      sum += delta.reduce((s, v) => s + (v * v) / 2, 0) / 16;
      for (const [i, row] of mean.entries()) for (const j of row.keys()) row[j] += (scaling * delta[i] * z[j]) / 16;
    }
    expect(sum / loss).toBeCloseTo(1, 4);
    expect(norm(mean) / B).toBeCloseTo(1, 4);
    expect([W0.length, first.input.from, shown(run, 3).input.number]).toEqual([16, 'drawn', 4]);
    expect(shown(run, 1).step.delta).not.toEqual(first.step.delta);
  });

  it('is not shown where there is no room for it', async () => {
    const [{ run }] = await runAt(ALL_INPUTS, [10]);
    expect(stepOf({ ...run, module: { ...run.module, k: 64 } }, 0)).toBe('large');
  });
});
