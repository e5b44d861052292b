import type { LessonEntry } from '../step.tsx';
import { Picture } from './picture.tsx';

export const byHand: LessonEntry = {
  name: 'by-hand',
  title: 'The layer, by hand',
  question: 'What does a LoRA layer compute? Two steps with every product written out.',
  minutes: 8,
  steps: [
    'A layer small enough for paper',
    'z = Ax: four numbers become two',
    'h = W₀x + s·u: at first nothing changes',
    'B·A is never formed',
    '∂L/∂B: δ meets z',
    '∂L/∂A is exactly zero',
    'One SGD step',
    'The second step',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
