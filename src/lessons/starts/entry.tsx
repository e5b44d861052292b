import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const starts: LessonEntry = {
  name: 'starts',
  title: 'Where training starts',
  question: 'Why is B zero at first? What do the other 16 initialisations change?',
  minutes: 8,
  steps: [
    'Does a zero cost time?',
    'B = 0: nothing changes at first',
    'Dead starts',
    'How large is a random B·A?',
    'How long is Ax?',
    'Where the zero goes',
    'Initialisations that look first',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
