import { type DigitSet, type HandSets, PIXELS } from '../../experiment/network/digits.ts';
import { countRight, type DigitLayer, digitsRead } from '../../experiment/network/forward.ts';
import { type HandFile, type Shades, setsOfShades, shadesOf } from '../../experiment/network/hands/hand-file.ts';
import { type HandUpdate, summedUpdate, tiesUpdate, withUpdate } from '../../experiment/network/hands/hand-merge.ts';
import { digitOf, MOST_HANDS, NO_ROUNDS, roundOf } from '../../experiment/network/rounds.ts';
import { sampleDrawing, type Writer } from '../../experiment/network/sample-hands.ts';
import { stream } from '../../math/random.ts';
import type { Omission } from './entry.ts';

/** A hand on the wall. */
export interface ClassHand extends HandFile {
  /** Order of arrival, counted with the runs. */
  readonly id: number;
}

/** The digits that one network reads right, as shares. */
export interface HandRow {
  /** Of each hand's test drawings. */
  readonly shares: readonly number[];
  /** Of held-out digits of other people. */
  readonly others: number;
}

export interface WeightedRow {
  readonly weight: number;
  readonly row: HandRow;
}

/** What the adapters of a class read, one by one and merged. */
export interface HandReadings {
  readonly hands: readonly ClassHand[];
  /** Those with test drawings: the columns. */
  readonly columns: readonly ClassHand[];
  /** By hand, its adapter alone. */
  readonly alone: readonly HandRow[];
  /** By weight of the sum, ascending from 0, no adapter, to 1. */
  readonly sums: readonly WeightedRow[];
  readonly ties: HandRow;
}

/** The share of the entries of each ΔW that TIES keeps. */
export const TIES_DENSITY = 0.2;
/** A hand of which a smaller share is read is lost. */
export const LOST = 0.8;

/** 1 ÷ the weights of the sum that are tried, besides none and the mean. */
const PARTS = [20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1.5, 1];

const weightsOf = (hands: number): readonly number[] => [
  0,
  ...[hands, ...PARTS.filter((part) => part < hands)].map((part) => 1 / part),
];

interface ReadingGround {
  /** The pretrained matrices. */
  readonly base: readonly DigitLayer[];
  readonly others: DigitSet;
}

/** In slices of some milliseconds: a class of thirty takes about a second. */
export function* measureHands(
  hands: readonly ClassHand[],
  { base, others }: ReadingGround,
): Generator<void, HandReadings> {
  const columns = hands.filter(isTested);
  const read = (update: HandUpdate, weight = 1) => readClass(withUpdate(base, update, weight), columns, others);
  const updates: HandUpdate[] = [];
  const alone: HandRow[] = [];
  for (const { adapter } of hands) {
    const update = summedUpdate([adapter]);
    updates.push(update);
    alone.push(yield* read(update));
  }
  const sum = summedUpdate(hands.map(({ adapter }) => adapter));
  const sums: WeightedRow[] = [];
  for (const weight of weightsOf(hands.length)) sums.push({ weight, row: yield* read(sum, weight) });
  const ties = yield* read(yield* tiesUpdate(updates, TIES_DENSITY));
  return { hands, columns, alone, sums, ties };
}

/** How a network reads all hands and everybody else. */
export function* readClass(
  layers: readonly DigitLayer[],
  columns: readonly ClassHand[],
  others: DigitSet,
): Generator<void, HandRow> {
  const shares: number[] = [];
  for (const { sets } of columns) {
    shares.push(sets ? shareOf(layers, sets.test) : Number.NaN);
    yield;
  }
  let right = 0;
  const count = others.answers.length;
  for (let from = 0; from < count; from += PIECE) {
    const answers = others.answers.subarray(from, from + PIECE);
    const piece = { answers, inputs: others.inputs.subarray(from * PIXELS, (from + PIECE) * PIXELS) };
    right += countRight(piece, digitsRead(layers, piece));
    yield;
  }
  return { shares, others: right / count };
}

/** Digits of other people that are read in one slice. */
const PIECE = 60;

const shareOf = (layers: readonly DigitLayer[], set: DigitSet) =>
  countRight(set, digitsRead(layers, set)) / set.answers.length;

const isTested = ({ sets }: ClassHand) => sets !== null && sets.test.answers.length > 0;

export const classShare = ({ shares }: Pick<HandRow, 'shares'>): number =>
  shares.length === 0 ? Number.NaN : shares.reduce((sum, share) => sum + share, 0) / shares.length;

export const lostIn = ({ shares }: Pick<HandRow, 'shares'>): number => shares.filter((share) => share < LOST).length;

/** The weight of the sum that reads most of the class; of equal ones that which loses fewer, then the smaller. */
export function bestSum({ sums }: Pick<HandReadings, 'sums'>): WeightedRow {
  return sums.reduce((best, one) => {
    const more = classShare(one.row) - classShare(best.row);
    return more > 0 || (more === 0 && lostIn(one.row) < lostIn(best.row)) ? one : best;
  });
}

/** Whether two lists hold the same adapters and drawings in one order, whatever their names. */
export const sameHands = (some: readonly ClassHand[], others: readonly ClassHand[]): boolean =>
  some.length === others.length &&
  some.every(({ id, text, sets }, i) => id === others[i].id && text === others[i].text && sets === others[i].sets);

/** The drawings of all hands as those of one. */
export function joinedHands(hands: readonly Pick<ClassHand, 'sets'>[]) {
  const join = (part: 'training' | 'test'): DigitSet => {
    const sets = hands.flatMap(({ sets }) => (sets ? [sets[part]] : []));
    return {
      inputs: Float32Array.from(sets.flatMap(({ inputs }) => [...inputs])),
      answers: Uint8Array.from(sets.flatMap(({ answers }) => [...answers])),
    };
  };
  return { training: join('training'), test: join('test') };
}

/** The hands of a class with further ones; one that is there already comes only for drawings that it brings. */
export function withHands(
  hands: readonly ClassHand[],
  come: readonly HandFile[],
  lastId: number,
): { readonly hands: readonly ClassHand[]; readonly lastId: number; readonly left: readonly Omission[] } {
  const all = [...hands];
  const left: Omission[] = [];
  let id = lastId;
  for (const one of come) {
    const what = one.name || 'A hand without a name';
    const at = all.findIndex(({ name, text }) => name === one.name && text === one.text);
    if (at >= 0 && one.sets && !all[at].sets) all[at] = { ...one, id: all[at].id };
    else if (at >= 0) left.push({ what, why: 'is on the wall already, with the same adapter' });
    else if (all.length >= MOST_HANDS) left.push({ what, why: `has no room: the wall holds ${MOST_HANDS} hands` });
    else all.push({ ...one, id: ++id });
  }
  return { hands: all, lastId: id, left };
}

/** A class for rehearsals: invented names and hands, and real adapters, which each device trains itself. */
export const EXAMPLE_NAMES = [
  ...['Jun', 'Chiara', 'Ines', 'Deniz', 'Lena', 'Ben', 'Emil', 'Farah', 'Hana', 'Goran', 'Kwame', 'Ada', 'Mei', 'Olu'],
  ...['Priya', 'Tomás', 'Yuki', 'Zoe', 'Amir', 'Britt', 'Caleb', 'Dana', 'Elif', 'Felix', 'Greta', 'Ivo', 'Kaya'],
  ...['Luca', 'Maya', 'Noor'],
];

/** Slant −0.2 to 0.45, width 0.5 to 1, pen 3 to 6 and shapes, all drawn at random. */
function writerOf(hand: number): Writer {
  const source = stream(hand + 1, 'example hand');
  const between = (least: number, most: number) => least + (most - least) * source.uniform();
  const [slant, width, pen] = [between(-0.2, 0.45), between(0.5, 1), between(3, 6)];
  const second = [1, 4, 7].filter(() => source.uniform() < 0.5);
  return { seed: 300 + hand, slant, width, pen, second, own: 0.06 };
}

/** The drawings of a hand of the example class, by number from 0: in slices, a drawing each. */
export function* exampleHand(hand: number): Generator<void, HandSets> {
  const writer = writerOf(hand);
  const drawings: Shades[] = [];
  for (const slot of NO_ROUNDS.drawings.keys()) {
    drawings.push(shadesOf(sampleDrawing(writer, digitOf(slot), roundOf(slot))));
    yield;
  }
  return setsOfShades(drawings);
}
