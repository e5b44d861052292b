import { type DigitSet, PIXELS } from './digits.ts';
import { type HandDrawing, type HandStroke, handInputs, PEN } from './hand.ts';

/** The digits are drawn in rounds of 0 to 9, not one digit several times: a hand varies over time. */
export const ROUNDS = 5;
export const DIGITS = 10;
/** A class has no more hands. */
export const MOST_HANDS = 60;
const SLOTS = ROUNDS * DIGITS;
/** These rounds are not trained on, so that reading them is a test. */
const HELD_OUT: readonly number[] = [1, 3];

/** A drawing's place: round·10 + digit. */
export type Slot = number;

export interface Rounds {
  /** By slot; null if not drawn. */
  readonly drawings: readonly (HandDrawing | null)[];
  readonly skipped: ReadonlySet<Slot>;
  /** The slot that is drawn now; null once all are drawn or skipped. */
  readonly current: Slot | null;
  /** Strokes on the pad. They are a drawing of `current` from `next` on. */
  readonly strokes: readonly HandStroke[];
  /** Whether a lifted pen leads to the next digit by itself. */
  readonly advances: boolean;
  /** Whether the held-out rounds are trained on too. */
  readonly usesAll: boolean;
}

export type RoundsEvent =
  | { readonly type: 'stroke'; readonly stroke: HandStroke }
  /** Takes the last stroke back; on an empty pad, returns to the drawing before. */
  | { readonly type: 'undo' }
  /** Keeps the drawing and moves to the next digit; ignored on an empty pad. */
  | { readonly type: 'next' }
  | { readonly type: 'skip' }
  | { readonly type: 'redraw'; readonly slot: Slot }
  | { readonly type: 'clear' }
  /** All fifty at once, as of a sample hand. */
  | { readonly type: 'fill'; readonly drawings: readonly HandDrawing[] }
  | { readonly type: 'advances'; readonly on: boolean }
  | { readonly type: 'uses-all'; readonly on: boolean };

export const digitOf = (slot: Slot) => slot % DIGITS;
export const roundOf = (slot: Slot) => Math.floor(slot / DIGITS);
export const isHeldOut = (slot: Slot) => HELD_OUT.includes(roundOf(slot));

export const NO_ROUNDS: Rounds = {
  ...{ drawings: new Array<null>(SLOTS).fill(null), skipped: new Set(), current: 0, strokes: [] },
  ...{ advances: true, usesAll: false },
};

const isOpen = ({ drawings, skipped }: Pick<Rounds, 'drawings' | 'skipped'>, slot: Slot) =>
  drawings[slot] === null && !skipped.has(slot);

/** On to the first digit that is neither drawn nor skipped: after `from` if there is one, else anywhere. */
function moveOn(rounds: Rounds, from: Slot): Rounds {
  const open = [...rounds.drawings.keys()].filter((slot) => isOpen(rounds, slot));
  return { ...rounds, strokes: [], current: open.find((slot) => slot > from) ?? open[0] ?? null };
}

function without(slots: ReadonlySet<Slot>, slot: Slot): ReadonlySet<Slot> {
  return new Set([...slots].filter((other) => other !== slot));
}

const isStroke = (stroke: HandStroke) =>
  stroke.length > 0 && stroke.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));

/** The state after an event; the same object if it changes nothing. */
export function updateRounds(rounds: Rounds, event: RoundsEvent): Rounds {
  const { drawings, skipped, current, strokes } = rounds;
  switch (event.type) {
    case 'stroke':
      if (current === null || !isStroke(event.stroke)) return rounds;
      return { ...rounds, strokes: [...strokes, event.stroke] };
    case 'undo':
      return strokes.length > 0 ? { ...rounds, strokes: strokes.slice(0, -1) } : previous(rounds);
    case 'next': {
      if (current === null || strokes.length === 0) return rounds;
      const drawn = drawings.map((old, slot) => (slot === current ? { strokes, pen: PEN } : old));
      return moveOn({ ...rounds, drawings: drawn, skipped: without(skipped, current) }, current);
    }
    case 'skip': {
      if (current === null) return rounds;
      // A drawing that was to be drawn again stays as it was.
      const left = drawings[current] ? skipped : new Set([...skipped, current]);
      return moveOn({ ...rounds, skipped: left }, current);
    }
    case 'redraw':
      if (!Number.isInteger(event.slot) || event.slot < 0 || event.slot >= SLOTS) return rounds;
      return { ...rounds, current: event.slot, strokes: [] };
    case 'clear':
      return { ...NO_ROUNDS, advances: rounds.advances };
    case 'fill':
      if (event.drawings.length !== SLOTS) return rounds;
      return { ...rounds, drawings: event.drawings, skipped: new Set(), strokes: [], current: null };
    case 'advances':
      return { ...rounds, advances: event.on };
    case 'uses-all':
      return { ...rounds, usesAll: event.on };
  }
}

/** The last drawing before the current slot is on the pad again. */
function previous(rounds: Rounds): Rounds {
  const { drawings, current } = rounds;
  const slot = drawings.findLastIndex((drawing, i) => drawing !== null && i < (current ?? SLOTS));
  return slot < 0 ? rounds : { ...rounds, current: slot, strokes: drawings[slot]?.strokes ?? [] };
}

/** Rounds whose ten digits are drawn or skipped, counted from the first: it adapts anew whenever this rises. */
export function roundsDone(rounds: Rounds): number {
  const open = rounds.drawings.findIndex((_, slot) => isOpen(rounds, slot));
  return open < 0 ? ROUNDS : roundOf(open);
}

/** The drawing on the pad as the network would get it; null if the pad is empty. */
export const drawingNow = ({ strokes }: Rounds): HandDrawing | null =>
  strokes.length > 0 ? { strokes, pen: PEN } : null;

function setOf({ drawings }: Rounds, counts: (slot: Slot) => boolean): DigitSet {
  const drawn = drawings.flatMap((drawing, slot) => (drawing && counts(slot) ? [{ slot, drawing }] : []));
  const inputs = new Float32Array(drawn.length * PIXELS);
  for (const [row, { drawing }] of drawn.entries()) inputs.set(handInputs(drawing), row * PIXELS);
  return { inputs, answers: Uint8Array.from(drawn, ({ slot }) => digitOf(slot)) };
}

/** The drawings to train on: those of the rounds that are not held out, or all of them. */
export const trainingDrawings = (rounds: Rounds): DigitSet =>
  setOf(rounds, (slot) => rounds.usesAll || !isHeldOut(slot));

/** The drawings to test with. Once all are trained on, reading them is no test any more. */
export const testDrawings = (rounds: Rounds): DigitSet => setOf(rounds, isHeldOut);
