import { describe, expect, it } from 'vitest';
import { layerCache } from '../../../experiment/layer/problem.ts';
import type { BesideLora } from '../../../experiment/methods/starts.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { stream } from '../../../math/random.ts';
import { networkKernels } from '../../steppers/wasm/network-kernels.ts';
import { experimentOf, layerOf } from '../../testing/derived-runs.ts';
import { taskOf } from '../task.ts';
import { createMlp } from './create.ts';
import type { FloatArray, NetworkKernels } from './kernels.ts';
import { loops32, loops64 } from './loops.ts';
import { methodChains } from './method-chains.ts';

const CASES: readonly (readonly [BesideLora, Partial<Experiment>])[] = [
  ['dora', { rank: 3, alpha: 6, norm: 'exact' }],
  ['oft', { block: 4 }],
  ['oft', { block: 6 }],
  ['lokr', { factor: '3x2' }],
  ['hira', { rank: 2 }],
  ['shira', { entries: 17 }],
  ['ia3', {}],
  ['ia3', { side: 'in' }],
  ['lora-xs', { rank: 4, alpha: 8 }],
];

const [D, K, S, N] = [12, 10, 2, 9];

const normals = (length: number, purpose: string, size = 1) => {
  const source = stream(5, purpose);
  return Float32Array.from({ length }, () => size * source.normal());
};

/** A network of 10 – 12 – 4, the first matrix under a method, at random numbers beside its start. */
function networkUnder(method: BesideLora, more: Partial<Experiment>, kernels: NetworkKernels) {
  const e = experimentOf({ target: 'rotation', d: D, k: K, ...more, method });
  const { problem } = layerOf(e, layerCache());
  const [task] = taskOf(problem).modules;
  if (!task.method) throw new Error('no method');
  const chain = methodChains[method](kernels, task.method);
  const net = createMlp(
    kernels,
    [
      { d: D, k: K, rank: 0, full: true },
      { d: 4, k: D, rank: 0, full: false },
    ],
    N,
  );
  const [layer, last] = net.layers;
  last.W.set(normals(4 * D, 'last', 0.4));
  last.refresh();
  const base = task.method.base;
  const delta = kernels.buffer(D * K);
  const batch = { inputs: normals(N * K, 'inputs'), answers: Uint8Array.from({ length: N }, (_, i) => i % 4) };
  const source = stream(3, 'away');
  for (const [i, { values }] of chain.trained.entries()) {
    const start = problem.modules[0].method?.own[i] ?? [];
    for (let at = 0; at < values.length; at++) values[at] = Math.fround(start[at] + 0.1 * source.normal());
  }
  const measure = () => {
    chain.update(delta, S);
    for (let at = 0; at < delta.length; at++) layer.W[at] = base[at] + delta[at];
    layer.refresh();
    const loss = net.measure(batch);
    chain.backward(layer.gradients.W, S);
    return loss;
  };
  return { chain, measure };
}

const gradientsOf = ({ chain }: Pick<ReturnType<typeof networkUnder>, 'chain'>) =>
  chain.trained.map(({ gradient }) => Float64Array.from(gradient));

const sizeOf = (lists: readonly FloatArray[]) => Math.hypot(...lists.flatMap((list) => [...list]));

describe.each(CASES)('%s %o in a network', (method, more) => {
  it('has the gradients of central differences', () => {
    const it = networkUnder(method, more, loops64);
    it.measure();
    const gradients = gradientsOf(it);
    const size = sizeOf(gradients);
    expect(size).toBeGreaterThan(1e-3);
    const h = 1e-5;
    for (const [n, { values }] of it.chain.trained.entries())
      for (let at = 0; at < values.length; at++) {
        const was = values[at];
        values[at] = was + h;
        const up = it.measure();
        values[at] = was - h;
        const down = it.measure();
        values[at] = was;
        expect(Math.abs((up - down) / (2 * h) - gradients[n][at]) / size).toBeLessThan(1e-6);
      }
  });

  it('has in float32, in loops and in WebAssembly, the loss and gradients of float64', () => {
    const wanted = networkUnder(method, more, loops64);
    const loss = wanted.measure();
    const gradients = gradientsOf(wanted);
    for (const kernels of [loops32, networkKernels('plain'), networkKernels('relaxed')]) {
      const found = networkUnder(method, more, kernels);
      expect(Math.abs(found.measure() / loss - 1)).toBeLessThan(1e-5);
      const own = gradientsOf(found);
      const off = own.map((list, n) => list.map((g, at) => g - gradients[n][at]));
      expect(sizeOf(off) / sizeOf(gradients)).toBeLessThan(1e-5);
    }
  });
});

it('with a detached norm leaves out of dora what the length of V adds to the gradient, and nothing else', () => {
  const [exact, detached] = (['exact', 'detached'] as const).map((norm) => {
    const it = networkUnder('dora', { rank: 3, alpha: 6, norm }, loops64);
    it.measure();
    return gradientsOf(it);
  });
  expect(detached[2]).toEqual(exact[2]);
  for (const n of [0, 1]) expect(sizeOf([detached[n].map((g, at) => g - exact[n][at])])).toBeGreaterThan(1e-4);
});
