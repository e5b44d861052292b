import { isTries } from '../../experiment/plan/answers.ts';
import { LEVELS, type LessonProgress, NO_PROGRESS, type Progress } from './progress.ts';

/** More than the steps of any lesson and the length of any guess. */
const MOST = 40;
const LONGEST = 400;

/** The titles of the steps of each lesson, in their order. */
export type StepTitles = Readonly<Record<string, readonly string[]>>;

/** Steps that lessons did not have while progress was kept without titles. */
const LATER_STEPS = new Set([
  'Draw the sunglasses yourself',
  'What the floor is made of',
  'Which matrices matter?',
  'The update of a network',
  'A case to decide',
]);

/** Progress to keep: with the titles of the steps that its numbers count, since steps may be added and moved. */
export function progressToKeep(progress: Progress, titles: StepTitles) {
  const lessons = Object.entries(progress.lessons).map(([name, of]) => [name, { ...of, titles: titles[name] ?? [] }]);
  return { ...progress, lessons: Object.fromEntries(lessons) };
}

/** Progress to store if another tab may have stored some: its own in lessons that are here as they were `before`. */
export function withOtherTab(now: Progress, before: Progress['lessons'], stored: Progress['lessons']): Progress {
  // Cleared here, and so everywhere.
  if (Object.keys(now.lessons).length === 0) return now;
  const names = new Set([...Object.keys(now.lessons), ...Object.keys(stored)]);
  const lessons = [...names].map((name) => [name, (now.lessons[name] === before[name] ? stored : now.lessons)[name]]);
  return { ...now, lessons: Object.fromEntries(lessons.filter(([, of]) => of !== undefined)) };
}

/** Progress as kept, for lessons with these steps; anything malformed is left out. */
export function readProgress(kept: unknown, titles: StepTitles): Progress {
  const { level, numbers, last, lessons } = record(kept);
  const names = Object.keys(titles);
  const known = names.flatMap((name): [string, LessonProgress][] => {
    const of = record(lessons);
    return Object.hasOwn(of, name) ? [[name, readStudied(of[name], titles[name])]] : [];
  });
  return {
    level: LEVELS.find((one) => one === level) ?? NO_PROGRESS.level,
    numbers: numbers === true,
    last: names.find((name) => name === last) ?? '',
    lessons: Object.fromEntries(known),
  };
}

function readStudied(kept: unknown, titles: readonly string[]): LessonProgress {
  const { step, done, right, asked, guesses, recalls, first, titles: counted } = record(kept);
  const isStep = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 0 && Number(one) < MOST;
  const before = Array.isArray(counted) ? list(counted) : titles.filter((title) => !LATER_STEPS.has(title));
  /** The step that had a number: its present number, none if it is gone. */
  const nowAt = (one: unknown): number[] => {
    const at = isStep(one) ? titles.indexOf(String(before[one])) : -1;
    return at >= 0 ? [at] : [];
  };
  const texts = Object.entries(record(guesses)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= LONGEST,
  );
  return {
    step: nowAt(step)[0] ?? 0,
    done: list(done).flatMap(nowAt),
    right: list(right).flatMap((one) => {
      const [, at, question] = /^(\d+)\.(\d+)$/.exec(typeof one === 'string' ? one : '') ?? [];
      return at === undefined ? [] : nowAt(Number(at)).map((step) => `${step}.${question}`);
    }),
    asked: isStep(asked) ? asked : 0,
    guesses: Object.fromEntries(texts.slice(0, MOST)),
    recalls: list(recalls)
      .slice(0, 2)
      .map((one) => one === true),
    ...(typeof first === 'string' && first.length <= LONGEST && isTries(first) ? { first } : {}),
  };
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MOST) : []);
