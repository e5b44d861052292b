import { describe, expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { createMlp } from './create.ts';
import type { Linear } from './linear.ts';
import { loops64 } from './loops.ts';
import type { LayeredNetwork } from './network.ts';
import { BLOCK_MODULES, createTransformer } from './transformer.ts';

const draw = (length: number, purpose: string, scale = 1) => {
  const source = stream(11, purpose);
  return Float64Array.from({ length }, () => scale * source.normal());
};

function fill(layers: readonly Linear[]): void {
  for (const [i, layer] of layers.entries()) {
    layer.W.set(draw(layer.W.length, `${i} W`, 0.45));
    layer.A.set(draw(layer.A.length, `${i} A`, 0.6));
    layer.B.set(draw(layer.B.length, `${i} B`, 0.6));
    layer.scaling = 0.7;
    layer.refresh();
  }
}

const WIDTHS = [5, 7, 6, 4];
const labelled = { inputs: draw(9 * 5, 'X'), answers: [0, 1, 2, 3, 0, 1, 2, 3, 0] };
function mlp(rank: number, full = rank === 0) {
  const shapes = WIDTHS.slice(1).map((d, i) => ({ d, k: WIDTHS[i], rank, full }));
  const net = createMlp(loops64, shapes, 9);
  fill(net.layers);
  return net;
}

const SIZES = { width: 8, heads: 2, length: 5, symbols: 4, count: 3, asked: 2 };
const sequences = { inputs: [0, 1, 2, 3, 0, 3, 3, 1, 0, 2, 2, 0, 1, 1, 3], answers: [1, 2, 0, 3, 3, 1] };
function transformer(rank: number, full = rank === 0) {
  const { width, length, symbols } = SIZES;
  const of = Object.fromEntries(BLOCK_MODULES.map((name) => [name, { rank, full }])) as Record<
    (typeof BLOCK_MODULES)[number],
    { rank: number; full: boolean }
  >;
  const rest = {
    embedding: draw(symbols * width, 'embedding'),
    positions: draw(length * width, 'positions', 0.5),
    head: draw(symbols * width, 'head', 0.5),
  };
  const net = createTransformer(loops64, { ...SIZES, blocks: [of, of] }, rest);
  fill(net.layers);
  return { ...net, rest };
}

/** Every n-th entry of each gradient against (L(x + h) − L(x − h))/2h. */
function expectDifferences<Batch>(net: LayeredNetwork<Batch>, batch: Batch, every: number): void {
  net.measure(batch);
  const h = 1e-5;
  const wanted = net.layers.map(({ gradients: { W, A, B } }) => ({ W: W.slice(), A: A.slice(), B: B.slice() }));
  let compared = 0;
  for (const [i, layer] of net.layers.entries())
    for (const name of ['W', 'A', 'B'] as const)
      for (let at = 0; at < wanted[i][name].length; at += every) {
        const values = layer[name];
        const kept = values[at];
        const [above, below] = [kept + h, kept - h].map((value) => {
          values[at] = value;
          layer.refresh();
          return net.measure(batch);
        });
        values[at] = kept;
        layer.refresh();
        expect(wanted[i][name][at], `layer ${i}, ${name}`).toBeCloseTo((above - below) / (2 * h), 7);
        compared++;
      }
  expect(compared).toBeGreaterThan(30);
}

describe('gradients are those of central differences', () => {
  it.each([0, 1, 3])('layers with ReLU, rank %i', (rank) => expectDifferences(mlp(rank), labelled, 1));
  it.each([0, 2])('a decoder, rank %i', (rank) => expectDifferences(transformer(rank), sequences, 3));
});

it('gradients of embedding, positions and head are those of central differences', () => {
  const net = transformer(0);
  net.measure(sequences);
  const { embedding, positions, head } = net.restGradients(sequences);
  const wanted = { embedding: embedding.slice(), positions: positions.slice(), head: head.slice() };
  const h = 1e-5;
  for (const name of ['embedding', 'positions', 'head'] as const)
    for (const [at, kept] of net.rest[name].entries()) {
      const [above, below] = [kept + h, kept - h].map((value) => {
        net.rest[name][at] = value;
        net.refresh();
        return net.measure(sequences);
      });
      net.rest[name][at] = kept;
      expect(wanted[name][at], name).toBeCloseTo((above - below) / (2 * h), 7);
    }
});

it('layers with adapters answer as the merged weights W + s·B·A do', () => {
  const net = mlp(2);
  net.forward(labelled);
  const logits = net.logits.values.slice();
  expect(logits).toHaveLength(36);
  const merged = mlp(0);
  for (const [l, { d, k, rank, A, B, scaling }] of net.layers.entries()) {
    for (let i = 0; i < d; i++)
      for (let p = 0; p < rank; p++)
        for (let j = 0; j < k; j++) merged.layers[l].W[i * k + j] += scaling * B[i * rank + p] * A[p * k + j];
    merged.layers[l].refresh();
  }
  merged.forward(labelled);
  for (const [i, x] of logits.entries()) expect(x).toBeCloseTo(merged.logits.values[i], 12);
});

it('equal logits have the loss log m', () => {
  const net = mlp(1);
  for (const layer of net.layers) {
    layer.W.fill(0);
    layer.B.fill(0);
    layer.refresh();
  }
  expect(net.measure(labelled)).toBeCloseTo(Math.log(4), 14);
});

it('a decoder reads no position behind its own', () => {
  const net = transformer(2);
  const row = (s: number, position: number) => [...net.logits.values.slice(4 * (2 * s + position)).slice(0, 4)];
  net.forward(sequences);
  const before = [0, 1, 2].map((s) => [row(s, 0), row(s, 1)]);
  const last = { ...sequences, inputs: sequences.inputs.map((x, i) => (i % 5 === 4 ? (x + 1) % 4 : x)) };
  net.forward(last);
  for (const s of [0, 1, 2]) {
    expect(row(s, 0)).toEqual(before[s][0]);
    expect(row(s, 1)).not.toEqual(before[s][1]);
  }
});
