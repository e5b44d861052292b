import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const scaling: LessonEntry = {
  name: 'scaling',
  title: 'α and the learning rate',
  question: 'What does α do, and must the rate be tuned again for each rank?',
  minutes: 7,
  steps: [
    'One rate for every rank?',
    'Three rules, four habits',
    'Why a high rank stalls',
    'With Adam nothing stalls',
    'How large a rate still trains',
    'Tune at a low rank, then raise it',
    'α and the rate act together',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
