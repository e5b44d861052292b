import { describe, expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import type { LinearGradients, LinearLayer } from './linear.ts';
import {
  BLOCK_MODULES,
  type Block,
  measureTransformer,
  type Sequences,
  type Transformer,
  transformerForward,
} from './transformer.ts';

const [width, heads, length, symbols] = [8, 2, 5, 4];
const draw = (size: number, purpose: string, scale: number) => {
  const source = stream(11, purpose);
  return Float64Array.from({ length: size }, () => scale * source.normal());
};
function module(name: string, rank: number): LinearLayer {
  const [d, k] = name.endsWith('up') ? [2 * width, width] : name.endsWith('down') ? [width, 2 * width] : [width, width];
  return {
    ...{ d, k, rank, scaling: 0.6 },
    W: draw(d * k, `${name} W`, 0.4),
    A: draw(rank * k, `${name} A`, 0.5),
    B: draw(d * rank, `${name} B`, 0.5),
  };
}
const blockOf = <T>(make: (name: (typeof BLOCK_MODULES)[number]) => T) =>
  Object.fromEntries(BLOCK_MODULES.map((name) => [name, make(name)])) as Block<T>;
const network = (rank: number): Transformer => ({
  ...{ width, heads, length, symbols },
  embedding: draw(symbols * width, 'embedding', 1),
  positions: draw(length * width, 'positions', 0.5),
  head: draw(symbols * width, 'head', 0.5),
  blocks: [0, 1].map((i) => blockOf((name) => module(`${i} ${name}`, rank))),
});
const sequences: Sequences = {
  count: 3,
  inputs: [0, 1, 2, 3, 0, 3, 3, 1, 0, 2, 2, 0, 1, 1, 3],
  answers: [1, 2, 0, 3, 3, 1],
};
const unwanted = [0, 1].map(() => blockOf((): LinearGradients => ({ W: null, A: null, B: null })));

describe('a small decoder with adapters', () => {
  it.each([0, 2])('has the gradients of central differences at rank %i', (rank) => {
    const net = network(rank);
    const gradients = net.blocks.map((block) =>
      blockOf((name) => ({
        W: new Float64Array(block[name].W.length),
        A: new Float64Array(block[name].A.length),
        B: new Float64Array(block[name].B.length),
      })),
    );
    const loss = () => measureTransformer(net, sequences, unwanted);
    expect(measureTransformer(net, sequences, gradients)).toBe(loss());
    const h = 1e-5;
    for (const [i, block] of net.blocks.entries())
      for (const name of BLOCK_MODULES)
        for (const factor of ['W', 'A', 'B'] as const)
          for (let at = 0; at < block[name][factor].length; at += 3) {
            const values = block[name][factor];
            const kept = values[at];
            values[at] = kept + h;
            const above = loss();
            values[at] = kept - h;
            const below = loss();
            values[at] = kept;
            expect(gradients[i][name][factor][at], `${i} ${name} ${factor}`).toBeCloseTo((above - below) / (2 * h), 7);
          }
  });

  it('reads no position behind its own', () => {
    const net = network(2);
    const { logits } = transformerForward(net, sequences);
    const changed = {
      ...sequences,
      inputs: Array.from(sequences.inputs, (x, i) => (i % length > 2 ? (x + 1) % symbols : x)),
    };
    const other = transformerForward(net, changed).logits;
    for (let s = 0; s < 3; s++) {
      const [from, to] = [s * length * symbols, (s * length + 3) * symbols];
      expect(other.slice(from, to)).toEqual(logits.slice(from, to));
      expect(other.slice(to, to + symbols)).not.toEqual(logits.slice(to, to + symbols));
    }
  });
});
