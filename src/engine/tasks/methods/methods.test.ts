import { describe, expect, it } from 'vitest';
import { layerCache } from '../../../experiment/layer/problem.ts';
import { methods, trainedBy } from '../../../experiment/methods/index.ts';
import type { BesideLora } from '../../../experiment/methods/starts.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { stream } from '../../../math/random.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { methodPasses } from '../../steppers/method.ts';
import { networkKernels } from '../../steppers/wasm/network-kernels.ts';
import { experimentOf, layerOf } from '../../testing/derived-runs.ts';
import type { NetworkKernels } from '../network/kernels.ts';
import { loops32, loops64 } from '../network/loops.ts';
import { taskOf } from '../task.ts';

const CASES: readonly (readonly [BesideLora, Partial<Experiment>])[] = [
  ['dora', { rank: 3, alpha: 6, norm: 'exact' }],
  ['oft', { block: 4 }],
  ['oft', { block: 6 }],
  ['lokr', { factor: '3x2' }],
  ['lokr', {}],
  ['hira', { rank: 2 }],
  ['shira', { entries: 17 }],
  ['shira', { entries: 17, places: 'random' }],
  ['ia3', {}],
  ['ia3', { side: 'in' }],
  ['lora-xs', { rank: 4, alpha: 8 }],
];

const [D, K, S] = [12, 10, 2];
const layerFor = (method: BesideLora, more: Partial<Experiment>, size: Partial<Experiment> = { d: D, k: K }) =>
  layerOf(experimentOf({ target: 'rotation', ...size, ...more, method }), layerCache());

/** A pass of a method at random numbers beside its start. */
function passAt(method: BesideLora, more: Partial<Experiment>, kernels: NetworkKernels, away = 0.1) {
  const { problem } = layerFor(method, more);
  const [task] = taskOf(problem).modules;
  if (!task.method || !task.target) throw new Error('no method');
  const pass = methodPasses[method]({ kernels, task: task.method, target: task.target });
  const source = stream(3, 'away');
  for (const [i, { values }] of pass.trained.entries()) {
    const start = problem.modules[0].method?.own[i] ?? [];
    // In float32, so that all kernels see the same numbers.
    for (let at = 0; at < values.length; at++) values[at] = Math.fround(start[at] + away * source.normal());
  }
  return pass;
}

describe.each(CASES)('%s %o', (method, more) => {
  it('has the gradients of central differences', () => {
    const pass = passAt(method, more, loops64);
    pass.evaluate(S);
    const gradients = pass.trained.map(({ gradient }) => Float64Array.from(gradient));
    const size = Math.hypot(...gradients.flatMap((g) => [...g]));
    for (const [n, { values }] of pass.trained.entries())
      for (let at = 0; at < values.length; at++) {
        const [was, h] = [values[at], 1e-5];
        values[at] = was + h;
        const up = pass.evaluate(S);
        values[at] = was - h;
        const down = pass.evaluate(S);
        values[at] = was;
        expect(Math.abs((up - down) / (2 * h) - gradients[n][at]) / size).toBeLessThan(1e-6);
      }
  });

  it('has in float32, in loops and in WebAssembly, the loss and gradients of float64', () => {
    const wanted = passAt(method, more, loops64);
    const loss = wanted.evaluate(S);
    for (const kernels of [loops32, networkKernels('plain'), networkKernels('relaxed')]) {
      const pass = passAt(method, more, kernels);
      expect(Math.abs(pass.evaluate(S) / loss - 1)).toBeLessThan(1e-5);
      for (const [n, { gradient }] of pass.trained.entries()) {
        const size = Math.hypot(...wanted.trained[n].gradient);
        for (const [at, g] of wanted.trained[n].gradient.entries())
          expect(Math.abs(gradient[at] - g) / size).toBeLessThan(1e-5);
      }
    }
  });

  it('has the loss of its ΔW, which starts at 0 and has no rank above the largest', () => {
    const layer = layerFor(method, more);
    const about = methods.byName(method);
    const at = (away: number) => {
      const pass = passAt(method, more, loops32, away);
      const update = new Float32Array(D * K);
      const loss = pass.evaluate(S);
      pass.update(update, S);
      return { loss, update };
    };
    const { loss, update } = at(0.1);
    const own = update.reduce((sum, x, i) => sum + (x - layer.target.data[i]) ** 2, 0) / 2;
    expect(loss / own).toBeCloseTo(1, 5);
    const settings = layer.method?.settings;
    if (!settings) throw new Error('no method');
    const values = singularValues({ rows: D, cols: K, data: update });
    const rank = values.filter((value) => value > 1e-5 * values[0]).length;
    const largest = about.largestRank(settings, Math.min(D, K));
    expect(rank).toBeLessThanOrEqual(largest);
    // Few entries may share rows.
    if (method !== 'shira') expect(rank).toBe(largest);
    // R of LoRA-XS starts at 10⁻⁵.
    expect(Math.max(...at(0).update.map(Math.abs))).toBeLessThan(method === 'lora-xs' ? 1e-4 : 1e-12);
    expect(layer.method?.own.reduce((sum, { length }) => sum + length, 0)).toBe(trainedBy(about, settings));
  });
});

it('a detached norm counts as a constant in the gradient of V', () => {
  const [exact, detached] = (['exact', 'detached'] as const).map((norm) => passAt('dora', { rank: 3, norm }, loops64));
  expect(exact.evaluate(S)).toBe(detached.evaluate(S));
  const [, , m] = exact.trained;
  expect([...m.gradient]).toEqual([...detached.trained[2].gradient]);
  // With c held as it is, L is that of rows c·V: differences of that loss in B.
  const { problem } = layerFor('dora', { rank: 3, norm: 'detached' });
  const { base, wanted } = problem.modules[0];
  const [A, B, lengths] = detached.trained.map(({ values }) => Float64Array.from(values));
  const row = (i: number, b: Float64Array) =>
    Array.from({ length: K }, (_, j) => {
      let v = base.data[i * K + j];
      for (let p = 0; p < 3; p++) v += S * b[i * 3 + p] * A[p * K + j];
      return v;
    });
  const factor = Array.from({ length: D }, (_, i) => lengths[i] / Math.hypot(...row(i, B)));
  const loss = (b: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < D; i++)
      for (const [j, v] of row(i, b).entries())
        sum += (factor[i] * v - base.data[i * K + j] - wanted.matrix.data[i * K + j]) ** 2;
    return sum / 2;
  };
  const g = detached.trained[1].gradient;
  for (const at of [0, 7, 20, 35]) {
    const [up, down] = [1e-5, -1e-5].map((h) => loss(B.map((x, i) => (i === at ? x + h : x))));
    expect((up - down) / 2e-5).toBeCloseTo(g[at], 5);
  }
});
