import type { LessonEntry } from '../../step.tsx';

/** One column, one row and their product, in a box of 86 × 40. Classes give the hue of a matrix. */
function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <rect className="b fill" x="20" y="10" width="5" height="28" />
      <rect className="a fill" x="27" y="2" width="40" height="5" />
      <rect className="dw dotted" x="27.5" y="10.5" width="39" height="27" />
    </svg>
  );
}

/** The entry in the contents, small because it is loaded with them; text and figures are loaded with the lesson. */
export const template: LessonEntry = {
  name: 'template',
  title: 'One column times one row',
  question: 'What can a single pattern do?',
  minutes: 5,
  // The titles of its steps, as in lesson.tsx.
  steps: ['A pattern', 'Two of them', 'Questions'],
  Picture,
  load: () => import('./lesson.tsx'),
};
