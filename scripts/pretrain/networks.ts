import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { createMlp } from '../../src/engine/tasks/network/create.ts';
import type { FloatArray } from '../../src/engine/tasks/network/kernels.ts';
import type { LayeredNetwork } from '../../src/engine/tasks/network/network.ts';
import { BLOCK_MODULES, createTransformer } from '../../src/engine/tasks/network/transformer.ts';
import { type DigitSet, PIXELS, uprightDigits } from '../../src/experiment/network/digits.ts';
import { POINT_INPUTS, type PointSet, type PointTaskName, pointsOf } from '../../src/experiment/network/points.ts';
import { type SequenceTaskName, sequencesOf, VOCABULARY } from '../../src/experiment/network/sequences.ts';
import { HEADS, WEIGHTS, type WeightsName, WIDTH } from '../../src/experiment/network/weights.ts';
import { batchesOf } from '../../src/experiment/regression/batches.ts';
import { type Stream, stream } from '../../src/math/random.ts';
import { kernels } from './train.ts';

/** Matrices by the names of their layers. */
export type Weights = ReadonlyMap<string, FloatArray>;
export type TaskName = 'digits' | 'digits-low' | PointTaskName | SequenceTaskName;
type Streams = (purpose: string) => Stream;

/** Inputs and answers, row by row; a sequence has several answers. */
export interface Examples {
  readonly inputs: Float32Array | Uint8Array;
  readonly answers: Uint8Array;
}

export interface Task {
  readonly heldOut: Examples;
  /** The training batch of a step. */
  readonly at: (step: number) => Examples;
}

/** Batches of `size` rows of a set. */
function batchesIn(
  { inputs, answers }: PointSet | DigitSet,
  width: number,
  size: number,
  streams: Streams,
): Task['at'] {
  const batches = batchesOf(answers.length, size, streams);
  return (step) => {
    const rows = [...batches.at(step)];
    return {
      inputs: Float32Array.from(rows.flatMap((row) => [...inputs.subarray(row * width, (row + 1) * width)])),
      answers: Uint8Array.from(rows, (row) => answers[row]),
    };
  };
}

const asset = (path: string) => readFileSync(`src/experiment/network/${path}`);

export function weightBytes(name: WeightsName): Uint8Array {
  return new Uint8Array(asset(`weights/${name}.f16`));
}

/** Digits below `limit`. */
function digitsBelow(limit: number): { training: DigitSet; heldOut: DigitSet } {
  const { training, heldOut } = uprightDigits(inflateRawSync(asset('digits.deflate')));
  const part = ({ inputs, answers }: DigitSet): DigitSet => ({
    inputs: inputs.filter((_, i) => answers[Math.floor(i / PIXELS)] < limit),
    answers: answers.filter((answer) => answer < limit),
  });
  return { training: part(training), heldOut: part(heldOut) };
}

const isSequence = (name: TaskName): name is SequenceTaskName => /^(sort|copy|base)/.test(name);

/** A task's data from the streams of a seed: batches of 32 sequences, else of 64 points or digits. */
export function taskOf(name: TaskName, seed: number): Task {
  const streams: Streams = (purpose) => stream(seed, purpose);
  if (isSequence(name)) return sequencesOf(name, SEQUENCES, streams);
  const isDigits = name === 'digits' || name === 'digits-low';
  const { training, heldOut } = isDigits ? digitsBelow(name === 'digits' ? 10 : 5) : pointsOf(name, streams);
  return { heldOut, at: batchesIn(training, isDigits ? PIXELS : POINT_INPUTS, ROWS, streams) };
}

/** What a layer trains. */
export interface Adapted {
  readonly rank: number;
  readonly full: boolean;
}

const SEQUENCES = 32;
const ROWS = 64;

/** A network for batches of `count` examples, and what its layers do not hold. */
export interface Built {
  readonly net: LayeredNetwork<Examples>;
  /** Embedding, positions and head with their gradients after measure(); empty if it has none. */
  readonly rest: (batch: Examples) => { readonly values: FloatArray; readonly gradient: FloatArray }[];
  readonly refresh: () => void;
}

const isMlp = (name: WeightsName) => WEIGHTS[name].layers[0].name === 'in';

/** The names of the network's layers in the order of the forward pass. */
export const layersOf = (name: WeightsName): readonly string[] =>
  WEIGHTS[name].layers.map((layer) => layer.name).filter((layer) => !/^(embedding|positions|head)$/.test(layer));

const taken = (weights: Weights, name: string): FloatArray => {
  const values = weights.get(name);
  if (!values) throw new Error(`no weights of ${name}`);
  return values;
};

export function build(
  name: WeightsName,
  weights: Weights,
  count = isMlp(name) ? ROWS : SEQUENCES,
  adapted: (layer: string) => Adapted = () => ({ rank: 0, full: false }),
): Built {
  const { layers } = WEIGHTS[name];
  if (isMlp(name)) {
    const net = createMlp(
      kernels(),
      layers.map(({ name: layer, d, k }) => ({ d, k, ...adapted(layer) })),
      count,
    );
    return filled(net as LayeredNetwork<Examples>, name, weights, { rest: () => [], refresh: () => {} });
  }
  const rest = {
    embedding: taken(weights, 'embedding').slice(),
    positions: taken(weights, 'positions').slice(),
    head: taken(weights, 'head').slice(),
  };
  const length = rest.positions.length / WIDTH;
  const blocks = [0, 1].map(
    (block) =>
      Object.fromEntries(BLOCK_MODULES.map((module) => [module, adapted(`${block}.${module}`)])) as Record<
        (typeof BLOCK_MODULES)[number],
        Adapted
      >,
  );
  const shape = { width: WIDTH, heads: HEADS, length, symbols: VOCABULARY, count, asked: length - 8, blocks };
  const net = createTransformer(kernels(), shape, rest);
  return filled(net, name, weights, {
    rest: (batch) => {
      const gradients = net.restGradients(batch);
      return (['embedding', 'positions', 'head'] as const).map((part) => ({
        values: rest[part],
        gradient: gradients[part],
      }));
    },
    refresh: net.refresh,
  });
}

function filled(
  net: LayeredNetwork<Examples>,
  name: WeightsName,
  weights: Weights,
  { rest, refresh }: Pick<Built, 'rest' | 'refresh'>,
): Built {
  const refreshAll = () => {
    for (const layer of net.layers) layer.refresh();
    refresh();
  };
  for (const [i, layer] of layersOf(name).entries()) net.layers[i].W.set(taken(weights, layer));
  refreshAll();
  return { net, rest, refresh: refreshAll };
}
