import type { LessonEntry } from '../../step.tsx';
import { Picture } from './picture.tsx';

/** What the contents list. It is loaded with them, so it is small; text and figures are loaded with the lesson. */
export const template: LessonEntry = {
  name: 'template',
  title: 'One column times one row',
  question: 'What can a single pattern do?',
  minutes: 3,
  // The titles of its steps, as lesson.tsx has them.
  steps: ['A pattern', 'Two of them', 'Questions'],
  Picture,
  load: () => import('./lesson.tsx'),
  notes: () => import('./notes.tsx'),
};
