import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { type DigitSet, PIXELS, uprightDigits } from '../../../../experiment/network/digits.ts';
import { digits } from '../../../../experiment/network/digits-target.ts';
import { stream } from '../../../../math/random.ts';
import { singularValues } from '../../../../math/spectral/singular-values.ts';
import { wasmKernels } from '../../../steppers/wasm/network-kernels.ts';
import { createMlp } from '../create.ts';
import { largestOf } from '../cross-entropy.ts';
import type { Linear } from '../linear.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));
const module = new WebAssembly.Module(read('../../../steppers/wasm/network-plain.wasm'));

export const DIGITS = uprightDigits(inflateRawSync(read('../../../../experiment/network/digits.deflate')));

export interface LayerValues {
  readonly W: ArrayLike<number>;
  readonly A: ArrayLike<number>;
  readonly B: ArrayLike<number>;
}

export interface DigitWeights {
  readonly rank: number;
  readonly scaling: number;
  readonly layers: readonly LayerValues[];
}

type Method = number | 'full';

function networkOf(n: number, { rank, scaling, layers }: DigitWeights, method: Method) {
  const full = method === 'full';
  const net = createMlp(
    wasmKernels(module),
    digits.layers.map(({ d, k }) => ({ d, k, rank: Math.min(rank, d), full })),
    n,
  );
  for (const [i, layer] of net.layers.entries()) {
    for (const name of ['W', 'A', 'B'] as const) layer[name].set(layers[i][name]);
    layer.scaling = scaling;
    layer.refresh();
  }
  return net;
}

/** The digit that each row is read as. */
export function digitAnswers(weights: DigitWeights, { inputs, answers }: DigitSet): Uint8Array {
  const net = networkOf(answers.length, weights, 1);
  net.forward({ inputs, answers });
  const { rows, columns, values } = net.logits;
  return largestOf(values, rows, columns);
}

export const digitAccuracy = (weights: DigitWeights, set: DigitSet) =>
  digitAnswers(weights, set).filter((digit, i) => digit === set.answers[i]).length / set.answers.length;

/** Adam of PyTorch; `rate` for each matrix that trains, as a share of its constant rate at a step. */
function adam(layers: readonly Linear[], rate: (layer: number) => number) {
  const trained = layers.flatMap((layer, i) =>
    (['W', 'A', 'B'] as const)
      .filter((name) => layer.gradients[name].length > 0)
      .map((name) => {
        const [values, gradient] = [layer[name], layer.gradients[name]];
        return { values, gradient, i, m: new Float32Array(values.length), v: new Float32Array(values.length) };
      }),
  );
  return (t: number, share: number) => {
    for (const { values, gradient, i, m, v } of trained)
      for (let at = 0; at < values.length; at++) {
        m[at] = 0.9 * m[at] + 0.1 * gradient[at];
        v[at] = 0.999 * v[at] + 0.001 * gradient[at] ** 2;
        const step = m[at] / (1 - 0.9 ** t) / (Math.sqrt(v[at] / (1 - 0.999 ** t)) + 1e-8);
        values[at] -= share * rate(i) * step;
      }
    for (const layer of layers) layer.refresh();
  };
}

function rowsInto(inputs: Float32Array, answers: Uint8Array, from: DigitSet, rows: readonly number[], first: number) {
  for (const [i, row] of rows.entries()) {
    inputs.set(from.inputs.subarray(row * PIXELS, (row + 1) * PIXELS), (first + i) * PIXELS);
    answers[first + i] = from.answers[row];
  }
}

const some = (source: ReturnType<typeof stream>, count: number, { answers }: DigitSet) =>
  Array.from({ length: count }, () => source.integer(answers.length));

/** 64-64-64-10: N(0, 2/k), the last N(0, 1/k); Adam .005 falling linearly, batch 64, 500 steps. */
export function pretrainedDigits(seed: number): DigitWeights {
  const layers = digits.layers.map(({ d, k }, i) => {
    const source = stream(seed, `digits W ${i}`);
    const scale = Math.sqrt((i < 2 ? 2 : 1) / k);
    return { W: Float32Array.from({ length: d * k }, () => scale * source.normal()), A: [], B: [] };
  });
  const [steps, batch] = [500, 64];
  const net = networkOf(batch, { rank: 0, scaling: 1, layers }, 'full');
  const update = adam(net.layers, () => 0.005);
  const order = stream(seed, 'digits batches');
  const [inputs, answers] = [new Float32Array(batch * PIXELS), new Uint8Array(batch)];
  for (let t = 1; t <= steps; t++) {
    rowsInto(inputs, answers, DIGITS.training, some(order, batch, DIGITS.training), 0);
    net.measure({ inputs, answers });
    update(t, 1 - (t - 1) / steps);
  }
  return { rank: 0, scaling: 1, layers: net.layers.map(({ W }) => ({ W: W.slice(), A: [], B: [] })) };
}

interface HandTraining {
  readonly method: Method;
  /** Upright digits in each batch, beside all of the hand's. */
  readonly upright: number;
  readonly seed: number;
}

/** 100 steps; full at .005, LoRA with α = 2r, Kaiming uniform, and the derived rate of each matrix. */
export function adaptedToHand(start: DigitWeights, mine: DigitSet, { method, upright, seed }: HandTraining) {
  const [rank, scaling] = method === 'full' ? [0, 1] : [method, 2];
  const rates: number[] = [];
  const layers = digits.layers.map(({ d, k }, i): LayerValues => {
    const r = Math.min(rank, d);
    const source = stream(seed, `hand A ${i}`);
    const A = Float32Array.from({ length: r * k }, () => (2 * source.uniform() - 1) / Math.sqrt(k));
    const a = r === 0 ? 1 : singularValues({ rows: r, cols: k, data: Float64Array.from(A) })[0];
    const rate = 0.15 / (scaling * Math.sqrt(Math.max(d, k) * r) * a);
    rates.push(method === 'full' ? 0.005 : Math.min(0.02, rate));
    return { W: start.layers[i].W, A, B: new Float32Array(d * r) };
  });
  const count = mine.answers.length;
  const n = count + upright;
  const net = networkOf(n, { rank, scaling, layers }, method);
  const update = adam(net.layers, (i) => rates[i]);
  const order = stream(seed, 'hand batches');
  const [inputs, answers] = [new Float32Array(n * PIXELS), new Uint8Array(n)];
  rowsInto(inputs, answers, mine, [...mine.answers.keys()], 0);
  for (let t = 1; t <= 100; t++) {
    rowsInto(inputs, answers, DIGITS.training, some(order, upright, DIGITS.training), count);
    net.measure({ inputs, answers });
    update(t, 1);
  }
  const values = net.layers.map(({ W, A, B }) => ({ W: W.slice(), A: A.slice(), B: B.slice() }));
  return { rank, scaling, layers: values } satisfies DigitWeights;
}
