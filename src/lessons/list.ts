import { LESSON_NAMES } from '../experiment/settings/view.ts';
import { beyond } from './beyond/entry.tsx';
import { byHand } from './by-hand/entry.tsx';
import { choosing } from './choosing/entry.tsx';
import { cost } from './cost/entry.tsx';
import { gradients } from './gradients/entry.tsx';
import { lowRank } from './low-rank/entry.tsx';
import { merging } from './merging/entry.tsx';
import { optimisers } from './optimisers/entry.tsx';
import { rank } from './rank/entry.tsx';
import { scaling } from './scaling/entry.tsx';
import { starts } from './starts/entry.tsx';
import type { LessonEntry } from './step.tsx';
import { whatIsLora } from './what-is-lora/entry.tsx';

/** All lessons in order; the first has number 0. */
export const LESSONS: readonly LessonEntry[] = [
  whatIsLora,
  byHand,
  rank,
  cost,
  scaling,
  starts,
  gradients,
  optimisers,
  lowRank,
  choosing,
  beyond,
  merging,
];

export const numberOf = (name: string) => LESSON_NAMES.indexOf(name);
