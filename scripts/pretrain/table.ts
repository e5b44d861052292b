import type { Linear } from '../../src/engine/tasks/network/linear.ts';
import { readWeights, type WeightsName } from '../../src/experiment/network/weights.ts';
import { stream } from '../../src/math/random.ts';
import { largestSingularValue } from '../../src/math/spectral/singular-values.ts';
import { type Accuracy, accuracyOf, answersTo } from './measure.ts';
import { build, layersOf, type TaskName, taskOf, weightBytes } from './networks.ts';
import { train, trainedIn } from './train.ts';

interface Adaptation {
  readonly from: WeightsName;
  readonly to: TaskName;
  /** Adam's rates with adapters and for whole matrices. */
  readonly rates: { readonly lora: number; readonly full: number };
  /** The layers that adapt; default: all. */
  readonly layers?: readonly string[];
  /** Steps between two checks. */
  readonly every: number;
}

const sequences = { rates: { lora: 0.003, full: 0.001 }, every: 50 };
const points = { every: 25, rates: { lora: 0.02, full: 0.02 }, layers: ['hidden'] };

const ADAPTATIONS: Readonly<Record<string, Adaptation>> = {
  'circles-spirals': { from: 'circles', to: 'spirals', ...points },
  'moons-rotated': { from: 'moons', to: 'moons-rotated', ...points },
  'spirals-rotated': { from: 'spirals', to: 'spirals-rotated', ...points },
  'spirals-relabelled': { from: 'spirals', to: 'spirals-relabelled', ...points },
  'sort-down': { from: 'sort', to: 'sort-down', ...sequences },
  'copy-reverse': { from: 'copy', to: 'copy-reverse', ...sequences },
  'base-6': { from: 'base-5', to: 'base-6', ...sequences },
};

export const adaptationNames = Object.keys(ADAPTATIONS);

const STEPS = 400;

/** Adapts for 400 steps: a rank with α = 2r and kaiming-uniform A, or 'full'. The rule's rate is .15, a matrix at a time. */
function adapt(name: string, method: string, seed: number, rule: boolean) {
  const { from, to, rates, every, layers = layersOf(from) } = ADAPTATIONS[name];
  const weights = readWeights(from, weightBytes(from));
  const full = method === 'full';
  const adapted = (layer: string) => {
    const isAdapted = layers.includes(layer);
    return { rank: isAdapted && !full ? Number(method) : 0, full: isAdapted && full };
  };
  const task = taskOf(to, seed);
  const { net, refresh } = build(from, weights, undefined, adapted);
  const ruled = new Map<Linear, number>();
  for (const [i, layer] of net.layers.entries()) {
    if (layer.rank === 0) continue;
    const source = stream(seed, `${layersOf(from)[i]} A`);
    layer.A.set(layer.A.map(() => (2 * source.uniform() - 1) / Math.sqrt(layer.k)));
    layer.scaling = 2;
    const a = largestSingularValue({ rows: layer.rank, cols: layer.k, data: Float64Array.from(layer.A) });
    ruled.set(layer, Math.min(0.02, 0.15 / (2 * Math.sqrt(Math.max(layer.d, layer.k) * layer.rank) * a)));
  }
  const measure = () => accuracyOf(answersTo(net, task.heldOut), task.heldOut, net.logits.rows / net.n);
  const path: Accuracy[] = [measure()];
  const rateOf = (layer: Linear) => (full ? rates.full : rule ? (ruled.get(layer) ?? rates.lora) : rates.lora);
  const trained = trainedIn(net.layers, (layer) => () => rateOf(layer));
  train(
    trained,
    STEPS,
    (step) => {
      if (step > 0 && step % every === 0) path.push(measure());
      return net.measure(task.at(step));
    },
    refresh,
  );
  path.push(measure());
  return { path, every, numbers: trained.reduce((sum, { values }) => sum + values.length, 0) };
}

const option = (args: readonly string[], name: string, otherwise: string) => {
  const at = args.indexOf(name);
  return (at < 0 ? otherwise : (args[at + 1] ?? '')).split(',');
};

/** Prints accuracies before and after, and the first checked step at 95 % of full fine-tuning's gain of that seed. */
export function table(args: readonly string[]): number {
  const names = adaptationNames.filter((name) => args.includes(name) || args.includes('all'));
  const methods = ['full', ...option(args, '--methods', '1,4,8,16').filter((method) => method !== 'full')];
  console.log('task seed method numbers before after whole gain t95');
  for (const name of names)
    for (const seed of option(args, '--seeds', '1,2,3').map(Number)) {
      let fullGain = Number.NaN;
      for (const method of methods) {
        const { path, every, numbers } = adapt(name, method, seed, args.includes('--rule'));
        const [before, after] = [path[0], path[path.length - 1]];
        const gain = after.answers - before.answers;
        if (method === 'full') fullGain = gain;
        const t95 = path.findIndex(({ answers }) => answers - before.answers >= 0.95 * fullGain);
        const figures = [before.answers, after.answers, after.whole, gain / fullGain].map((it) => it.toFixed(3));
        console.log(name, seed, method, numbers, ...figures, t95 < 0 ? 'never' : t95 * every);
      }
    }
  return names.length > 0 ? 0 : 2;
}
