import { permutation, type Stream, stream } from '../../math/random.ts';
import { once } from '../layer/cached.ts';
import { type Batches, batchesOf } from '../regression/batches.ts';
import type { DigitTaskName } from './adaptations.ts';

/**
 * Handwritten digits of 8 × 8 pixels, 0 to 16 each: Optical Recognition of Handwritten Digits, E. Alpaydin and C.
 * Kaynak, 1998, UCI Machine Learning Repository, doi 10.24432/C50P49, CC BY 4.0.
 */
const SIDE = 8;
export const PIXELS = SIDE * SIDE;
const COUNT = 1797;

/** Inputs, n × 64 row by row, and the digit of each row. */
export interface DigitSet {
  readonly inputs: Float32Array;
  readonly answers: Uint8Array;
}

export interface Digits {
  readonly training: DigitSet;
  readonly heldOut: DigitSet;
}

/**
 * The upright digits, 1,200 to train on and 597 held out: in each class every third row, and the last row that is left.
 * Pixels are x/8 − 1, from −1 to 1. `bytes`: the images row by row, then their digits.
 */
export function uprightDigits(bytes: Uint8Array): Digits {
  if (bytes.length !== COUNT * (PIXELS + 1)) throw new Error(`${bytes.length} bytes are not those of the digits`);
  const answers = bytes.subarray(COUNT * PIXELS);
  const seen = new Array<number>(10).fill(0);
  const held = Array.from(answers, (digit) => seen[digit]++ % 3 === 2);
  const last = held.lastIndexOf(false);
  held[last] = true;
  const set = (wanted: boolean): DigitSet => {
    const rows = [...held.keys()].filter((row) => held[row] === wanted);
    return {
      inputs: Float32Array.from({ length: rows.length * PIXELS }, (_, i) => {
        const pixel = bytes[rows[Math.floor(i / PIXELS)] * PIXELS + (i % PIXELS)];
        return pixel / 8 - 1;
      }),
      answers: Uint8Array.from(rows, (row) => answers[row]),
    };
  };
  return { training: set(false), heldOut: set(true) };
}

const END = SIDE - 1;

interface DigitTask {
  /** The pixel of the upright picture at row i, column j of the new one, both counted row by row from 0. */
  readonly from?: (i: number, j: number) => number;
  readonly pixel?: (x: number) => number;
  readonly answer?: (digit: number) => number;
  /** The digits of the new task; default: all. */
  readonly digits?: (digit: number) => boolean;
  /** The network has been pretrained on 0 to 4 alone. */
  readonly low?: true;
}

const order = once(() => permutation(PIXELS, stream(0, 'shuffled pixels')));

const TASKS: Readonly<Record<DigitTaskName, DigitTask>> = {
  rotate: { from: (i, j) => j * SIDE + END - i },
  mirror: { from: (i, j) => i * SIDE + END - j },
  invert: { pixel: (x) => -x },
  shuffle: { from: (i, j) => order()[i * SIDE + j] },
  relabel: { answer: (digit) => 9 - digit },
  'zero-to-nine': { low: true },
  'five-to-nine': { low: true, digits: (digit) => digit > 4 },
  hand: {},
};

const isLow = (digit: number) => digit < 5;

/** Of a new task: training and held-out digits, and the held-out ones of the task that the network knew before. */
export interface DigitTaskSets extends Digits {
  readonly old: DigitSet;
  readonly weights: 'digits' | 'digits-low';
}

/**
 * A new task. `part`: it trains on `samples` of its digits alone, drawn at random without replacement by the seed's
 * stream 'samples' and kept in their order; on all of them if it has no more.
 */
export function digitTask(
  upright: Digits,
  name: DigitTaskName,
  part?: { readonly samples: number; readonly seed: number },
): DigitTaskSets {
  const { low, digits = () => true } = TASKS[name];
  const set = (from: DigitSet) => changed(only(from, digits), TASKS[name]);
  const training = set(upright.training);
  return {
    training: part ? drawn(training, part.samples, stream(part.seed, 'samples')) : training,
    heldOut: set(upright.heldOut),
    old: low ? only(upright.heldOut, isLow) : upright.heldOut,
    weights: low ? 'digits-low' : 'digits',
  };
}

/** Somebody's drawings: to train on, and to test with. */
export interface HandSets {
  readonly training: DigitSet;
  readonly test: DigitSet;
}

interface HandTask extends DigitTaskSets {
  readonly batches: Batches;
}

/**
 * The digits of a hand: every step trains on all of its drawings and on `others` upright digits. Before there is a test
 * drawing, those trained on stand in its place. Null without any drawing to train on.
 */
export function handTask(
  upright: Digits,
  hand: HandSets | null,
  others: number,
  streams: (purpose: string) => Stream,
): HandTask | null {
  const mine = hand?.training.answers.length ?? 0;
  if (!hand || mine === 0) return null;
  const count = upright.training.answers.length;
  const beside = others > 0 ? batchesOf(count, Math.min(others, count), streams) : null;
  const all = [...Array(mine).keys()];
  const size = mine + (beside?.size ?? 0);
  return {
    training: joined(hand.training, upright.training),
    heldOut: hand.test.answers.length > 0 ? hand.test : hand.training,
    old: upright.heldOut,
    weights: 'digits',
    batches: {
      size,
      at: (step) => Int32Array.from([...all, ...(beside ? beside.at(step).map((row) => mine + row) : [])]),
    },
  };
}

function joined(one: DigitSet, other: DigitSet): DigitSet {
  return {
    inputs: Float32Array.from([...one.inputs, ...other.inputs]),
    answers: Uint8Array.from([...one.answers, ...other.answers]),
  };
}

function drawn(set: DigitSet, count: number, source: Stream): DigitSet {
  const all = set.answers.length;
  return count < all ? picked(set, permutation(all, source).slice(0, count).sort()) : set;
}

const only = (set: DigitSet, wanted: (digit: number) => boolean): DigitSet =>
  picked(
    set,
    Int32Array.from(set.answers.keys()).filter((row) => wanted(set.answers[row])),
  );

function picked({ inputs, answers }: DigitSet, rows: Int32Array): DigitSet {
  const values = new Float32Array(rows.length * PIXELS);
  for (const [i, row] of rows.entries()) values.set(inputs.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
  return { inputs: values, answers: Uint8Array.from(rows, (row) => answers[row]) };
}

function changed(
  set: DigitSet,
  { from = (i, j) => i * SIDE + j, pixel = (x) => x, answer = (d) => d }: DigitTask,
): DigitSet {
  const inputs = set.inputs.map((_, at) => {
    const [row, rest] = [Math.floor(at / PIXELS), at % PIXELS];
    return pixel(set.inputs[row * PIXELS + from(Math.floor(rest / SIDE), rest % SIDE)]);
  });
  return { inputs, answers: set.answers.map(answer) };
}
