import { type LessonProgress, type Progress, progressIn } from '../state/progress.ts';
import type { LessonEntry } from '../step.tsx';

export const isDone = ({ steps }: Pick<LessonEntry, 'steps'>, { done }: LessonProgress) =>
  steps.every((_, i) => done.includes(i));

interface NextStep {
  readonly entry: LessonEntry;
  /** From 1. */
  readonly step: number;
  readonly begun: boolean;
}

/** The lesson that was open last, or the next unfinished one if that is done. */
export function nextStep(lessons: readonly LessonEntry[], progress: Progress): NextStep {
  const last = lessons.findIndex(({ name }) => name === progress.last);
  const from = Math.max(0, last);
  const order = [...lessons.slice(from), ...lessons.slice(0, from)];
  const entry = order.find((one) => !isDone(one, progressIn(progress, one.name))) ?? lessons[from];
  const begun = Object.hasOwn(progress.lessons, entry.name);
  const { step } = progressIn(progress, entry.name);
  return {
    entry,
    begun,
    step: isDone(entry, progressIn(progress, entry.name)) ? 1 : Math.min(step + 1, entry.steps.length),
  };
}
