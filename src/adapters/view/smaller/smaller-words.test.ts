import { expect, it } from 'vitest';
import type { SizeGoalName } from '../../state/adapters-state.ts';
import { comparedWords, goalWords, offText, writeTimeWords } from './smaller-words.ts';

const choice = (megabytes: number, error: number, limit = megabytes) => ({
  limit: limit * 1e6,
  predicted: { bytes: megabytes * 1e6, error, ranks: [], errors: [] },
});
const CHOICES = {
  nearly: choice(126.5, 0.0499),
  half: choice(72.5, 0.146),
  smallest: choice(11.1, 0.252),
  most: choice(48, 0.182),
};
const said = (goal: SizeGoalName, knee = true, choices = CHOICES) => goalWords({ ...choices, knee }, goal);

it('a size has the strength that changes ΔW as much, 1 − error', () => {
  expect(said('nearly')).toBe('Changes it as much as turning its strength from 1 to 0.95.');
  expect(said('half')).toBe('As much as turning its strength from 1 to 0.85, but only in its weakest directions.');
  expect(said('most')).toMatch(/from 1 to 0\.82,/);
  expect([0.0499, 0.146, 0.0001, 0].map(offText)).toEqual(['5% off', '15% off', '0% off', '0% off']);
});

it('the knee says how little more MB would win back, and that there is none', () => {
  expect(said('smallest')).toBe(
    'As much as strength 0.75. This is the knee: smaller files lose fast, and 61.4 MB more would win back only 10 of the 25%.',
  );
  expect(said('smallest', true, { ...CHOICES, half: choice(72.5, 0.02) })).toMatch(/would win back 23 of the 25%\.$/);
  expect(said('smallest', true, { ...CHOICES, half: choice(9, 0.3) })).toMatch(/smaller files lose fast\.$/);
  expect(said('smallest', false)).toBe('As much as strength 0.75. No knee: every MB counts about the same.');
  expect(said('smallest', false, { ...CHOICES, smallest: choice(0.04, 0.3) })).toMatch(/every kB counts/);
});

it('a size below the smallest file, and one that loses nothing, say so', () => {
  expect(said('half', true, { ...CHOICES, half: choice(9, 0, 7) })).toBe(
    'One direction in each module already takes 9.00 MB.',
  );
  expect(said('nearly', true, { ...CHOICES, nearly: choice(90, 0) })).toMatch(/^Changes nothing/);
});

it('the error read back is compared with the predicted one at a tenth of a percent', () => {
  expect(comparedWords(0.14604, 0.14598)).toBe('Read back and compared: 14.6% off, as predicted.');
  expect(comparedWords(0.0512, 0.049)).toBe('Read back and compared: 5.1% off, predicted 4.9%.');
});

it('the time to write is that of reading, 3.2 to 6.4 times', () => {
  expect([0.1, 1.5, 1.5, 20, 60].map((seconds, i) => writeTimeWords(seconds, [0, 0.1, 1, 0.5, 0.5][i]))).toEqual([
    'less than a second',
    'about 5 s',
    'about 10 s',
    'about 96 s',
    'about 5 min',
  ]);
});
