import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const lowRank: LessonEntry = {
  name: 'low-rank',
  title: 'Is the update low-rank?',
  question: 'Does fine-tuning really change a matrix in few directions?',
  minutes: 7,
  steps: [
    'How many directions are used?',
    'Four ways to count',
    'What the target decides',
    'Noise fills every direction',
    'Random subspaces',
    'What an intrinsic dimension counts',
    'What real adapters show',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
