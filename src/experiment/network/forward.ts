import { exp } from '../../math/elementary.ts';
import type { DigitSet } from './digits.ts';

/** A matrix of the network of digits, d × k row by row, in the order of the forward pass. */
export interface DigitLayer {
  readonly d: number;
  readonly k: number;
  readonly W: ArrayLike<number>;
}

/** ΔW = s·B·A: A rank × k and B d × rank, row by row. */
export interface LayerAdapter {
  readonly A: ArrayLike<number>;
  readonly B: ArrayLike<number>;
  readonly rank: number;
  readonly scaling: number;
}

/** W + s·B·A of each layer; null: it has no adapter. */
export function mergedLayers(
  layers: readonly DigitLayer[],
  adapters: readonly (LayerAdapter | null)[],
): readonly DigitLayer[] {
  return layers.map((layer, l) => {
    const adapter = adapters[l] ?? null;
    if (!adapter) return layer;
    const { d, k } = layer;
    const { A, B, rank, scaling } = adapter;
    const W = Float64Array.from(layer.W);
    for (let i = 0; i < d; i++)
      for (let r = 0; r < rank; r++) {
        const b = scaling * B[i * rank + r];
        if (b !== 0) for (let j = 0; j < k; j++) W[i * k + j] += b * A[r * k + j];
      }
    return { d, k, W };
  });
}

/** The logits of the ten digits for a picture of 64 pixels: matrices with ReLU between them. */
function logitsOf(layers: readonly DigitLayer[], picture: ArrayLike<number>): Float64Array {
  let x = Float64Array.from(picture);
  for (const [l, { d, k, W }] of layers.entries()) {
    const h = new Float64Array(d);
    const last = l === layers.length - 1;
    for (let i = 0, at = 0; i < d; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += W[at++] * x[j];
      h[i] = last ? sum : Math.max(0, sum);
    }
    x = h;
  }
  return x;
}

/** Their probabilities, by softmax. */
export function digitOutputs(layers: readonly DigitLayer[], picture: ArrayLike<number>): Float64Array {
  const logits = logitsOf(layers, picture);
  const most = Math.max(...logits);
  const exponentials = logits.map((value) => exp(value - most));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** The class that each row of a set is read as: the lowest of the most probable. */
export function digitsRead(layers: readonly DigitLayer[], { inputs, answers }: DigitSet): Uint8Array {
  const width = inputs.length / answers.length;
  return Uint8Array.from(answers, (_, row) => {
    const logits = logitsOf(layers, inputs.subarray(row * width, (row + 1) * width));
    return logits.indexOf(Math.max(...logits));
  });
}

export const countRight = ({ answers }: Pick<DigitSet, 'answers'>, read: ArrayLike<number>): number =>
  answers.reduce((sum, answer, i) => sum + (read[i] === answer ? 1 : 0), 0);
