import type { LessonEntry } from '../step.tsx';
import recorded from './recorded.json';

const at = (place: number, error: number) => `${(4 + 15.6 * place).toFixed(1)} ${(36 - 33 * error).toFixed(1)}`;

/** The floor of the picture over the ranks, and the ends of six runs. */
function Picture() {
  const { floor, errors } = recorded.picture;
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="rule" d="M4 36H84" />
      <path
        className="dwt"
        strokeDasharray="3 2"
        d={`M${floor.map((value, i) => at(Math.log2(i + 1), value)).join('L')}`}
      />
      {errors.map((error, i) => {
        const [x, y] = at(i, error).split(' ');
        return <circle key={x} className="dw fill" cx={x} cy={y} r="2.6" />;
      })}
    </svg>
  );
}

export const rank: LessonEntry = {
  name: 'rank',
  title: 'What a rank can and cannot do',
  question: 'Why is a small rank often enough, and what can no low rank do?',
  minutes: 18,
  steps: [
    'Draw your guess',
    'No run beats the floor',
    'What the floor is made of',
    'A bottleneck of r numbers',
    'Peel it, and add it up again',
    'The direction stretched most',
    'The singular values decide',
    'Only in the plane of B',
    'The plane is learned',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
