import { quote } from '../../link/faults.ts';
import { parseJson } from '../../run-file/json-checks.ts';
import { type DigitSet, type HandSets, PIXELS } from '../digits.ts';
import { type HandDrawing, handCounts } from '../hand.ts';
import { decodeHand, type HandAdapter } from '../hand-adapter.ts';
import { digitOf, isHeldOut, NO_ROUNDS, type Rounds } from '../rounds.ts';

export const HAND_FORMAT = 'lora-explorer/hand';
const VERSION = 1;
/** Several times what a file of the highest rank has. */
export const MOST_CHARACTERS = 20_000;
const LONGEST_NAME = 24;
/** A pixel's count of ink, 0 to 16. */
const INK = '0123456789abcdefg';
const DRAWING = new RegExp(`^[${INK}]{${PIXELS}}$`);

/** Somebody's adapter and the drawings that it was made of and is tested with. */
export interface HandFile {
  /** Empty if unknown. */
  readonly name: string;
  /** The adapter as a link has it. */
  readonly text: string;
  readonly adapter: HandAdapter;
  /** Null if it came without drawings, by a link. */
  readonly sets: HandSets | null;
}

/** What the network sees of a drawing, a letter a pixel; null for none. */
export type Shades = string | null;

export const shadesOf = (drawing: HandDrawing): string => Array.from(handCounts(drawing), (ink) => INK[ink]).join('');

/** A file to hand in: about 5 kB. */
export function writeHandFile(name: string, hand: string, drawings: Rounds['drawings']): string {
  const shades = drawings.map((drawing): Shades => drawing && shadesOf(drawing));
  return `${JSON.stringify({ format: HAND_FORMAT, version: VERSION, name, hand, drawings: shades }, null, 1)}\n`;
}

/** A file from anywhere, or what is wrong with it, without a full stop. */
export function readHandFile(text: string): HandFile | { readonly fault: string } {
  if (text.length > MOST_CHARACTERS)
    return { fault: `it has ${text.length} characters; the limit is ${MOST_CHARACTERS}` };
  const json = parseJson(text);
  if ('fault' in json) return json;
  if (typeof json.value !== 'object' || json.value === null) return { fault: 'it is not an object' };
  const { format, version, name, hand, drawings }: Readonly<Record<string, unknown>> = { ...json.value };
  if (format !== HAND_FORMAT) return { fault: `its format is not ${HAND_FORMAT}` };
  if (version !== VERSION) return { fault: `its version is not ${VERSION}, which this page reads` };
  if (typeof name !== 'string') return { fault: 'its name is not a text' };
  if (typeof hand !== 'string') return { fault: 'it holds no adapter' };
  const decoded = decodeHand(hand);
  if ('fault' in decoded) return { fault: `of its adapter, ${decoded.fault}` };
  const slots = NO_ROUNDS.drawings.length;
  if (!Array.isArray(drawings) || drawings.length !== slots) return { fault: `it has not ${slots} drawings` };
  const wrong = drawings.findIndex((one) => one !== null && !(typeof one === 'string' && DRAWING.test(one)));
  if (wrong >= 0) return { fault: `drawing ${wrong + 1} is not ${PIXELS} letters from 0 to g` };
  return {
    ...{ name: quote(name.trim(), LONGEST_NAME), text: hand, adapter: decoded.adapter },
    sets: setsOfShades(drawings),
  };
}

/** The drawings by slot, to train on and to test with. */
export const setsOfShades = (drawings: readonly Shades[]): HandSets => ({
  training: setOf(drawings, false),
  test: setOf(drawings, true),
});

function setOf(drawings: readonly Shades[], heldOut: boolean): DigitSet {
  const drawn = drawings.flatMap((shades, slot) => (shades && isHeldOut(slot) === heldOut ? [{ shades, slot }] : []));
  return {
    inputs: Float32Array.from(drawn.flatMap(({ shades }) => [...shades].map((ink) => INK.indexOf(ink) / 8 - 1))),
    answers: Uint8Array.from(drawn, ({ slot }) => digitOf(slot)),
  };
}
