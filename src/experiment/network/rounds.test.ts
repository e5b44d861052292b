import { describe, expect, it } from 'vitest';
import { stream } from '../../math/random.ts';
import {
  drawingNow,
  isHeldOut,
  NO_ROUNDS,
  type Rounds,
  type RoundsEvent,
  roundsDone,
  testDrawings,
  trainingDrawings,
  updateRounds,
} from './rounds.ts';
import { SAMPLE_HANDS, sampleDrawing } from './sample-hands.ts';

const stroke = (x: number) => [
  { x, y: 0.1 },
  { x, y: 0.9 },
];
const after = (events: readonly (RoundsEvent | RoundsEvent['type'])[], from: Rounds = NO_ROUNDS) =>
  events.reduce((rounds, event) => updateRounds(rounds, typeof event === 'string' ? plain(event) : event), from);
const plain = (type: RoundsEvent['type']): RoundsEvent =>
  type === 'undo' || type === 'next' || type === 'skip' || type === 'clear'
    ? { type }
    : { type: 'stroke', stroke: stroke(0.5) };

const ONE = ['stroke', 'next'] as const;
const TEN = Array.from({ length: 10 }, () => ONE).flat();
const FIFTY = Array.from({ length: 5 }, () => TEN).flat();
const hand = Array.from({ length: 50 }, (_, i) => sampleDrawing(SAMPLE_HANDS.upright, i % 10, Math.floor(i / 10)));

describe('the digit to draw', () => {
  it('is 0 to 9, five times', () => {
    let rounds = NO_ROUNDS;
    for (let slot = 0; slot < 50; slot++) {
      expect(rounds.current).toBe(slot);
      expect(roundsDone(rounds)).toBe(Math.floor(slot / 10));
      rounds = after(ONE, rounds);
    }
    expect(rounds.current).toBeNull();
    expect(roundsDone(rounds)).toBe(5);
    expect(after(['stroke', 'next', 'skip'], rounds)).toBe(rounds);
  });

  it('stays while the pad is empty', () => {
    expect(after(['next'])).toBe(NO_ROUNDS);
  });

  it('is left out by Skip, and the round is done without it', () => {
    const rounds = after(['stroke', 'skip', ...TEN.slice(2)]);
    expect(roundsDone(rounds)).toBe(1);
    expect(rounds.drawings[0]).toBeNull();
    expect([...trainingDrawings(rounds).answers]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(after([{ type: 'redraw', slot: 0 }, ...ONE], rounds).skipped.size).toBe(0);
  });
});

describe('Undo', () => {
  it('takes back stroke by stroke, then returns to the drawing before', () => {
    const two = after(['stroke', 'stroke', 'next', 'stroke']);
    expect(after(['undo'], two)).toMatchObject({ current: 1, strokes: [] });
    const back = after(['undo', 'undo'], two);
    expect(back).toMatchObject({ current: 0, strokes: [stroke(0.5), stroke(0.5)] });
    expect(after(['undo', 'next'], back).drawings[0]?.strokes).toHaveLength(1);
  });

  it('has nothing to take back at first', () => {
    expect(after(['undo'])).toBe(NO_ROUNDS);
  });

  it('returns to the last drawing once all are drawn', () => {
    expect(after([...FIFTY, 'undo']).current).toBe(49);
  });
});

describe('a drawing that is drawn again', () => {
  const drawn = after(TEN);
  const again = after([{ type: 'redraw', slot: 3 }], drawn);

  it('replaces the old one only when it is kept', () => {
    expect(again).toMatchObject({ current: 3, strokes: [] });
    expect(again.drawings[3]).toBe(drawn.drawings[3]);
    const kept = after([{ type: 'stroke', stroke: stroke(0.25) }, 'next'], again);
    expect(kept.drawings[3]?.strokes).toEqual([stroke(0.25)]);
    expect(kept.current).toBe(10);
  });

  it('stays as it was after Skip', () => {
    expect(after(['stroke', 'skip'], again)).toEqual({ ...drawn, current: 10 });
  });

  it('must be one of the fifty', () => {
    for (const slot of [-1, 50, 0.5, Number.NaN]) expect(after([{ type: 'redraw', slot }], drawn)).toBe(drawn);
  });
});

it('two of the five rounds are held out, unless all fifty are used', () => {
  const rounds = after([{ type: 'fill', drawings: hand }]);
  expect(rounds.current).toBeNull();
  expect(testDrawings(rounds).answers).toHaveLength(20);
  expect(trainingDrawings(rounds).answers).toHaveLength(30);
  expect([0, 9, 10, 19, 20, 30, 39, 40].map(isHeldOut)).toEqual([false, false, true, true, false, true, true, false]);
  const all = after([{ type: 'uses-all', on: true }], rounds);
  expect(trainingDrawings(all).answers).toHaveLength(50);
  expect(after([{ type: 'fill', drawings: hand.slice(1) }], rounds)).toBe(rounds);
});

it('Clear all leaves only whether a lifted pen leads on', () => {
  const rounds = after([...TEN, { type: 'advances', on: false }, { type: 'uses-all', on: true }, 'clear']);
  expect(rounds).toEqual({ ...NO_ROUNDS, advances: false });
});

it('a stroke without a point, or with one that is no number, is none', () => {
  for (const bad of [[], [{ x: Number.NaN, y: 0 }], [{ x: 0, y: Number.POSITIVE_INFINITY }]])
    expect(after([{ type: 'stroke', stroke: bad }])).toBe(NO_ROUNDS);
  expect(drawingNow(NO_ROUNDS)).toBeNull();
});

it('after any events: a current slot that is open or drawn, no drawing without strokes, no skipped drawing', () => {
  const source = stream(3, 'events');
  let rounds = NO_ROUNDS;
  for (let i = 0; i < 3000; i++) {
    const events: readonly RoundsEvent[] = [
      { type: 'stroke', stroke: stroke(source.uniform()) },
      ...[{ type: 'next' } as const, { type: 'next' } as const, { type: 'skip' } as const, { type: 'undo' } as const],
      { type: 'redraw', slot: source.integer(50) },
      ...(i % 500 === 499 ? [{ type: 'clear' } as const] : []),
    ];
    rounds = updateRounds(rounds, events[source.integer(events.length)]);
    const { current, drawings, skipped, strokes } = rounds;
    const odd = drawings.filter((drawing, slot) => drawing && (drawing.strokes.length === 0 || skipped.has(slot)));
    expect([drawings.length, odd.length]).toEqual([50, 0]);
    if (current === null) expect(strokes).toEqual([]);
  }
});
