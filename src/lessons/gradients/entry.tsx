import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const gradients: LessonEntry = {
  name: 'gradients',
  title: 'Where the two gradients come from',
  question: 'What moves A and B? Line by line, then one real step in slow motion.',
  minutes: 9,
  steps: [
    'Does W₀ matter?',
    'The gradient of B, line by line',
    'How wrong times how active',
    'The gradient of A goes through B',
    'What it costs, and a check',
    'A batch takes the mean',
    'Who moves first?',
    'The first steps under Adam',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
