import type { LessonEntry } from '../step.tsx';
import { RECORDED } from './recorded.ts';

const { ranks, errors } = RECORDED;
/** From an error of 1 at the top to 0.4 at the bottom. */
const place = (i: number, error: number) =>
  [(4 + (78 * i) / (ranks.length - 1)).toFixed(1), (3 + (32 * (1 - error)) / 0.6).toFixed(1)] as const;
const line = (values: readonly number[]) => `M${values.map((value, i) => place(i, value).join(' ')).join('L')}`;

/** Errors after the same steps by rank: under α/r they turn, under α/√r they fall. */
function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="rule" d="M2 37H84" />
      <path className="ink-line" d={line(errors.sgd.standard)} />
      <path className="dw" d={line(errors.sgd.rslora)} />
      {errors.sgd.rslora.map((error, i) => {
        const [x, y] = place(i, error);
        return <circle key={x} className="dw fill" cx={x} cy={y} r="2.4" />;
      })}
    </svg>
  );
}

export const scaling: LessonEntry = {
  name: 'scaling',
  title: 'α and the learning rate',
  question: 'What does α do, and must the rate be tuned again for each rank?',
  minutes: 15,
  steps: [
    'One rate for every rank?',
    'Three rules, four habits',
    'Why a high rank stalls',
    'With Adam nothing stalls',
    'The largest learning rate that still trains',
    'Tune at a low rank, then raise it',
    'α and the rate act together',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
