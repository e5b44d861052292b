import type { NetworkData } from '../../../experiment/network/network-data.ts';
import { VOCABULARY } from '../../../experiment/network/sequences.ts';
import { HEADS, WIDTH } from '../../../experiment/network/weights.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { FloatArray, NetworkKernels } from './kernels.ts';
import { createLinear, type LinearShape } from './linear.ts';
import type { LayeredNetwork } from './network.ts';
import { BLOCK_MODULES, createTransformer } from './transformer.ts';

/** Inputs and answers, row by row. */
export interface NetworkBatch {
  readonly inputs: ArrayLike<number>;
  readonly answers: ArrayLike<number>;
}

/** The network of a task for n examples at a time, with the layers of these shapes. */
export function createNetwork(
  kernels: NetworkKernels,
  data: NetworkData,
  shapes: readonly LinearShape[],
  n: number,
): LayeredNetwork<NetworkBatch> {
  return data.kind === 'labelled' ? createMlp(kernels, shapes, n) : createDecoder(kernels, data, shapes, n);
}

function createDecoder(
  kernels: NetworkKernels,
  { length, asked, rest }: Pick<Extract<NetworkData, { kind: 'sequences' }>, 'length' | 'asked' | 'rest'>,
  shapes: readonly LinearShape[],
  count: number,
) {
  const each = BLOCK_MODULES.length;
  const blocks = Array.from({ length: shapes.length / each }, (_, block) => {
    const [q, k, v, o, up, down] = shapes.slice(block * each, (block + 1) * each);
    return { q, k, v, o, up, down };
  });
  const shape = { width: WIDTH, heads: HEADS, symbols: VOCABULARY, length, asked, count, blocks };
  return createTransformer(kernels, shape, rest);
}

/**
 * The training batch of a step; the next call writes over rows picked `into` the memory of their first layer. The
 * smaller last batch of an epoch leaves rows of an earlier one behind its own: its answers are fewer.
 */
export function batchReader(data: NetworkData, into: FloatArray): (step: number) => NetworkBatch {
  if (data.kind === 'sequences') return data.batches.at;
  const { training, batches } = data;
  const width = training.inputs.length / training.answers.length;
  const answers = new Uint8Array(batches.size);
  return (step) => {
    const rows = batches.at(step);
    for (const [i, row] of rows.entries()) {
      into.set(training.inputs.subarray(row * width, (row + 1) * width), i * width);
      answers[i] = training.answers[row];
    }
    return { inputs: into, answers: answers.subarray(0, rows.length) };
  };
}

interface LabelledBatch {
  /** n × k of the first layer, row by row. */
  readonly inputs: ArrayLike<number>;
  readonly answers: ArrayLike<number>;
}

/** Layers with ReLU between them; the outputs of the last one are the logits. */
export function createMlp(
  kernels: NetworkKernels,
  shapes: readonly LinearShape[],
  n: number,
): LayeredNetwork<LabelledBatch> {
  const layers = shapes.map((shape) => createLinear(kernels, shape, n));
  const last = layers[layers.length - 1];
  const X = kernels.buffer(n * shapes[0].k);
  const xs = [X, ...layers.map(({ h }) => h)];
  const deltas = layers.map(({ h }) => kernels.buffer(h.length));
  const forward = ({ inputs }: LabelledBatch) => {
    if (inputs !== X) X.set(inputs);
    for (const [i, layer] of layers.entries()) {
      layer.forward(xs[i]);
      if (layer !== last) kernels.relu(layer.h);
    }
  };
  return {
    n,
    layers,
    inputs: xs.slice(0, -1),
    logits: { rows: n, columns: last.d, values: last.h },
    forward,
    measure(batch) {
      forward(batch);
      // Rows without an answer have no gradient, and no part in the sums that follow.
      const rows = Math.min(n, batch.answers.length);
      const delta = deltas[layers.length - 1];
      if (rows < n) delta.fill(0);
      const loss = crossEntropy(last.h, batch.answers, rows, last.d, delta);
      for (let i = layers.length - 1; i >= 0; i--) {
        layers[i].backward(xs[i], deltas[i], i > 0 ? deltas[i - 1].fill(0) : null);
        if (i > 0) kernels.reluBackward(deltas[i - 1], xs[i]);
      }
      return loss;
    },
  };
}
