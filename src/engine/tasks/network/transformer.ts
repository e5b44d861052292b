import { exp } from '../../../math/elementary.ts';
import { crossEntropy } from './cross-entropy.ts';
import {
  type LinearGradients,
  type LinearLayer,
  type LinearPass,
  linear,
  linearBackward,
  type Values,
} from './linear.ts';

/**
 * A small decoder: for each block x ← x + o(attention(q, k, v of norm(x))), then x ← x + down(ReLU(up(norm(x)))), with
 * causal attention and RMSNorm without parameters; the head reads norm(x). Embedding, positions and head are frozen.
 */
export interface Transformer {
  readonly width: number;
  readonly heads: number;
  /** Positions of a sequence. */
  readonly length: number;
  readonly symbols: number;
  /** symbols × width, length × width, symbols × width. */
  readonly embedding: Values;
  readonly positions: Values;
  readonly head: Values;
  readonly blocks: readonly Block<LinearLayer>[];
}

export const BLOCK_MODULES = ['q', 'k', 'v', 'o', 'up', 'down'] as const;
export type Block<T> = Readonly<Record<(typeof BLOCK_MODULES)[number], T>>;

/** n sequences of symbols, row by row, and the answers at the last positions of each. */
export interface Sequences {
  readonly inputs: ArrayLike<number>;
  readonly answers: ArrayLike<number>;
  readonly count: number;
}

interface Normed {
  readonly y: Float64Array;
  /** 1/√(mean x² + ε) by row. */
  readonly inverse: Float64Array;
}

const EPSILON = 1e-5;

function rmsNorm(x: Float64Array, width: number): Normed {
  const rows = x.length / width;
  const [y, inverse] = [new Float64Array(x.length), new Float64Array(rows)];
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += x[i * width + j] * x[i * width + j];
    inverse[i] = 1 / Math.sqrt(sum / width + EPSILON);
    for (let j = 0; j < width; j++) y[i * width + j] = x[i * width + j] * inverse[i];
  }
  return { y, inverse };
}

/** Adds ∂L/∂x = (δ − y·⟨δ, y⟩/width)/rms to `gradient`. */
function rmsNormBackward({ y, inverse }: Normed, delta: Float64Array, width: number, gradient: Float64Array): void {
  for (let i = 0; i < inverse.length; i++) {
    let dot = 0;
    for (let j = 0; j < width; j++) dot += delta[i * width + j] * y[i * width + j];
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      gradient[at] += (delta[at] - (y[at] * dot) / width) * inverse[i];
    }
  }
}

interface AttentionShape {
  readonly count: number;
  readonly length: number;
  readonly heads: number;
  readonly width: number;
}

/** Weights softmax(q·kᵀ/√(width/heads)) over the positions up to one's own (count × heads × length × length). */
function attention({ count, length, heads, width }: AttentionShape, q: Values, k: Values, v: Values) {
  const size = width / heads;
  const scale = 1 / Math.sqrt(size);
  const weights = new Float64Array(count * heads * length * length);
  const mixed = new Float64Array(count * length * width);
  for (let s = 0; s < count; s++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < length; i++) {
        const row = ((s * heads + h) * length + i) * length;
        const own = (s * length + i) * width + h * size;
        let largest = -Infinity;
        for (let j = 0; j <= i; j++) {
          const other = (s * length + j) * width + h * size;
          let dot = 0;
          for (let l = 0; l < size; l++) dot += q[own + l] * k[other + l];
          weights[row + j] = dot * scale;
          largest = Math.max(largest, weights[row + j]);
        }
        let sum = 0;
        for (let j = 0; j <= i; j++) {
          weights[row + j] = exp(weights[row + j] - largest);
          sum += weights[row + j];
        }
        for (let j = 0; j <= i; j++) {
          weights[row + j] /= sum;
          const other = (s * length + j) * width + h * size;
          for (let l = 0; l < size; l++) mixed[own + l] += weights[row + j] * v[other + l];
        }
      }
  return { weights, mixed };
}

/** Gradients of q, k and v for the gradient δ of the mixed values. */
function attentionBackward(
  { count, length, heads, width }: AttentionShape,
  weights: Float64Array,
  q: Values,
  k: Values,
  v: Values,
  delta: Float64Array,
) {
  const size = width / heads;
  const scale = 1 / Math.sqrt(size);
  const [dq, dk, dv] = [q, k, v].map((values) => new Float64Array(values.length));
  const products = new Float64Array(length);
  for (let s = 0; s < count; s++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < length; i++) {
        const row = ((s * heads + h) * length + i) * length;
        const own = (s * length + i) * width + h * size;
        let mean = 0;
        for (let j = 0; j <= i; j++) {
          const other = (s * length + j) * width + h * size;
          let dot = 0;
          for (let l = 0; l < size; l++) {
            dot += delta[own + l] * v[other + l];
            dv[other + l] += weights[row + j] * delta[own + l];
          }
          products[j] = dot;
          mean += weights[row + j] * dot;
        }
        for (let j = 0; j <= i; j++) {
          const g = weights[row + j] * (products[j] - mean) * scale;
          const other = (s * length + j) * width + h * size;
          for (let l = 0; l < size; l++) {
            dq[own + l] += g * k[other + l];
            dk[other + l] += g * q[own + l];
          }
        }
      }
  return { dq, dk, dv };
}

interface BlockPass {
  readonly first: Normed;
  readonly q: LinearPass;
  readonly k: LinearPass;
  readonly v: LinearPass;
  /** Attention by sequence, head, row and column. */
  readonly weights: Float64Array;
  readonly mixed: Float64Array;
  readonly o: LinearPass;
  readonly second: Normed;
  readonly up: LinearPass;
  readonly down: LinearPass;
}

const add = (x: Float64Array, y: Float64Array) => x.map((value, i) => value + y[i]);

function passBlock(block: Block<LinearLayer>, shape: AttentionShape, x: Float64Array) {
  const n = shape.count * shape.length;
  const first = rmsNorm(x, shape.width);
  const [q, k, v] = [block.q, block.k, block.v].map((layer) => linear(layer, first.y, n));
  const { weights, mixed } = attention(shape, q.h, k.h, v.h);
  const o = linear(block.o, mixed, n);
  const between = add(x, o.h);
  const second = rmsNorm(between, shape.width);
  const up = linear(block.up, second.y, n);
  for (let i = 0; i < up.h.length; i++) if (up.h[i] < 0) up.h[i] = 0;
  const down = linear(block.down, up.h, n);
  const pass: BlockPass = { first, q, k, v, weights, mixed, o, second, up, down };
  return { pass, x: add(between, down.h) };
}

/** Logits of each position (count·length × symbols), and the passes of the blocks. */
export function transformerForward(net: Transformer, { inputs, count }: Omit<Sequences, 'answers'>) {
  const { width, heads, length, symbols, embedding, positions, head } = net;
  const shape = { count, length, heads, width };
  const n = count * length;
  let x = Float64Array.from({ length: n * width }, (_, at) => {
    const [row, j] = [Math.floor(at / width), at % width];
    return embedding[inputs[row] * width + j] + positions[(row % length) * width + j];
  });
  const passes = net.blocks.map((block) => {
    const passed = passBlock(block, shape, x);
    x = passed.x;
    return passed.pass;
  });
  const last = rmsNorm(x, width);
  const logits = linear(frozenHead(symbols, width, head), last.y, n).h;
  return { shape, passes, last, logits };
}

const NONE = new Float64Array();
const frozenHead = (d: number, k: number, W: Values): LinearLayer => ({
  ...{ d, k, W, rank: 0, A: NONE, B: NONE, scaling: 1 },
});
const UNWANTED: LinearGradients = { W: null, A: null, B: null };

/** The last `answers.length / count` positions of each sequence, one row each. */
function answered(values: Float64Array, { count, length }: AttentionShape, symbols: number, asked: number) {
  const rows = new Float64Array(count * asked * symbols);
  for (let s = 0; s < count; s++) {
    const from = (s * length + length - asked) * symbols;
    rows.set(values.subarray(from, from + asked * symbols), s * asked * symbols);
  }
  return rows;
}

/** Mean cross-entropy of the answers, with its gradients written into `gradients`, a block of them for each block. */
export function measureTransformer(
  net: Transformer,
  sequences: Sequences,
  gradients: readonly Block<LinearGradients>[],
): number {
  const { answers, count } = sequences;
  const { width, symbols, length } = net;
  const { shape, passes, last, logits } = transformerForward(net, sequences);
  const n = count * length;
  const asked = answers.length / count;
  const given = new Float64Array(answers.length * symbols);
  const loss = crossEntropy(answered(logits, shape, symbols, asked), answers, answers.length, symbols, given);
  const delta = new Float64Array(n * symbols);
  for (let s = 0; s < count; s++)
    delta.set(given.subarray(s * asked * symbols, (s + 1) * asked * symbols), (s * length + length - asked) * symbols);
  const normed = new Float64Array(n * width);
  linearBackward(frozenHead(symbols, width, net.head), last.y, { z: NONE }, delta, n, UNWANTED, normed);
  let dx = new Float64Array(n * width);
  rmsNormBackward(last, normed, width, dx);
  for (let i = passes.length - 1; i >= 0; i--) dx = blockBackward(net.blocks[i], passes[i], shape, dx, gradients[i]);
  return loss;
}

/** ∂L/∂x at the entry of a block from δ at its exit. */
function blockBackward(
  block: Block<LinearLayer>,
  pass: BlockPass,
  shape: AttentionShape,
  delta: Float64Array,
  gradients: Block<LinearGradients>,
): Float64Array<ArrayBuffer> {
  const n = shape.count * shape.length;
  const { first, q, k, v, weights, mixed, second, up } = pass;
  const hidden = new Float64Array(up.h.length);
  linearBackward(block.down, up.h, pass.down, delta, n, gradients.down, hidden);
  for (let i = 0; i < hidden.length; i++) if (!(up.h[i] > 0)) hidden[i] = 0;
  const normed = new Float64Array(second.y.length);
  linearBackward(block.up, second.y, up, hidden, n, gradients.up, normed);
  const between = delta.slice();
  rmsNormBackward(second, normed, shape.width, between);

  const mixedGradient = new Float64Array(mixed.length);
  linearBackward(block.o, mixed, pass.o, between, n, gradients.o, mixedGradient);
  const { dq, dk, dv } = attentionBackward(shape, weights, q.h, k.h, v.h, mixedGradient);
  const entered = new Float64Array(first.y.length);
  linearBackward(block.q, first.y, q, dq, n, gradients.q, entered);
  linearBackward(block.k, first.y, k, dk, n, gradients.k, entered);
  linearBackward(block.v, first.y, v, dv, n, gradients.v, entered);
  const x = between.slice();
  rmsNormBackward(first, entered, shape.width, x);
  return x;
}
