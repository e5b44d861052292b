import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const choosing: LessonEntry = {
  name: 'choosing',
  title: 'Choosing a rank',
  question: 'Which rank for which task, and when no rank helps?',
  minutes: 7,
  steps: [
    'More rank, better on new data?',
    'With enough samples',
    'How much to keep',
    'Two tasks need more',
    'Train high, then cut',
    'When no rank is enough',
    'A guide for your own case',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
