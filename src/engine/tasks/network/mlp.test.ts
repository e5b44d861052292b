import { describe, expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import type { LinearGradients, LinearLayer } from './linear.ts';
import { measureMlp, mlpForward } from './mlp.ts';

const WIDTHS = [5, 7, 6, 4];
const draw = (length: number, purpose: string, size = 1) => {
  const source = stream(3, purpose);
  return Float64Array.from({ length }, () => size * source.normal());
};

function network(rank: number): LinearLayer[] {
  return WIDTHS.slice(1).map((d, i) => {
    const k = WIDTHS[i];
    return {
      d,
      k,
      rank,
      W: draw(d * k, `W${i}`, 0.5),
      A: draw(rank * k, `A${i}`),
      B: draw(d * rank, `B${i}`),
      scaling: 0.7,
    };
  });
}
const n = 9;
const X = draw(n * WIDTHS[0], 'X');
const answers = Array.from({ length: n }, (_, i) => i % 4);
const gradientsOf = (layers: readonly LinearLayer[]): LinearGradients[] =>
  layers.map(({ W, A, B }) => ({
    W: new Float64Array(W.length),
    A: new Float64Array(A.length),
    B: new Float64Array(B.length),
  }));
const NONE = { W: null, A: null, B: null };

describe('a network of layers with adapters', () => {
  it.each([0, 1, 3])('has the gradients of central differences at rank %i', (rank) => {
    const layers = network(rank);
    const gradients = gradientsOf(layers);
    measureMlp(layers, X, answers, gradients);
    const loss = () =>
      measureMlp(
        layers,
        X,
        answers,
        layers.map(() => NONE),
      );
    const h = 1e-5;
    for (const [i, layer] of layers.entries())
      for (const name of ['W', 'A', 'B'] as const)
        for (const at of layer[name].keys()) {
          const kept = layer[name][at];
          layer[name][at] = kept + h;
          const above = loss();
          layer[name][at] = kept - h;
          const below = loss();
          layer[name][at] = kept;
          expect(gradients[i][name]?.[at]).toBeCloseTo((above - below) / (2 * h), 7);
        }
  });

  it('answers as the merged weights W + s·B·A do', () => {
    const layers = network(2);
    const merged = layers.map(({ d, k, W, A, B, rank, scaling }) => {
      const sum = W.slice();
      for (let i = 0; i < d; i++)
        for (let p = 0; p < rank; p++)
          for (let j = 0; j < k; j++) sum[i * k + j] += scaling * B[i * rank + p] * A[p * k + j];
      return { d, k, W: sum, rank: 0, A: new Float64Array(), B: new Float64Array(), scaling: 1 };
    });
    const [one, other] = [layers, merged].map((it) => mlpForward(it, X, n)[WIDTHS.length - 2].h);
    for (const at of one.keys()) expect(one[at]).toBeCloseTo(other[at], 12);
  });

  it('has the loss log m if all m logits are equal', () => {
    const layers = network(1).map((layer) => ({ ...layer, W: layer.W.map(() => 0), B: layer.B.map(() => 0) }));
    expect(
      measureMlp(
        layers,
        X,
        answers,
        layers.map(() => NONE),
      ),
    ).toBeCloseTo(Math.log(4), 14);
  });
});
