import type { LessonEntry } from '../step.tsx';

/** Singular values 4, 2, 1 and ½, and when each has 90% of its size under SGD and under Muon (claims.test.tsx). */
const ARRIVALS = [
  [10, 54],
  [16, 30],
  [42, 20],
  [68, 12],
] as const;
const across = (step: number) => 4 + (78 * step) / 72;
const up = (i: number) => 6 + 9 * i;

/** The order of arrival of four directions: ink under SGD, filled under Muon. */
function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="ink-line" d={`M${ARRIVALS.map(([sgd], i) => `${across(sgd).toFixed(1)} ${up(i)}`).join('L')}`} />
      <path className="dw" d={`M${ARRIVALS.map(([, muon], i) => `${across(muon).toFixed(1)} ${up(i)}`).join('L')}`} />
      {ARRIVALS.map(([, muon], i) => (
        <circle key={muon} className="dw fill" cx={across(muon)} cy={up(i)} r="2.4" />
      ))}
    </svg>
  );
}

export const optimisers: LessonEntry = {
  name: 'optimisers',
  title: 'Which optimiser',
  question: 'What does an optimiser make of the gradients, and when does it matter?',
  minutes: 16,
  steps: [
    'How long is a step?',
    'The first step, by rank',
    'Which direction comes first?',
    'Two factors, one product',
    'The nearest move to full fine-tuning',
    'Where it does not matter',
    'What is often said',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
