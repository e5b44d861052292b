import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const whatIsLora: LessonEntry = {
  name: 'what-is-lora',
  title: 'What is LoRA?',
  question: 'Start here: one large matrix that stays frozen, two thin ones that learn.',
  minutes: 4,
  steps: [
    'One large matrix is frozen',
    'Two thin ones are trained',
    'The rank is the limit',
    'How high must the rank be?',
    'α sets the strength',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
