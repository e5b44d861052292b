import type { LessonEntry } from '../step.tsx';

/** Sizes of the entries of A, x above it, and B in the worked example after its first step. */
const A = [0.5, 0.5, 1, 0, 1, 0, 0.5, 0.5];
const B = [0.3, 0.35, 0.6, 0.7, 0.15, 0.175];
const CELL = 9;

function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      {A.map((size, i) => (
        <rect
          key={i}
          className="a fill"
          x={38 + (i % 4) * (CELL + 1)}
          y={i < 4 ? 1 : 11}
          width={CELL}
          height={CELL}
          opacity={0.15 + 0.85 * size}
        />
      ))}
      {B.map((size, i) => (
        <rect
          key={i}
          className="b fill"
          x={10 + (i % 2) * (CELL + 1)}
          y={10 * Math.floor(i / 2) + 11}
          width={CELL}
          height={CELL}
          opacity={0.15 + size}
        />
      ))}
      <rect className="dw dotted" x="38.5" y="21.5" width="38" height="18" />
    </svg>
  );
}

export const byHand: LessonEntry = {
  name: 'by-hand',
  title: 'The layer, by hand',
  question: 'What does a LoRA layer compute? Two steps with every product written out.',
  minutes: 14,
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
};
