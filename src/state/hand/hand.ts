import type { HandDrawing, HandPoint } from '../../experiment/network/hand.ts';
import {
  NO_ROUNDS,
  type Rounds,
  type RoundsEvent,
  roundsDone,
  testDrawings,
  trainingDrawings,
  updateRounds,
} from '../../experiment/network/rounds.ts';
import type { HandEvent, OwnHand } from '../view.ts';

const handOf = (rounds: Rounds): OwnHand => ({
  rounds,
  sets: { training: trainingDrawings(rounds), test: testDrawings(rounds) },
});

export const NO_HAND = handOf(NO_ROUNDS);

/**
 * The drawings after an event of the pad; null if it changes nothing. It adapts anew after each round, and once all are
 * drawn after each change. `shown`: somebody else's adapter is on screen, and stays.
 */
export function handAfter(hand: OwnHand, event: RoundsEvent, shown = false): HandEvent | null {
  const rounds = updateRounds(hand.rounds, event);
  if (rounds === hand.rounds) return null;
  if (rounds.drawings === hand.rounds.drawings && rounds.usesAll === hand.rounds.usesAll)
    return {
      type: 'hand',
      hand: { ...hand, rounds },
      does: roundsDone(rounds) > roundsDone(hand.rounds) ? next() : null,
    };
  const after = handOf(rounds);
  const done = roundsDone(rounds) > roundsDone(hand.rounds) || rounds.current === null;
  return { type: 'hand', hand: after, does: done || event.type === 'clear' ? next() : null };

  function next(): HandEvent['does'] {
    return shown || trainingDrawings(rounds).answers.length === 0 ? 'prepare' : 'train';
  }
}

const MOST_STROKES = 60;
const MOST_POINTS = 20_000;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isPoint = (value: unknown): value is HandPoint =>
  isFields(value) && Number.isFinite(value.x) && Number.isFinite(value.y);

function isDrawing(value: unknown): value is HandDrawing {
  if (!isFields(value) || !Array.isArray(value.strokes)) return false;
  const { strokes, pen } = value;
  if (typeof pen !== 'number' || !(pen >= 1 && pen <= 8) || strokes.length > MOST_STROKES) return false;
  return strokes.every((stroke) => Array.isArray(stroke) && stroke.length <= MOST_POINTS && stroke.every(isPoint));
}

/** What a browser keeps of the drawings. */
export const keptHand = ({ drawings, skipped, advances, usesAll }: Rounds) => ({
  ...{ drawings, advances, usesAll },
  skipped: [...skipped],
});

/** Kept drawings, as an event; null if they are not such. */
export function handOfKept(value: unknown, shown: boolean): HandEvent | null {
  if (!isFields(value) || !Array.isArray(value.drawings) || !Array.isArray(value.skipped)) return null;
  const { drawings } = value;
  if (drawings.length !== NO_ROUNDS.drawings.length) return null;
  if (!drawings.every((drawing) => drawing === null || isDrawing(drawing))) return null;
  const skipped = new Set(value.skipped.filter((slot) => Number.isInteger(slot) && drawings[slot] === null));
  const kept = { drawings, skipped, advances: value.advances !== false, usesAll: value.usesAll === true };
  const open = drawings.findIndex((drawing, slot) => drawing === null && !skipped.has(slot));
  const rounds: Rounds = { ...NO_ROUNDS, ...kept, current: open < 0 ? null : open };
  return { type: 'hand', hand: handOf(rounds), does: !shown && roundsDone(rounds) > 0 ? 'train' : 'prepare' };
}
