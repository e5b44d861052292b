import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const merging: LessonEntry = {
  name: 'merging',
  title: 'Merging and serving',
  question: 'What is left of the adapter once it is merged?',
  minutes: 6,
  steps: [
    'One matrix again',
    'bfloat16 swallows small updates',
    'What an unmerged adapter costs',
    'One base, many adapters',
    'Adding two adapters',
    'Add the products, not the factors',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
