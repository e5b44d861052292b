import { inits } from '../../experiment/inits/index.ts';
import { stream } from '../../math/random.ts';
import type { LessonEntry } from '../step.tsx';

const [ROWS, COLS] = [3, 12];
const SIDE = 4;
const drawn = stream(1, 'A');
/** A as drawn; the side of a square grows with the size of its entry. */
const ENTRIES = Array.from({ length: ROWS * COLS }, (_, i) => ({ i, value: drawn.normal() }));

function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      {ENTRIES.map(({ i, value }) => {
        const side = Math.min(SIDE, 1 + 1.6 * Math.abs(value));
        const [x, y] = [
          32 + SIDE * (i % COLS) + (SIDE - side) / 2,
          1 + SIDE * Math.floor(i / COLS) + (SIDE - side) / 2,
        ];
        return <rect key={i} className="a fill" x={x} y={y} width={side} height={side} />;
      })}
      <path className="b" d="M17.5 16.5h11v22h-11z" />
      <ellipse className="b" cx="23" cy="27.5" rx="2.4" ry="3.8" />
      <rect className="dw dotted" x="32.5" y="16.5" width="47" height="22" />
    </svg>
  );
}

export const starts: LessonEntry = {
  name: 'starts',
  title: 'Where training starts',
  question: `Why is B zero at first? What do the other ${inits.all.length - 1} initialisations change?`,
  minutes: 16,
  steps: [
    'Does a zero cost time?',
    'B = 0: nothing changes at first',
    'Dead starts',
    'How large is a random B·A?',
    'How long is Ax?',
    'Where the zero goes',
    'Data-driven initialisations',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
