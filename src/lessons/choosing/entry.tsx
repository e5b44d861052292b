import { median } from '../../math/median.ts';
import type { LessonEntry } from '../step.tsx';
import { recordedLosses } from './held-out.ts';

/** Held-out loss against rank with 48 samples: down to the true rank, then up. */
function Picture() {
  const points = recordedLosses(48).map((runs, i) => [6 + 14.5 * i, 46 - 9 * median(runs.map(([heldOut]) => heldOut))]);
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="rule-line" d="M2 39H84" />
      <polyline className="dw line" points={points.map(([x, y]) => `${x},${y.toFixed(1)}`).join(' ')} />
      {points.map(([x, y]) => (
        <circle key={x} className="dw dot" cx={x} cy={y.toFixed(1)} r={2.2} />
      ))}
    </svg>
  );
}

export const choosing: LessonEntry = {
  name: 'choosing',
  title: 'Choosing a rank',
  question: 'Which rank for which task, and when no rank helps?',
  minutes: 14,
  steps: [
    'More rank, better on new data?',
    'With enough samples',
    'How much to keep',
    'Two tasks need more',
    'Train high, then cut',
    'When no rank is enough',
    'A guide for your own case',
    'A case to decide',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
