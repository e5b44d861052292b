import type { LessonEntry } from '../step.tsx';

/** GiB to train a 7B decoder in full, with LoRA and with QLoRA: weights, gradients, optimiser state, activations. */
export const PICTURED_MEMORY = [
  [12.6, 12.6, 50.2, 1.3],
  [12.6, 0.1, 0.1, 1.3],
  [3.7, 0.1, 0.1, 1.3],
] as const;
const PER_GIB = 84 / 77;

function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      {PICTURED_MEMORY.map(([weights, gradients, optimiser, activations], i) => {
        const y = 3 + 12.5 * i;
        const [a, b] = [PER_GIB * weights, PER_GIB * (weights + gradients + optimiser)];
        return (
          <g key={y}>
            <rect className="w0 fill" x="1" y={y} width={a} height="9" />
            <rect x={1 + a} y={y} width={b - a} height="9" fill="currentColor" opacity="0.35" />
            <rect
              x={1 + b}
              y={y + 0.4}
              width={PER_GIB * activations}
              height="8.2"
              fill="none"
              stroke="currentColor"
              strokeWidth="0.8"
            />
          </g>
        );
      })}
    </svg>
  );
}

export const cost: LessonEntry = {
  name: 'cost',
  title: 'What it costs',
  question: 'How many parameters, how much memory, which GPU?',
  minutes: 14,
  steps: [
    'How many parameters does a rank train?',
    'Is it always 100 times fewer?',
    'All attention of a model',
    'Which GPU is enough?',
    'A rank for each kind of matrix',
    'Which matrices matter?',
    'What does not get cheaper',
    'Variants',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
