import { createAttention } from './attention.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { FloatArray, NetworkKernels, SequenceShape } from './kernels.ts';
import { createLinear, type Linear, type LinearShape } from './linear.ts';
import type { LayeredNetwork } from './network.ts';
import { createRmsNorm } from './rms-norm.ts';

export const BLOCK_MODULES = ['q', 'k', 'v', 'o', 'up', 'down'] as const;
type Block<T> = Readonly<Record<(typeof BLOCK_MODULES)[number], T>>;

/** Without adapters: symbols × width, length × width, symbols × width, row by row. */
export interface TransformerRest {
  readonly embedding: FloatArray;
  readonly positions: FloatArray;
  readonly head: FloatArray;
}

export interface TransformerShape extends SequenceShape {
  readonly symbols: number;
  /** Answers of a sequence: those of its last positions. */
  readonly asked: number;
  /** Ranks, and whether W trains, of each module of each block. */
  readonly blocks: readonly Block<Pick<LinearShape, 'rank' | 'full'>>[];
}

/** Sequences of symbols and their answers, row by row. */
export interface SequenceBatch {
  readonly inputs: ArrayLike<number>;
  readonly answers: ArrayLike<number>;
}

interface TransformerNetwork extends LayeredNetwork<SequenceBatch> {
  /** Attention weights of each block, by sequence, head, row and column. */
  readonly attention: readonly FloatArray[];
  /** For pretraining, after measure(): ∂L/∂ of embedding, positions and head. */
  restGradients(batch: SequenceBatch): TransformerRest;
  /** Call it after the rest has changed. */
  refresh(): void;
}

/**
 * A small decoder: in each block x ← x + o(attention of q, k, v of norm(x)), then x ← x + down(ReLU(up(norm(x)))); the
 * head reads norm(x). The layers are the blocks' q, k, v, o, up and down.
 */
export function createTransformer(
  kernels: NetworkKernels,
  shape: TransformerShape,
  rest: TransformerRest,
): TransformerNetwork {
  const { width, length, symbols, count, asked } = shape;
  const { buffer, product, transpose } = kernels;
  const rows = count * length;
  const blocks = shape.blocks.map((of) => createBlock(kernels, shape, of));
  const x = buffer(rows * width);
  const last = createRmsNorm(kernels, rows, width);
  const [head, turnedHead] = [buffer(symbols * width), buffer(symbols * width)];
  const refresh = () => {
    head.set(rest.head);
    transpose(turnedHead, head, symbols, width);
  };
  refresh();
  const [logits, logitGradient] = [buffer(rows * symbols), buffer(rows * symbols)];
  const [given, givenGradient] = [count * asked * symbols, count * asked * symbols].map(buffer);
  const [normed, dx] = [buffer(rows * width), buffer(rows * width)];
  const [embedding, positions] = [buffer(symbols * width), buffer(length * width)];
  const gradients = { embedding, positions, head: buffer(symbols * width) };
  const part = asked * symbols;
  /** The answers of a sequence among its logits. */
  const from = (s: number) => (s * length + length - asked) * symbols;

  const forward = ({ inputs }: SequenceBatch) => {
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < width; j++)
        x[row * width + j] = rest.embedding[inputs[row] * width + j] + rest.positions[(row % length) * width + j];
    for (const block of blocks) block.forward(x);
    last.forward(x);
    product(logits, last.y, turnedHead, { n: rows, m: symbols, l: width });
    for (let s = 0; s < count; s++) given.set(logits.subarray(from(s), from(s) + part), s * part);
  };
  return {
    n: count,
    layers: blocks.flatMap(({ layers }) => BLOCK_MODULES.map((name) => layers[name])),
    inputs: blocks.flatMap(({ inputs }) => inputs),
    attention: blocks.map(({ attention }) => attention.weights),
    logits: { rows: count * asked, columns: symbols, values: given },
    forward,
    measure(batch) {
      forward(batch);
      const loss = crossEntropy(given, batch.answers, count * asked, symbols, givenGradient);
      for (let s = 0; s < count; s++) logitGradient.set(givenGradient.subarray(s * part, (s + 1) * part), from(s));
      product(normed, logitGradient, head, { n: rows, m: width, l: symbols });
      last.backward(normed, dx.fill(0));
      for (const block of [...blocks].reverse()) block.backward(dx);
      return loss;
    },
    restGradients({ inputs }) {
      gradients.embedding.fill(0);
      gradients.positions.fill(0);
      product(gradients.head, logitGradient, last.y, { n: symbols, m: width, l: rows, transposed: true });
      for (let row = 0; row < rows; row++)
        for (let j = 0; j < width; j++) {
          gradients.embedding[inputs[row] * width + j] += dx[row * width + j];
          gradients.positions[(row % length) * width + j] += dx[row * width + j];
        }
      return gradients;
    },
    refresh,
  };
}

function createBlock(kernels: NetworkKernels, shape: TransformerShape, of: TransformerShape['blocks'][number]) {
  const { width, count, length } = shape;
  const { buffer } = kernels;
  const rows = count * length;
  const hidden = 2 * width;
  const sizes: Block<readonly [d: number, k: number]> = {
    ...{ q: [width, width], k: [width, width], v: [width, width], o: [width, width] },
    ...{ up: [hidden, width], down: [width, hidden] },
  };
  const layerOf = (name: (typeof BLOCK_MODULES)[number]): Linear => {
    const [d, k] = sizes[name];
    return createLinear(kernels, { d, k, ...of[name] }, rows);
  };
  const [q, k, v, o, up, down] = BLOCK_MODULES.map(layerOf);
  const [first, second] = [createRmsNorm(kernels, rows, width), createRmsNorm(kernels, rows, width)];
  const attention = createAttention(kernels, shape);
  const [mixed, normed] = [buffer(rows * width), buffer(rows * width)];
  const wide = buffer(rows * hidden);
  const projections = { q: q.h, k: k.h, v: v.h };
  return {
    layers: { q, k, v, o, up, down },
    inputs: [first.y, first.y, first.y, attention.mixed, second.y, up.h],
    attention,
    /** Changes x in place. */
    forward(x: FloatArray): void {
      first.forward(x);
      for (const layer of [q, k, v]) layer.forward(first.y);
      attention.forward(projections);
      o.forward(attention.mixed);
      kernels.sum(x, x, o.h);
      second.forward(x);
      up.forward(second.y);
      kernels.relu(up.h);
      down.forward(up.h);
      kernels.sum(x, x, down.h);
    },
    /** Turns ∂L/∂x at its exit into that at its entry, in place. */
    backward(dx: FloatArray): void {
      down.backward(up.h, dx, wide.fill(0));
      kernels.reluBackward(wide, up.h);
      up.backward(second.y, wide, normed.fill(0));
      second.backward(normed, dx);
      o.backward(attention.mixed, dx, mixed.fill(0));
      attention.backward(mixed, projections);
      normed.fill(0);
      q.backward(first.y, attention.gradients.q, normed);
      k.backward(first.y, attention.gradients.k, normed);
      v.backward(first.y, attention.gradients.v, normed);
      first.backward(normed, dx);
    },
  };
}
