import { expect, it } from 'vitest';
import { NO_ROUNDS, updateRounds } from '../../experiment/network/rounds.ts';
import { claimOf, countsOf, neverDrawn, type Reading, skippedText } from './readings.ts';

/** Of `all` digits the first `before` were read, and now the first `now`. */
function reading(all: number, before: number, now: number): Reading {
  const answers = new Uint8Array(all).fill(3);
  const read = (right: number) => answers.map((_, i) => (i < right ? 3 : 5));
  return { set: { inputs: new Float32Array(64 * all), answers }, before: read(before), now: read(now) };
}

it('claims only what the numbers show', () => {
  const kept = reading(600, 580, 570);
  expect(claimOf(reading(20, 11, 19), kept)).toBe('It learns you and keeps the others');
  expect(claimOf(reading(20, 11, 19), reading(600, 580, 500))).toBe('It learns you and forgets the others');
  expect(claimOf(reading(20, 11, 19), reading(600, 580, 560))).toMatch(/loses some/);
  for (const mine of [reading(20, 19, 19), reading(20, 19, 12), reading(20, 3, 9), reading(0, 0, 0)])
    expect(claimOf(mine, kept)).toBeNull();
});

it('counts the test drawings', () => {
  expect(countsOf(reading(20, 11, 19), 'your # test drawings')).toBe('Of your 20 test drawings it read 11, now 19.');
});

it('names the digits that were never drawn, once a round is done', () => {
  const stroke = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  const round = Array.from({ length: 10 }, (_, digit) => digit).reduce(
    (rounds, digit) =>
      digit === 7 || digit === 8
        ? updateRounds(rounds, { type: 'skip' })
        : updateRounds(updateRounds(rounds, { type: 'stroke', stroke }), { type: 'next' }),
    NO_ROUNDS,
  );
  expect(neverDrawn(NO_ROUNDS)).toEqual([]);
  expect(neverDrawn(round)).toEqual([7, 8]);
  expect(skippedText([7])).toBe('You never drew a 7: it may no longer read your 7s.');
  expect(skippedText([1, 7, 8])).toBe('You never drew a 1, a 7 or an 8: it may no longer read your 1s, 7s or 8s.');
  expect(skippedText([])).toBeNull();
});
