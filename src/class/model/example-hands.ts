import type { HandSets } from '../../experiment/network/digits.ts';
import { type Shades, setsOfShades, shadesOf } from '../../experiment/network/hands/hand-file.ts';
import { digitOf, NO_ROUNDS, roundOf } from '../../experiment/network/rounds.ts';
import { sampleDrawing, type Writer } from '../../experiment/network/sample-hands.ts';
import { stream } from '../../math/random.ts';

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
