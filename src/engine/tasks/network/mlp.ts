import { crossEntropy } from './cross-entropy.ts';
import type { NetworkKernels } from './kernels.ts';
import { createLinear, type LinearShape } from './linear.ts';
import type { LayeredNetwork } from './network.ts';

export interface LabelledBatch {
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
      const loss = crossEntropy(last.h, batch.answers, n, last.d, deltas[layers.length - 1]);
      for (let i = layers.length - 1; i >= 0; i--) {
        layers[i].backward(xs[i], deltas[i], i > 0 ? deltas[i - 1].fill(0) : null);
        if (i > 0) kernels.reluBackward(deltas[i - 1], xs[i]);
      }
      return loss;
    },
  };
}
