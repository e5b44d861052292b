import type { FloatArray } from '../../src/engine/tasks/network/kernels.ts';
import { WEIGHTS, type WeightsName } from '../../src/experiment/network/weights.ts';
import { stream } from '../../src/math/random.ts';
import { build, taskOf, type Weights } from './networks.ts';
import { train, trainedIn } from './train.ts';

interface Recipe {
  readonly steps: number;
  readonly rate: (step: number) => number;
}

/** Falls linearly to 0 after `warmUp` steps of rising. */
const linear = (rate: number, steps: number, warmUp = 0): Recipe => ({
  steps,
  rate: (step) => (step < warmUp ? (rate * (step + 1)) / warmUp : (rate * (steps - step)) / (steps - warmUp)),
});

const digits = linear(0.005, 500);
/** Stops as soon as the task is known: trained for longer, its ReLUs die more easily when it is adapted. */
const points: Recipe = { steps: 150, rate: () => 0.003 };
const sequences = linear(0.003, 1200, 100);

const RECIPES: Readonly<Record<WeightsName, Recipe>> = {
  digits,
  'digits-low': digits,
  circles: points,
  moons: points,
  spirals: { steps: 400, rate: () => 0.01 },
  sort: sequences,
  copy: sequences,
  'base-5': sequences,
};

/** Variance of the first weights: 2/k before a ReLU; 1 of embedding and positions; else 1/k. */
function varianceOf(layer: string, k: number): number {
  if (layer === 'embedding' || layer === 'positions') return 1;
  return /^(in|hidden)$|up$/.test(layer) ? 2 / k : 1 / k;
}

function initial(name: WeightsName, seed: number): Weights {
  return new Map(
    WEIGHTS[name].layers.map(({ name: layer, d, k }) => {
      const [source, scale] = [stream(seed, `${layer} W0`), Math.sqrt(varianceOf(layer, k))];
      return [layer, Float32Array.from({ length: d * k }, () => scale * source.normal())];
    }),
  );
}

/** Trains the network of a file from the start, in float32. */
export function pretrain(name: WeightsName, seed: number, report: (step: number, loss: number) => void): Weights {
  const { steps, rate } = RECIPES[name];
  const weights = initial(name, seed);
  const task = taskOf(name, seed);
  const { net, rest, refresh } = build(name, weights, undefined, () => ({ rank: 0, full: true }));
  const others = rest(task.at(0));
  const trained = [...trainedIn(net.layers, () => rate), ...others.map((it) => ({ ...it, rate }))];
  train(
    trained,
    steps,
    (step) => {
      const batch = task.at(step);
      const loss = net.measure(batch);
      rest(batch);
      report(step, loss);
      return loss;
    },
    refresh,
  );
  const values: FloatArray[] = net.layers.map(({ W }) => W);
  if (others.length > 0) {
    const [embedding, positions, head] = others.map((it) => it.values);
    values.unshift(embedding, positions);
    values.push(head);
  }
  return new Map(WEIGHTS[name].layers.map(({ name: layer }, i) => [layer, values[i]]));
}
