import { exp } from '../../../math/elementary.ts';
import type { DigitLayer } from '../forward.ts';
import type { DecoderRest } from '../network-data.ts';
import { HEADS, WIDTH } from '../weights.ts';

/** Matrices of a block: q, k, v, o, up and down. */
const EACH = 6;
const EPSILON = 1e-5;

type Vectors = readonly Float64Array[];

const applied = ({ d, k, W }: DigitLayer, rows: Vectors): Vectors =>
  rows.map((row) =>
    Float64Array.from({ length: d }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += W[i * k + j] * row[j];
      return sum;
    }),
  );

const normed = (rows: Vectors): Vectors =>
  rows.map((row) => {
    const inverse = 1 / Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / row.length + EPSILON);
    return row.map((x) => x * inverse);
  });

const added = (rows: Vectors, more: Vectors): Vectors => rows.map((row, i) => row.map((x, j) => x + more[i][j]));

/** Softmax over the positions up to one's own of q·k/√size; length × length, row by row, 0 for later ones. */
function weightsOfHead(q: Vectors, k: Vectors, from: number, size: number): Float64Array {
  const weights = new Float64Array(q.length * q.length);
  for (const [i, own] of q.entries()) {
    const logits = k.slice(0, i + 1).map((other) => {
      let dot = 0;
      for (let l = from; l < from + size; l++) dot += own[l] * other[l];
      return dot / Math.sqrt(size);
    });
    const most = Math.max(...logits);
    const exponentials = logits.map((logit) => exp(logit - most));
    const sum = exponentials.reduce((total, value) => total + value, 0);
    weights.set(
      exponentials.map((value) => value / sum),
      i * q.length,
    );
  }
  return weights;
}

function mixed(weights: Vectors, v: Vectors, size: number): Vectors {
  return v.map((_, i) =>
    Float64Array.from({ length: WIDTH }, (__, l) => {
      const head = weights[Math.floor(l / size)];
      return v.reduce((sum, other, j) => sum + head[i * v.length + j] * other[l], 0);
    }),
  );
}

/**
 * How much each position of one sequence looks at those before it: by block and head, length × length numbers, row by
 * row. The forward pass of engine/tasks/network/transformer.ts, in float64. `layers`: q, k, v, o, up and down of each
 * block.
 */
export function decoderAttention(
  layers: readonly DigitLayer[],
  { embedding, positions }: Pick<DecoderRest, 'embedding' | 'positions'>,
  symbols: Uint8Array,
): readonly (readonly Float64Array[])[] {
  const size = WIDTH / HEADS;
  let x: Vectors = Array.from(symbols, (symbol, i) =>
    Float64Array.from({ length: WIDTH }, (_, j) => embedding[symbol * WIDTH + j] + positions[i * WIDTH + j]),
  );
  return Array.from({ length: layers.length / EACH }, (_, block) => {
    const [wq, wk, wv, wo, up, down] = layers.slice(block * EACH, (block + 1) * EACH);
    const y = normed(x);
    const [q, k, v] = [wq, wk, wv].map((layer) => applied(layer, y));
    const weights = Array.from({ length: HEADS }, (__, head) => weightsOfHead(q, k, head * size, size));
    x = added(x, applied(wo, mixed(weights, v, size)));
    const hidden = applied(up, normed(x)).map((row) => row.map((value) => Math.max(0, value)));
    x = added(x, applied(down, hidden));
    return weights;
  });
}
