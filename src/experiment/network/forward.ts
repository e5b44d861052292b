import { exp } from '../../math/elementary.ts';
import { type DigitSet, PIXELS } from './digits.ts';

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

/** The probabilities of the ten digits for a picture of 64 pixels: matrices with ReLU between them, then softmax. */
export function digitOutputs(layers: readonly DigitLayer[], picture: ArrayLike<number>): Float64Array {
  let x = picture;
  let h = new Float64Array(0);
  for (const [l, { d, k, W }] of layers.entries()) {
    h = new Float64Array(d);
    for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) h[i] += W[i * k + j] * x[j];
    x = l < layers.length - 1 ? h.map((value) => Math.max(0, value)) : h;
  }
  const most = Math.max(...h);
  const exponentials = h.map((value) => exp(value - most));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** The digit that each picture of a set is read as. */
export function digitsRead(layers: readonly DigitLayer[], { inputs, answers }: DigitSet): Uint8Array {
  return Uint8Array.from(answers, (_, row) => {
    const outputs = digitOutputs(layers, inputs.subarray(row * PIXELS, (row + 1) * PIXELS));
    return outputs.indexOf(Math.max(...outputs));
  });
}

export const countRight = ({ answers }: Pick<DigitSet, 'answers'>, read: ArrayLike<number>): number =>
  answers.reduce((sum, answer, i) => sum + (read[i] === answer ? 1 : 0), 0);
