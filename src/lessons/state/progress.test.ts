import fc from 'fast-check';
import { expect, it } from 'vitest';
import { progressToKeep, readProgress, withOtherTab } from './kept-progress.ts';
import { NO_PROGRESS, type Progress, progressIn, updateProgress } from './progress.ts';

const TITLES = {
  rank: [
    'Draw your guess',
    'No run beats the floor',
    'A bottleneck',
    'Peel it',
    'Five',
    'Six',
    'Seven',
    'Eight',
    'Questions',
  ],
  cost: ['How many', 'Is it always', 'Questions'],
};
const NAMES = Object.keys(TITLES);
const stored = (progress: Progress, titles = TITLES) => JSON.parse(JSON.stringify(progressToKeep(progress, titles)));

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
  expect(readProgress(stored(progress), TITLES)).toEqual(progress);
});

it('reads progress that was kept before lessons had a question to keep', () => {
  const kept = {
    lessons: { rank: { step: 8, done: [0, 8], right: ['8.0'], asked: 5, guesses: { rotation: 'most' } } },
  };
  expect(progressIn(readProgress(kept, TITLES), 'rank')).toEqual({ ...kept.lessons.rank, recalls: [] });
  const answered = { lessons: { rank: { ...kept.lessons.rank, recalls: [true, false, 'more'] } } };
  expect(progressIn(readProgress(answered, TITLES), 'rank').recalls).toEqual([true, false]);
});

/** As the page stored it when lesson 2 had nine steps, lesson 8 eight, and numbers of steps stood alone. */
const OLD = `{"level":"algebra","numbers":true,"last":"rank","lessons":{
  "rank":{"step":4,"done":[0,1,2,3,8],"right":["8.0","8.2"],"asked":4,"guesses":{"rotation":"most"},"recalls":[]},
  "cost":{"step":1,"done":[0,1],"right":[],"asked":3,"guesses":{},"recalls":[]}}}`;
const LONGER = { ...TITLES, rank: TITLES.rank.toSpliced(2, 0, 'What the floor is made of') };

it('keeps the ticks of a reader whose lesson has got a step since', () => {
  const read = readProgress(JSON.parse(OLD), LONGER);
  expect(progressIn(read, 'rank')).toEqual({
    ...{ step: 5, done: [0, 1, 3, 4, 9], right: ['9.0', '9.2'] },
    ...{ asked: 4, guesses: { rotation: 'most' }, recalls: [] },
  });
  expect(progressIn(read, 'cost')).toMatchObject({ step: 1, done: [0, 1] });
  // Kept again, and read by a page whose lesson has lost its third step and got one before the first.
  const moved = { ...LONGER, rank: ['Before it', ...LONGER.rank.toSpliced(2, 1)] };
  const again = progressIn(readProgress(stored(read, LONGER), moved), 'rank');
  expect(again).toMatchObject({ step: 5, done: [1, 2, 3, 4, 9], right: ['9.0', '9.2'] });
  expect(progressIn(readProgress(stored(read, LONGER), { rank: ['Other'] }), 'rank').done).toEqual([]);
});

it('is kept in the shape that it had, with titles beside it, so that an earlier page reads it', () => {
  const { lessons, ...rest } = JSON.parse(OLD);
  const kept = stored(readProgress(JSON.parse(OLD), TITLES));
  expect(kept).toMatchObject({ ...rest, lessons });
  expect(kept.lessons.rank.titles).toEqual(TITLES.rank);
});

it('of two tabs each keeps what the other has stored in other lessons, and what is cleared is gone', () => {
  const at = (step: number) => ({ ...progressIn(NO_PROGRESS, 'rank'), step });
  const before = { rank: at(1), cost: at(1) };
  const now = { ...NO_PROGRESS, lessons: { ...before, rank: at(2) } };
  const stored = { rank: at(1), cost: at(5), scaling: at(3) };
  expect(withOtherTab(now, before, stored).lessons).toEqual({ rank: at(2), cost: at(5), scaling: at(3) });
  expect(withOtherTab(NO_PROGRESS, before, stored).lessons).toEqual({});
});

it('reads whatever stands in its place as progress of the known form', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('level', 'lessons', 'numbers', 'last'), (value, key) => {
      for (const kept of [
        value,
        { [key]: value },
        { lessons: { cost: { done: [0], titles: value }, rank: value, ['__proto__']: value, other: value } },
      ]) {
        const read = readProgress(kept, TITLES);
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
