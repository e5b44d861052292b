import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const cost: LessonEntry = {
  name: 'cost',
  title: 'What it costs',
  question: 'How many numbers, how much memory, on which card?',
  minutes: 6,
  steps: [
    'How many numbers does a rank train?',
    'Is it always 100 times fewer?',
    'All attention of a model',
    'Which card is enough?',
    'A rank for each kind of matrix',
    'What does not get cheaper',
    'Variants',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
