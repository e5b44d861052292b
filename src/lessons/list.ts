import { LESSON_NAMES } from '../experiment/settings/view.ts';
import { merging } from './merging/entry.tsx';
import { scaling } from './scaling/entry.tsx';
import type { LessonEntry } from './step.tsx';
import { whatIsLora } from './what-is-lora/entry.tsx';

/** All lessons in their order; the first has number 0. */
export const LESSONS: readonly LessonEntry[] = [whatIsLora, scaling, merging];

export const numberOf = (name: string) => LESSON_NAMES.indexOf(name);
