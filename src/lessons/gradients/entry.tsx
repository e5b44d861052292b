import type { LessonEntry } from '../step.tsx';

/** Sizes of δ, z above, and their product in the worked example. */
const DELTA = [1, 2, 0.5];
const Z = [1.5, 1.75];
const CELL = 9;
const share = (size: number, largest: number) => 0.15 + (0.85 * size) / largest;

function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      {Z.map((size, j) => (
        <rect
          key={size}
          className="ink fill"
          x={40 + j * (CELL + 1)}
          y="1"
          width={CELL}
          height={CELL}
          opacity={share(size, 2)}
        />
      ))}
      {DELTA.map((size, i) => (
        <g key={size}>
          <rect
            className="ink fill"
            x="27"
            y={12 + i * (CELL + 0.5)}
            width={CELL}
            height={CELL - 0.5}
            opacity={share(size, 2)}
          />
          {Z.map((active, j) => (
            <rect
              key={active}
              className="b fill"
              x={40 + j * (CELL + 1)}
              y={12 + i * (CELL + 0.5)}
              width={CELL}
              height={CELL - 0.5}
              opacity={share(size * active, 3.5)}
            />
          ))}
        </g>
      ))}
    </svg>
  );
}

export const gradients: LessonEntry = {
  name: 'gradients',
  title: 'Where the two gradients come from',
  question: 'What moves A and B? Line by line, then one real step in slow motion.',
  minutes: 17,
  steps: [
    'Does W₀ matter?',
    'The gradient of B, line by line',
    'How wrong times how active',
    'The gradient of A goes through B',
    'What it costs, and a check',
    'A batch takes the mean',
    'Who moves first?',
    'The first steps under Adam',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
