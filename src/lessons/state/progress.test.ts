import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_PROGRESS, type Progress, progressIn, readProgress, updateProgress } from './progress.ts';

const NAMES = ['rank', 'cost'];

it('keeps what was done in each lesson by itself, and reads back what was kept', () => {
  const events = [
    { type: 'studied', lesson: 'rank', changes: { step: 2, done: [0, 1] } },
    { type: 'studied', lesson: 'cost', changes: { guesses: { first: '128' } } },
    { type: 'studied', lesson: 'rank', changes: { right: ['6.0'], first: '1k3:b,,' } },
    { type: 'reads', changes: { level: 'lora', numbers: true } },
  ] as const;
  const progress = events.reduce<Progress>(updateProgress, NO_PROGRESS);
  expect(progressIn(progress, 'rank')).toEqual({
    step: 2,
    done: [0, 1],
    right: ['6.0'],
    asked: 0,
    guesses: {},
    recalls: [],
    first: '1k3:b,,',
  });
  expect(progress.last).toBe('rank');
  expect(progressIn(progress, 'merging').done).toEqual([]);
  expect(readProgress(JSON.parse(JSON.stringify(progress)), NAMES)).toEqual(progress);
});

it('reads progress that was kept before lessons had a question to keep', () => {
  const kept = {
    lessons: { rank: { step: 8, done: [0, 8], right: ['8.0'], asked: 5, guesses: { rotation: 'most' } } },
  };
  expect(progressIn(readProgress(kept, NAMES), 'rank')).toEqual({ ...kept.lessons.rank, recalls: [] });
  const answered = { lessons: { rank: { ...kept.lessons.rank, recalls: [true, false, 'more'] } } };
  expect(progressIn(readProgress(answered, NAMES), 'rank').recalls).toEqual([true, false]);
});

it('reads whatever stands in its place as progress of the known form', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('level', 'lessons', 'numbers', 'last'), (value, key) => {
      for (const kept of [value, { [key]: value }, { lessons: { rank: value, ['__proto__']: value, other: value } }]) {
        const read = readProgress(kept, NAMES);
        expect(['plain', 'algebra', 'lora']).toContain(read.level);
        expect(['', ...NAMES]).toContain(read.last);
        expect(Object.keys(read.lessons).every((name) => NAMES.includes(name))).toBe(true);
        for (const { step, done } of Object.values(read.lessons))
          expect([step, ...done].every((one) => Number.isInteger(one) && one >= 0 && one < 40)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
