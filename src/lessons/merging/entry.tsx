import type { LessonEntry } from '../step.tsx';

function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <rect className="w0 fill" x="1" y="8" width="24" height="24" />
      <path className="ink-line" d="M29 20h6M32 17v6M61 20h7m-3-3 3 3-3 3" />
      <path className="b" d="M38 14h3v18h-3z" />
      <path className="a" d="M41 11h18v3H41z" />
      <rect className="dw dotted" x="41.5" y="14.5" width="17" height="17" />
      <rect className="ink-line" x="71.5" y="8.5" width="13" height="23" />
    </svg>
  );
}

export const merging: LessonEntry = {
  name: 'merging',
  title: 'Merging and serving',
  question: 'What is left of the adapter once it is merged?',
  minutes: 12,
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
};
