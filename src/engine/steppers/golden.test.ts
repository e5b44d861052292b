import { describe, expect, it } from 'vitest';
import type { OptimiserName } from '../../experiment/optimisers.ts';
import gradients from '../../math/golden/gradients.json' with { type: 'json' };
import training from '../../math/golden/training.json' with { type: 'json' };
import worked from '../../math/golden/worked-example.json' with { type: 'json' };
import { steppers } from '../testing/back-ends.ts';
import type { OneStart } from '../testing/one-matrix.ts';
import { differenceOfLargest, relativeDifference } from '../testing/starts.ts';
import type { Settings } from './stepper.ts';

const flat = (rows: readonly (readonly number[])[]) => new Float32Array(rows.flat());

describe.each(steppers)('golden values, $name', ({ open }) => {
  const cases = training.cases.map((c) => ({ title: `${c.d} × ${c.k}, rank ${c.rank}, ${c.optimiser}`, ...c }));
  it.each(cases)('training: $title', async (c) => {
    const { d, k, rank, scaling } = c;
    const settings: Settings = {
      scaling,
      opt: c.optimiser as OptimiserName,
      lr: c.learningRate,
      ratio: c.learningRateRatio,
    };
    const stepper = await open({ d, k, rank, target: flat(c.target), A: flat(c.A0), B: flat(c.B0), settings });
    const first = await stepper.measure();
    const rest = await stepper.steps(c.steps);
    const loss = [...first.entries.loss, ...rest.entries.loss];
    expect(relativeDifference(loss, c.trace.loss)).toBeLessThan(1e-4);
    const norms = (key: 'gradNormA' | 'gradNormB') => [...first.entries[key], ...rest.entries[key]];
    expect(relativeDifference(norms('gradNormA'), c.trace.gradNormA)).toBeLessThan(1e-4);
    expect(relativeDifference(norms('gradNormB'), c.trace.gradNormB)).toBeLessThan(1e-4);
    expect(
      relativeDifference(
        loss.map((l) => Math.sqrt(l / loss[0])),
        c.trace.relativeError,
      ),
    ).toBeLessThan(1e-4);
    expect(Math.max(...flat(c.A).map((x, i) => Math.abs(x - rest.A[i])))).toBeLessThan(1e-5);
    expect(Math.max(...flat(c.B).map((x, i) => Math.abs(x - rest.B[i])))).toBeLessThan(1e-5);
    stepper.dispose();
  });

  const shapes = gradients.cases.map((c) => ({ title: `${c.d} × ${c.k}, rank ${c.rank}, ${c.scalingRule}`, ...c }));
  it.each(shapes)('gradients, as one step of SGD at rate 1: $title', async ({ d, k, rank, scaling, matrix, ...c }) => {
    const settings: Settings = { scaling, opt: 'sgd', lr: 1, ratio: 1 };
    const start: OneStart = { d, k, rank, target: flat(c.target), A: flat(c.A), B: flat(c.B), settings };
    const stepper = await open(start);
    const { entries } = await stepper.measure();
    expect(entries.loss[0] / matrix.loss).toBeCloseTo(1, 5);
    const { A, B } = await stepper.steps(1);
    const moved = (from: Float32Array, to: Float32Array) => from.map((x, i) => x - to[i]);
    expect(differenceOfLargest(moved(start.A, A), matrix.gradA.flat())).toBeLessThan(1e-6);
    expect(differenceOfLargest(moved(start.B, B), matrix.gradB.flat())).toBeLessThan(1e-6);
    stepper.dispose();
  });

  it('worked example: at B = 0 the first step moves B alone', async () => {
    const [first, second] = worked.steps;
    const [d, k, rank] = [first.B.length, first.A[0].length, worked.rank];
    // With ΔW* = −δ·xᵀ and B = 0 the residual is δ·xᵀ: the first step has the example's gradients.
    const target = flat(worked.upstream.map(([delta]) => worked.x.map(([x]) => -delta * x)));
    const settings: Settings = { scaling: worked.alpha / rank, opt: 'sgd', lr: worked.learningRate, ratio: 1 };
    const stepper = await open({ d, k, rank, target, A: flat(first.A), B: flat(first.B), settings });
    expect((await stepper.measure()).entries.gradNormA[0]).toBe(0);
    const { A, B } = await stepper.steps(1);
    expect(A).toEqual(flat(second.A));
    for (const [i, b] of second.B.flat().entries()) expect(B[i]).toBeCloseTo(b, 6);
    stepper.dispose();
  });
});
