import { expect, it } from 'vitest';
import { LESSONS } from '../list.ts';
import { NO_PROGRESS, type Progress, updateProgress } from '../state/progress.ts';
import { nextStep } from './contents.tsx';

const [first, second, third] = LESSONS;
const next = (progress: Progress) => {
  const { entry, step, begun } = nextStep(LESSONS, progress);
  return [entry.name, step, begun];
};
const all = ({ steps }: { readonly steps: readonly string[] }) => steps.map((_, i) => i);

it('begins with the first lesson, continues with the last one, and then with the next that is not done', () => {
  expect(next(NO_PROGRESS)).toEqual([first.name, 1, false]);
  const read = updateProgress(NO_PROGRESS, {
    type: 'studied',
    lesson: second.name,
    changes: { step: 2, done: [0, 1] },
  });
  expect(next(read)).toEqual([second.name, 3, true]);
  const done = updateProgress(read, { type: 'studied', lesson: second.name, changes: { done: all(second) } });
  expect(next(done)).toEqual([third.name, 1, false]);
});

it('after the last lesson continues with what was left out, and with all done is where it was', () => {
  const last = LESSONS.at(-1) ?? first;
  const end = updateProgress(NO_PROGRESS, { type: 'studied', lesson: last.name, changes: { done: all(last) } });
  expect(next(end)).toEqual([first.name, 1, false]);
  const whole = LESSONS.reduce(
    (progress, one) => updateProgress(progress, { type: 'studied', lesson: one.name, changes: { done: all(one) } }),
    NO_PROGRESS,
  );
  expect(next(whole)).toEqual([last.name, 1, true]);
});
