import { expect, it } from 'vitest';
import { NO_ROUNDS, type RoundsEvent } from '../../experiment/network/rounds.ts';
import { SAMPLE_HANDS, sampleDrawing } from '../../experiment/network/sample-hands.ts';
import { initialState, type State } from '../state.ts';
import { update } from '../update.ts';
import type { OwnHand } from '../view.ts';
import { handAfter, handOfKept, keptHand, NO_HAND } from './hand.ts';

const drawings = Array.from({ length: 50 }, (_, slot) =>
  sampleDrawing(SAMPLE_HANDS.upright, slot % 10, Math.floor(slot / 10)),
);
const FILL: RoundsEvent = { type: 'fill', drawings };
const stroke: RoundsEvent = {
  type: 'stroke',
  stroke: [
    { x: 0.5, y: 0.1 },
    { x: 0.4, y: 0.9 },
  ],
};

/** The reasons to train while digits are drawn one after another. */
function draw(events: readonly RoundsEvent[]): { hand: OwnHand; does: (string | null)[] } {
  let hand = NO_HAND;
  const does = events.map((event) => {
    const after = handAfter(hand, event);
    hand = after?.hand ?? hand;
    return after?.does ?? null;
  });
  return { hand, does };
}

it('trains after each round, and once all are drawn after each change', () => {
  const digit = [stroke, { type: 'next' }] as const;
  const { hand, does } = draw(Array.from({ length: 50 }, () => digit).flat());
  expect(does.flatMap((one, i) => (one === null ? [] : [[one, i + 1]]))).toEqual(
    [20, 40, 60, 80, 100].map((event) => ['train', event]),
  );
  expect([hand.sets.training.answers.length, hand.sets.test.answers.length]).toEqual([30, 20]);
  expect(handAfter(hand, { type: 'uses-all', on: true })?.does).toBe('train');
  expect(handAfter(hand, { type: 'redraw', slot: 3 })?.does).toBeNull();
  expect(handAfter(hand, { type: 'clear' })).toMatchObject({ does: 'prepare', hand: { sets: NO_HAND.sets } });
});

it('does not train in the place of an adapter that somebody sent, nor on skipped digits alone', () => {
  expect(handAfter(NO_HAND, FILL, true)?.does).toBe('prepare');
  expect(draw(Array.from({ length: 10 }, (): RoundsEvent => ({ type: 'skip' }))).does.at(-1)).toBe('prepare');
});

it('keeps the drawings over a reload, and takes nothing else for them', () => {
  const hand = handAfter(NO_HAND, FILL)?.hand ?? NO_HAND;
  const kept = structuredClone(keptHand(hand.rounds));
  expect(handOfKept(kept, false)).toEqual({ type: 'hand', hand, does: 'train' });
  expect(handOfKept(kept, true)?.does).toBe('prepare');
  expect(handOfKept(structuredClone(keptHand(NO_ROUNDS)), false)).toMatchObject({ does: 'prepare' });
  const point = (x: unknown) => ({ strokes: [[{ x, y: 0.5 }]], pen: 3.7 });
  for (const wrong of [
    ...[undefined, null, 'text', [], {}, { ...kept, drawings: [] }, { ...kept, skipped: 3 }],
    ...[point('1'), point(Number.NaN), { strokes: 1, pen: 3 }, { strokes: [], pen: 1e9 }, 7].map((first) => ({
      ...kept,
      drawings: [first, ...kept.drawings.slice(1)],
    })),
  ])
    expect(handOfKept(wrong, false)).toBeNull();
});

it('starts a run on the drawings again with them, at full speed, and leaves other runs alone', () => {
  const event = handAfter(NO_HAND, FILL);
  if (!event) throw new Error('nothing drawn');
  const other = initialState({ backend: null, stepper: null });
  expect(update(other, event)).toEqual({ ...other, hand: event.hand });
  const changed = (state: State) => update(state, { type: 'changed', changes: { target: 'digits', adapt: 'hand' } });
  const { next } = update(changed(other), event);
  expect(next).toMatchObject({ start: 'yes', run: { atOnce: true, hand: event.hand.sets } });
  // A setting changed later goes to a run on the same drawings.
  const later = update(update(changed(other), event), { type: 'changed', changes: { rank: 2 } });
  expect(later.next?.run.hand).toBe(event.hand.sets);
  expect(update(later, { type: 'changed', changes: { adapt: 'rotate' } }).next?.run.hand).toBeFalsy();
});
