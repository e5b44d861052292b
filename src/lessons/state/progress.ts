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
