import { LESSON_NAMES } from '../experiment/settings/view.ts';

<<<<<<< HEAD

import { choosing } from './choosing/entry.tsx';

=======

import { byHand } from './by-hand/entry.tsx';

>>>>>>> main

import { merging } from './merging/entry.tsx';
import { rank } from './rank/entry.ts';
import type { LessonEntry } from './step.tsx';
import { whatIsLora } from './what-is-lora/entry.tsx';

/** All lessons in their order; the first has number 0. */
<<<<<<< HEAD
export const LESSONS: readonly LessonEntry[] = [whatIsLora, choosing, merging];
=======
export const LESSONS: readonly LessonEntry[] = [whatIsLora, byHand, rank, merging];
>>>>>>> main

export const numberOf = (name: string) => LESSON_NAMES.indexOf(name);
