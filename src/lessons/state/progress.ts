import { isTries } from '../../experiment/plan/answers.ts';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';

export const LEVELS = ['plain', 'algebra', 'lora'] as const;
export type Level = (typeof LEVELS)[number];

export interface LessonProgress {
  /** The step that was open last, from 0. */
  readonly step: number;
  /** Steps whose act is done. */
  readonly done: readonly number[];
  /** Questions answered correctly, by step and place: "6.0". */
  readonly right: readonly string[];
  /** Number of its questions, once it has been opened. */
  readonly asked: number;
  /** Guesses by name; empty if skipped. */
  readonly guesses: Readonly<Record<string, string>>;
  /** Whether its question to keep was answered correctly: at its end, and before a later lesson. */
  readonly recalls: readonly boolean[];
  /** First answers to its questions, as a link has them; undefined: none. */
  readonly first?: string;
}

/** The reader's progress and settings for lessons; kept on the device, not in a link. */
export interface Progress {
  readonly level: Level;
  readonly numbers: boolean;
  /** The lesson that was open last; empty if none. */
  readonly last: string;
  readonly lessons: Readonly<Record<string, LessonProgress>>;
}

export const NO_PROGRESS: Progress = { level: 'plain', numbers: false, last: '', lessons: {} };
const NOT_STUDIED: LessonProgress = { step: 0, done: [], right: [], asked: 0, guesses: {}, recalls: [] };

export type ProgressEvent =
  /** Progress as kept on the device, or cleared. */
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'studied'; readonly lesson: string; readonly changes: Partial<LessonProgress> }
  | { readonly type: 'reads'; readonly changes: Partial<Pick<Progress, 'level' | 'numbers'>> };

export const progressIn = ({ lessons }: Progress, name: string): LessonProgress =>
  Object.hasOwn(lessons, name) ? lessons[name] : NOT_STUDIED;

export function updateProgress(progress: Progress, event: ProgressEvent): Progress {
  switch (event.type) {
    case 'progress':
      return event.progress;
    case 'reads':
      return { ...progress, ...event.changes };
    case 'studied': {
      const studied = { ...progressIn(progress, event.lesson), ...event.changes };
      return { ...progress, last: event.lesson, lessons: { ...progress.lessons, [event.lesson]: studied } };
    }
    default:
      return event satisfies never;
  }
}

/** Lessons from one to that before which its question is asked again. */
const LATER = 3;

/** The number of the lesson before which the question of lesson `n` is asked again; null after the last. */
export function askedAgainBefore(n: number): number | null {
  const last = LESSON_NAMES.length - 1;
  return n < last ? Math.min(n + LATER, last) : null;
}

/** The lessons whose question is asked again before one that has not been begun. */
export function dueRecalls(progress: Progress, lesson: string): readonly string[] {
  const at = LESSON_NAMES.indexOf(lesson);
  if (Object.hasOwn(progress.lessons, lesson)) return [];
  return LESSON_NAMES.filter(
    (name, n) => (askedAgainBefore(n) ?? at + 1) <= at && progressIn(progress, name).recalls.length === 1,
  );
}

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
