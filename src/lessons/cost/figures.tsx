import { Figure } from '../../kit/figure.tsx';
import { Calculator } from '../../plan/ui/calculator.tsx';
import { type Step, useHasPredicted } from '../step.tsx';

export const PREDICTION = 'numbers';

const SIZE = 4096;
const RANK = 16;

function ToScale() {
  const gap = 190;
  const [left, top] = [gap + 420, gap + 420];
  return (
    <Figure
      className="to-scale"
      title="Drawn to scale"
      help="W₀ with 4,096 rows and columns; B with 16 columns, A with 16 rows"
    >
      <svg
        viewBox={`0 0 ${left + SIZE + 60} ${top + SIZE + 20}`}
        role="img"
        aria-label="W₀ is a large square, B and A are hairlines beside it"
      >
        <rect className="w0" x={left} y={top} width={SIZE} height={SIZE} />
        <rect className="b" x={left - gap} y={top} width={RANK} height={SIZE} />
        <rect className="a" x={left} y={top - gap} width={SIZE} height={RANK} />
        <text className="on" x={left + SIZE / 2} y={top + SIZE / 2}>
          W₀
        </text>
        <text className="b" x={left - gap - 170} y={top + SIZE / 2}>
          B
        </text>
        <text className="a" x={left + SIZE / 2} y={top - gap - 90}>
          A
        </text>
      </svg>
    </Figure>
  );
}

/** The calculator would give the answer away: until the guess, the matrix and its adapter are in its place. */
export function ScaleFigure() {
  return useHasPredicted('cost', PREDICTION) ? <Calculator about="ranks" /> : <ToScale />;
}

type StepFigure = NonNullable<Step['figure']>;

/** The calculator in place of the lab: steps with the same topic share its state. */
export const RANKS: StepFigure = { place: 'lab', Figure: () => <Calculator about="ranks" /> };
export const MEMORY: StepFigure = { place: 'lab', Figure: () => <Calculator about="memory" /> };
