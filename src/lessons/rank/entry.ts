import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const rank: LessonEntry = {
  name: 'rank',
  title: 'What a rank can and cannot do',
  question: 'Why does a small rank often do, and what can no rank do?',
  minutes: 8,
  steps: [
    'Draw your guess',
    'No run beats the floor',
    'A bottleneck of r numbers',
    'Peel it, and add it up again',
    'The direction stretched most',
    'The singular values decide',
    'Only in the plane of B',
    'The plane is learned',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
