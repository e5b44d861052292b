import {
  add,
  concat,
  dispose,
  gather,
  matMul,
  mul,
  reshape,
  scalar,
  slice,
  softmax,
  square,
  type Tensor,
  tensor,
  transpose,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import type { SequenceData } from '../../../experiment/network/network-data.ts';
import { VOCABULARY } from '../../../experiment/network/sequences.ts';
import { HEADS, WIDTH } from '../../../experiment/network/weights.ts';
import { EPSILON } from '../../tasks/network/rms-norm.ts';
import { BLOCK_MODULES } from '../../tasks/network/transformer.ts';
import { emptyEntries, type Factors, type ModuleStart, type NetworkTask, type StepperStart } from '../stepper.ts';
import type { BackEndTraits, DeviceTask, TensorFactor, TensorLayout } from './device-task.ts';
import { rowGroupSums } from './forward.ts';
import { answerLogarithms, type MatrixProducts, matrixProducts, normed, positive } from './operations.ts';
import { commonDivisor, largestDivisor, stepPieces, sumsIn } from './packing.ts';

/** X·Wᵀ, or with an adapter X·Wᵀ + s·(X·Aᵀ)·Bᵀ, of the rows of X; `constant`: X depends on nothing that trains. */
type TensorLayer = (X: Tensor, constant: boolean) => Tensor;

/** The logits of a batch's answers, by row. */
type LogitsOf = (inputs: Tensor, layers: readonly TensorLayer[]) => Tensor;

/** A factor in the tensor of all: its transpose, from a row on. */
interface PlacedFactor {
  readonly module: number;
  readonly factor: TensorFactor;
  readonly from: number;
  readonly rows: number;
  /** Of the factor itself. */
  readonly height: number;
  readonly width: number;
}

/** Numbers of a row at most: long sums of float32 drift unless many threads sum in a tree. */
const LONGEST_ROW = 64;
const LONGEST_ROW_OF_A_TREE = 1024;

/**
 * The matrices of a network, with gradients by automatic differentiation. A step's batch is looked up on the device, by the
 * numbers of its rows.
 */
export function networkTask(start: StepperStart, network: NetworkTask, traits: BackEndTraits): DeviceTask {
  const { modules } = start;
  const { layers, data } = network;
  const full = modules.every((module) => module.full);
  const { placed, ...layout } = networkLayout(modules, traits);
  const { rows, columns } = layout;
  const kept: Tensor[] = [];
  const keep = <T extends Tensor>(one: T): T => {
    kept.push(one);
    return one;
  };
  const products = matrixProducts(traits);
  const moduleOf = layers.map(({ name }) => modules.findIndex((module) => module.name === name));
  const base = full ? keep(tensor(baseOf(layout, network, modules), [rows, columns])) : null;
  const frozen = layers.map(({ W, d, k }, i) => {
    if (full && moduleOf[i] >= 0) return null;
    const turned = keep(tensor(W, [d, k]));
    return { turned, W: keep(transpose(turned)) };
  });
  const placeOf = (module: number, factor: TensorFactor) =>
    placed.findIndex((one) => one.module === module && one.factor === factor);
  const batches = networkBatches(network, keep);
  const forward = data.kind === 'sequences' ? decoder(data, products, keep) : multilayer;
  const rowsOfLoss = data.kind === 'sequences' ? data.batches.size * data.asked : data.batches.size;
  const share = keep(tensor(new Float32Array(rowsOfLoss).fill(-1 / rowsOfLoss)));

  /** A layer from the transposes of all placed factors, those of B times s. */
  function layerFrom(i: number, factors: readonly Tensor[]): TensorLayer {
    const own = frozen[i];
    const { product, constantTimes, timesConstant } = products;
    const times = (X: Tensor, Y: Tensor, constant: boolean) => (constant ? constantTimes(X, Y) : product(X, Y));
    const module = moduleOf[i];
    if (!own) return (X, constant) => times(X, factors[placed.findIndex((one) => one.module === module)], constant);
    if (module < 0) return (X) => timesConstant(X, own.W, own.turned);
    const [At, Bt] = [factors[placeOf(module, 'A')], factors[placeOf(module, 'B')]];
    return (X, constant) => add(timesConstant(X, own.W, own.turned), product(times(X, At, constant), Bt));
  }

  return {
    layout,
    absent: modules.map(({ A, B }) => ({ A: A.slice(), B: B.slice() })),
    scalingOf: (settings) =>
      tensor(
        layout.rowValues((module, factor) => (factor === 'B' ? settings[module].scaling : 1)),
        [rows, 1],
      ),
    sumsPerStep: rowsOfLoss + 2 * rows,
    evaluate(factors, update, scaling, step) {
      const used = base ? add(factors, base) : mul(factors, scaling);
      const parts = placed.map((one) =>
        reshape(slice(used, [one.from, 0], [one.rows, columns]), [one.width, one.height]),
      );
      const { inputs, answers, weights } = batches.at(step);
      const lossOf = (...given: Tensor[]) =>
        answerLogarithms(
          forward(
            inputs,
            layers.map((_, i) => layerFrom(i, given)),
          ),
          answers,
        );
      const measured = valueAndGrads(lossOf)(parts, weights ? mul(share, weights) : share);
      const { grads } = measured;
      const value = weights ? mul(measured.value, weights) : measured.value;
      const slopes = concat(
        grads.map((one, i) => reshape(one, [placed[i].rows, columns])),
        0,
      );
      const gradient = base ? slopes : mul(slopes, scaling);
      const squared = square(gradient);
      return { factors, gradient, squared, rows: [value, rowGroupSums(squared, 1), update] };
    },
    entriesOf(read, n) {
      const entries = emptyEntries(n, modules.length);
      const next = sumsIn(read);
      for (let i = 0; i < n; i++) {
        entries.series.loss[i] = -next(rowsOfLoss) / rowsOfLoss;
        for (const norm of ['gradNorm', 'updateNorm'] as const)
          for (const one of placed) entries.modules[one.module][`${norm}${one.factor}`][i] = Math.sqrt(next(one.rows));
      }
      return entries;
    },
    ahead: batches.ahead,
    release: batches.release,
    dispose() {
      batches.release();
      dispose(kept);
    },
  };
}

type NetworkLayout = TensorLayout & { readonly placed: readonly PlacedFactor[] };

/** All factors that train or are measured, one after another; the identity beside ΔW is not. */
function networkLayout(modules: readonly ModuleStart[], { treeSums }: BackEndTraits): NetworkLayout {
  const factors = modules.flatMap(({ d, k, rank, full, frozen }, module) =>
    (['A', 'B'] as const)
      .filter((factor) => !(full && frozen === factor))
      .map((factor) => ({
        module,
        factor,
        ...(factor === 'A' ? { height: rank, width: k } : { height: d, width: rank }),
      })),
  );
  const common = factors.reduce((so, { height, width }) => commonDivisor(so, height * width), 0);
  const columns = largestDivisor(common, treeSums ? LONGEST_ROW_OF_A_TREE : LONGEST_ROW);
  let rows = 0;
  const placed = factors.map((one): PlacedFactor => {
    const from = rows;
    const own = (one.height * one.width) / columns;
    rows += own;
    return { ...one, from, rows: own };
  });
  return {
    ...{ placed, rows, columns, rowsPerSum: 1 },
    pack(given) {
      const out = new Float32Array(rows * columns);
      for (const { module, factor, from, height, width } of placed)
        turn(given[module][factor], height, width, out.subarray(from * columns));
      return out;
    },
    unpack(packed, absent) {
      const all = modules.map(({ A, B }, i) =>
        absent ? { ...absent[i] } : { A: new Float32Array(A.length), B: new Float32Array(B.length) },
      );
      for (const { module, factor, from, height, width } of placed) {
        const own = all[module];
        own[factor] = new Float32Array(height * width);
        turn(packed.subarray(from * columns), width, height, own[factor]);
      }
      return all;
    },
    rowValues(of) {
      const values = new Float32Array(rows);
      for (const { module, factor, from, rows: own } of placed) values.fill(of(module, factor), from, from + own);
      return values;
    },
  };
}

/** Writes the transpose of a matrix of this height and width. */
function turn(from: Float32Array, height: number, width: number, to: Float32Array): void {
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) to[j * height + i] = from[i * width + j];
}

/** The pretrained matrices in the places of their updates. */
function baseOf({ pack }: TensorLayout, { layers }: NetworkTask, modules: readonly ModuleStart[]): Float32Array {
  const none = new Float32Array();
  return pack(
    modules.map(({ name, frozen }): Factors => {
      const W = layers.find((layer) => layer.name === name)?.W ?? none;
      return frozen === 'A' ? { A: none, B: W } : { A: W, B: none };
    }),
  );
}

function networkBatches({ layers, data }: NetworkTask, keep: <T extends Tensor>(one: T) => T) {
  const symbols = (count: number) =>
    Float32Array.from({ length: count ** 2 }, (_, i) => (i % (count + 1) === 0 ? 1 : 0));
  const { d: classes } = layers[layers.length - 1];
  const table =
    data.kind === 'sequences'
      ? { inputs: keep(embeddings(data)), answers: keep(tensor(symbols(VOCABULARY), [VOCABULARY, VOCABULARY])) }
      : {
          inputs: keep(tensor(data.training.inputs, [data.training.answers.length, layers[0].k])),
          answers: keep(oneHot(data.training.answers, classes)),
        };
  /**
   * Of one step: which rows of the tables are its inputs, and which its answers. The smaller last batch of an epoch is
   * filled up with row 0.
   */
  const numbersAt = (step: number) => {
    if (data.kind === 'labelled') {
      const own = data.batches.at(step);
      const filled = new Int32Array(data.batches.size);
      filled.set(own);
      return { inputs: filled, answers: filled, count: own.length };
    }
    const { inputs, answers } = data.batches.at(step);
    return {
      count: data.batches.size,
      inputs: Int32Array.from(inputs, (symbol, i) => (i % data.length) * VOCABULARY + symbol),
      answers: Int32Array.from(answers),
    };
  };
  /** Numbers of rows, step by step. */
  const { ahead, release, ...pieces } = stepPieces((first, count) => {
    const all = Array.from({ length: count }, (_, i) => numbersAt(first + i));
    const joined = (key: 'inputs' | 'answers') => tensor(join(all.map((one) => one[key])), undefined, 'int32');
    const inputs = joined('inputs');
    const answers = data.kind === 'labelled' ? inputs : joined('answers');
    return { first, count, inputs, answers, counts: all.map((one) => one.count), tensors: [inputs, answers] };
  });
  /** By row: rows that fill a batch up weigh nothing, the others n/n′, as the mean is taken over n; null: all weigh 1. */
  const weightsOf = (count: number): Tensor | null => {
    const { size } = data.batches;
    return count === size
      ? null
      : tensor(Float32Array.from({ length: size }, (_, i) => (i < count ? size / count : 0)));
  };

  return {
    at(step: number): { readonly inputs: Tensor; readonly answers: Tensor; readonly weights: Tensor | null } {
      const from = pieces.with(step);
      const own = (numbers: Tensor) => {
        const size = numbers.size / from.count;
        return from.count === 1 ? numbers : slice(numbers, [(step - from.first) * size], [size]);
      };
      const inputs = own(from.inputs);
      const answers = from.answers === from.inputs ? inputs : own(from.answers);
      return {
        inputs: gather(table.inputs, inputs),
        answers: gather(table.answers, answers),
        weights: weightsOf(from.counts[step - from.first]),
      };
    },
    ahead,
    release,
  };
}

function join(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function oneHot(answers: Uint8Array, classes: number): Tensor {
  const rows = new Float32Array(answers.length * classes);
  for (const [i, answer] of answers.entries()) rows[i * classes + answer] = 1;
  return tensor(rows, [answers.length, classes]);
}

/** What a symbol is at a position, position by position. */
function embeddings({ length, rest }: SequenceData): Tensor {
  const rows = new Float32Array(length * VOCABULARY * WIDTH);
  for (let at = 0; at < length; at++)
    for (let symbol = 0; symbol < VOCABULARY; symbol++)
      for (let j = 0; j < WIDTH; j++)
        rows[(at * VOCABULARY + symbol) * WIDTH + j] =
          rest.embedding[symbol * WIDTH + j] + rest.positions[at * WIDTH + j];
  return tensor(rows, [length * VOCABULARY, WIDTH]);
}

/** Layers with ReLU between them. */
const multilayer: LogitsOf = (inputs, layers) =>
  layers.reduce((x, layer, i) => layer(i === 0 ? x : positive(x), i === 0), inputs);

/** Blocks of attention and ReLU; the logits of the positions that answer (tasks/network/transformer.ts in loops). */
function decoder(
  { length, asked, rest, batches }: SequenceData,
  { timesConstant }: MatrixProducts,
  keep: <T extends Tensor>(one: T) => T,
): LogitsOf {
  const count = batches.size;
  const size = WIDTH / HEADS;
  const [scale, share, epsilon] = [1 / Math.sqrt(size), 1 / WIDTH, EPSILON].map((value) => keep(scalar(value)));
  const later = Float32Array.from({ length: length ** 2 }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0));
  const mask = keep(tensor(later, [length, length]));
  const turnedHead = keep(tensor(rest.head, [VOCABULARY, WIDTH]));
  const head = keep(transpose(turnedHead));
  const heads = (x: Tensor) => transpose(reshape(x, [count, length, HEADS, size]), [0, 2, 1, 3]);
  const norm = (x: Tensor) => normed(x, share, epsilon);
  const each = BLOCK_MODULES.length;

  return (inputs, layers) => {
    let x = inputs;
    for (let at = 0; at < layers.length; at += each) {
      const [q, k, v, o, up, down] = layers.slice(at, at + each);
      const first = at === 0;
      const y = norm(x);
      const [queries, keys, values] = [q, k, v].map((layer) => heads(layer(y, first)));
      const scores = add(mul(matMul(queries, keys, false, true), scale), mask);
      const mixed = transpose(matMul(softmax(scores), values), [0, 2, 1, 3]);
      x = add(x, o(reshape(mixed, [count * length, WIDTH]), false));
      x = add(x, down(positive(up(norm(x), false)), false));
    }
    const answers = slice(reshape(x, [count, length, WIDTH]), [0, length - asked, 0], [count, asked, WIDTH]);
    return timesConstant(norm(reshape(answers, [count * asked, WIDTH])), head, turnedHead);
  };
}
