import type { LessonEntry } from '../step.tsx';

/** The largest singular values of the hat's update, over the first. */
const HAT = [1, 0.2514, 0.1432, 0.0599, 0.0404, 0.0118, 0.0058, 0.002];

/** The spectrum of the hat on a log scale, and the directions that it does not use. */
function Picture() {
  const points = HAT.map((s, i) => [4 + 5.2 * i, 6 - 10.5 * Math.log10(s)] as const);
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="rule-line" d="M2 39H84" />
      <polyline className="dw line" points={points.map(([x, y]) => `${x},${y.toFixed(1)}`).join(' ')} />
      {points.map(([x, y]) => (
        <circle key={x} className="dw dot" cx={x} cy={y.toFixed(1)} r={1.9} />
      ))}
      <path className="dwt dashed" d="M44 38H82" />
    </svg>
  );
}

export const lowRank: LessonEntry = {
  name: 'low-rank',
  title: 'Is the update low-rank?',
  question: 'Does fine-tuning really change a matrix in few directions?',
  minutes: 15,
  steps: [
    'How many directions are used?',
    'Four ways to count',
    'What the target decides',
    'Noise fills every direction',
    'Random subspaces',
    'What an intrinsic dimension counts',
    'What real adapters show',
    'The update of a network',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
