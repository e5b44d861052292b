import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/settings/params.ts';
import { stream } from '../../math/random.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { startWasmBackend, typescriptBackend } from '../backends/own-backends.ts';
import { batchReader, createNetwork } from '../tasks/network/create.ts';
import { loops64 } from '../tasks/network/loops.ts';
import { steppers } from '../testing/back-ends.ts';
import { lossInTensorFlow } from '../testing/network-in-tensorflow.ts';
import { networkStart } from '../testing/network-start.ts';
import type { ModuleStart, StepperStart } from './stepper.ts';

type NetworkStart = StepperStart & { readonly network: NonNullable<StepperStart['network']> };

/** With entries of B and ΔW that are not 0, trained by SGD at rate 1. */
async function startOf(changes: Partial<Experiment>): Promise<NetworkStart> {
  const { network, ...start } = await networkStart({ target: 'digits', rank: 4, opt: 'sgd', ...changes });
  if (!network) throw new Error('not a network');
  const modules = start.modules.map((module): ModuleStart => {
    const source = stream(3, module.name);
    const moved = (values: Float32Array) => values.map((x) => x + 0.05 * source.normal());
    if (!module.full) return { ...module, B: moved(module.B) };
    return module.frozen === 'A' ? { ...module, B: moved(module.B) } : { ...module, A: moved(module.A) };
  });
  return { ...start, network, modules, settings: start.settings.map((one) => ({ ...one, lr: 1, ratio: 1 })) };
}

const batchOf = ({ data, layers }: NetworkStart['network']) =>
  batchReader(data, new Float64Array(data.batches.size * layers[0].k))(0);

type MatrixName = 'A' | 'B' | 'W';

/** The trained matrices of a module: A and B, or W, kept as ΔW. */
function trained({ full, frozen, A, B }: Pick<ModuleStart, 'full' | 'frozen' | 'A' | 'B'>) {
  if (full) return [['W', frozen === 'A' ? B : A]] as [MatrixName, Float32Array][];
  return [
    ['A', A],
    ['B', B],
  ] as [MatrixName, Float32Array][];
}

/** The network of a start in float64, and the layer of each module. */
function network64({ modules, network, settings }: NetworkStart) {
  const moduleOf = (name: string) => modules.findIndex((module) => module.name === name);
  const net = createNetwork(
    loops64,
    network.data,
    network.layers.map(({ name, d, k }) => {
      const module = modules[moduleOf(name)];
      const full = module?.full === true;
      return { d, k, rank: module && !full ? module.rank : 0, full };
    }),
    network.data.batches.size,
  );
  const layers = modules.map(({ name }) => net.layers[network.layers.findIndex((layer) => layer.name === name)]);
  for (const [i, layer] of net.layers.entries()) layer.W.set(network.layers[i].W);
  for (const [i, layer] of layers.entries()) {
    for (const [name, values] of trained(modules[i])) for (const [at, x] of values.entries()) layer[name][at] += x;
    layer.scaling = settings[i].scaling;
  }
  for (const layer of net.layers) layer.refresh();
  return { net, layers };
}

type Gradients = readonly (readonly [name: string, values: ArrayLike<number>])[];

function gradients64(start: NetworkStart): Gradients {
  const { net, layers } = network64(start);
  net.measure(batchOf(start.network));
  return start.modules.flatMap((module, i) =>
    trained(module).map(([name]) => [`${name} of ${module.name}`, layers[i].gradients[name]] as const),
  );
}

/** By the steps that SGD of rate 1 takes. */
async function gradientsOfStepper(
  start: NetworkStart,
  { open }: Pick<typeof typescriptBackend, 'open'>,
): Promise<Gradients> {
  const { modules } = await (await open(start)).steps(1);
  return start.modules.flatMap((module, i) => {
    const after = trained({ ...module, ...modules[i] });
    return trained(module).map(
      ([name, before], n) => [`${name} of ${module.name}`, before.map((x, at) => x - after[n][1][at])] as const,
    );
  });
}

/** By the gradients of TensorFlow.js, which knows the network, and nothing of ours. */
async function gradientsOfTensorFlow({ modules, network, settings }: NetworkStart): Promise<Gradients> {
  await tf.setBackend('cpu');
  const names = modules.flatMap((module) => trained(module).map(([name]) => `${name} of ${module.name}`));
  const values = modules.flatMap((module) =>
    trained(module).map(([name, data]) =>
      tf.tensor2d(
        data,
        name === 'A' ? [module.rank, module.k] : name === 'B' ? [module.d, module.rank] : [module.d, module.k],
      ),
    ),
  );
  const lossOf = lossInTensorFlow(network, batchOf(network));
  const loss = (...all: tf.Tensor[]) => {
    const of = (name: string, module: string) => all[names.indexOf(`${name} of ${module}`)];
    return lossOf((name) => {
      const { d, k, W } = network.layers.find((layer) => layer.name === name) ?? network.layers[0];
      const i = modules.findIndex((module) => module.name === name);
      const weight = tf.tensor2d(W, [d, k]);
      if (i < 0) return weight;
      const update = modules[i].full ? of('W', name) : tf.matMul(of('B', name), of('A', name)).mul(settings[i].scaling);
      return weight.add(update) as tf.Tensor2D;
    });
  };
  const gradients = tf.grads(loss)(values);
  return names.map((name, i) => [name, gradients[i].dataSync()] as const);
}

/** The largest difference, relative to the largest entry. */
function expectClose(found: Gradients, wanted: Gradients, most: number): void {
  expect(found.map(([name]) => name)).toEqual(wanted.map(([name]) => name));
  for (const [i, [name, values]] of wanted.entries()) {
    const largest = Array.from(values).reduce((so, x) => Math.max(so, Math.abs(x)), 0);
    const off = Array.from(values).reduce((so, x, at) => Math.max(so, Math.abs(x - found[i][1][at])), 0);
    expect(largest, name).toBeGreaterThan(1e-3);
    expect(off / largest, name).toBeLessThan(most);
  }
}

const backends = [
  ['TypeScript', typescriptBackend] as const,
  ...(['plain', 'relaxed'] as const).map((build) => {
    const backend = startWasmBackend(build);
    if ('missing' in backend) throw new Error(backend.missing);
    return [`the ${build} build`, backend] as const;
  }),
  ...steppers
    .filter(({ name }) => name.startsWith('tfjs'))
    .map(({ name, listed }) => [name, { open: listed }] as const),
];

const CASES: [Partial<Experiment>][] = [
  [{}],
  [{ rank: 16, adapt: 'relabel', scaling: 'rslora' }],
  [{ modules: 'in,out', init: 'pissa', adapt: 'invert' }],
  [{ method: 'full' }],
  [{ method: 'full', modules: 'hidden' }],
  [{ target: 'transformer', batch: 3 }],
  [{ target: 'transformer', batch: 3, adapt: 'base-6', modules: 'q,down', rank: 3 }],
  [{ target: 'transformer', batch: 3, method: 'full', modules: 'k,up' }],
];

describe.each(partOf(CASES, 2, 1))('gradients of %o by matrix', async (changes) => {
  const start = await startOf(changes);
  const wanted = gradients64(start);

  it.each(backends)('of float32, %s, are those of float64', async (_, backend) => {
    expectClose(await gradientsOfStepper(start, backend), wanted, 1e-5);
  });

  it('of float64 are central differences of the loss', () => {
    const { net, layers } = network64(start);
    const batch = batchOf(start.network);
    const h = 1e-6;
    const isLong = start.modules.length > 3;
    const compared = isLong ? 3 : 12;
    const differences = partOf([...start.modules.entries()], isLong ? 5 : 1).flatMap(([i, module]) =>
      trained(module).map(([name]) => {
        const values = layers[i][name];
        const lossAt = (at: number, x: number) => {
          const kept = values[at];
          values[at] = x;
          layers[i].refresh();
          const loss = net.measure(batch);
          values[at] = kept;
          layers[i].refresh();
          return loss;
        };
        const looked = Array.from({ length: compared }, (_, n) => Math.floor(((n + 0.5) * values.length) / compared));
        const own = looked.map((at) => (lossAt(at, values[at] + h) - lossAt(at, values[at] - h)) / (2 * h));
        return [`${name} of ${module.name}`, looked, own] as const;
      }),
    );
    const gradients = new Map(wanted);
    for (const [name, looked, own] of differences) {
      const all = gradients.get(name) ?? [];
      for (const [n, at] of looked.entries()) expect(Math.abs(own[n] - all[at]), name).toBeLessThan(1e-6);
      expect(own.some((x) => Math.abs(x) > 1e-4)).toBe(true);
    }
  });

  it('of TensorFlow.js, by automatic differentiation, are the same', async () => {
    expectClose(await gradientsOfTensorFlow(start), wanted, 1e-5);
  });
});
