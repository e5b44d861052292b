import type { ReactNode } from 'react';
import { count, percent } from '../../experiment/numbers.ts';
import { Figure } from '../../kit/figure.tsx';
import { Formula } from '../../kit/formula/formula.tsx';
import { Calculator } from '../../plan/ui/calculator.tsx';
import { Lengths } from '../figures/figures.tsx';
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

const FULL = SIZE * SIZE;
/** r(d + k). */
const THIN = RANK * (SIZE + SIZE);

interface WorkProps {
  readonly name: ReactNode;
  /** Through W₀, and through A and B. */
  readonly parts: readonly [w0: number, thin: number];
  readonly whole: number;
  readonly of: number;
}

function Work({ name, parts: [w0, thin], whole, of }: WorkProps) {
  return (
    <div>
      <p>
        {name}: {count(w0 + thin)}, {percent((w0 + thin) / of)}
      </p>
      <Lengths parts={{ w0, a: thin / 2, b: thin / 2 }} whole={whole} />
    </div>
  );
}

/** Multiply-adds of one token in one matrix, to scale: running it, and training it. */
export function WorkFigure() {
  const runs = { whole: 3 * FULL, of: FULL };
  const trains = { whole: 3 * FULL, of: 3 * FULL };
  return (
    <section className="of-work" aria-label="Multiply-adds, to scale">
      <h2>Running: multiply-adds of one token in a matrix of 4,096 × 4,096, rank 16</h2>
      <Work name="Without LoRA, or merged" parts={[FULL, 0]} {...runs} />
      <Work name="With A and B apart" parts={[FULL, THIN]} {...runs} />
      <h2>Training: forward, back to the input, and the gradients</h2>
      <Work name="Full fine-tuning, 3dk" parts={[3 * FULL, 0]} {...trains} />
      <Work name="LoRA, 2dk + 3r(d + k)" parts={[2 * FULL, 3 * THIN]} {...trains} />
    </section>
  );
}

/** Trained parameters of a d × k matrix, by method. */
export const VARIANTS = [
  { name: 'LoRA, QLoRA', weight: 'W₀ + s·B·A', formula: 'r(d + k)', trained: THIN },
  { name: 'AdaLoRA', weight: 'W₀ + PΛQ', formula: 'r(d + k) + r', trained: THIN + RANK },
  { name: 'DoRA', weight: 'W₀ + s·B·A, its lengths apart', formula: 'r(d + k) + d', trained: THIN + SIZE },
  { name: 'VeRA', weight: 'one random A and B for all layers', formula: 'r + d', trained: RANK + SIZE },
  { name: 'LoHa', weight: 'B₁A₁ times B₂A₂, entry by entry', formula: '2r(d + k)', trained: 2 * THIN },
] as const;

/** What each method trains, to scale. */
export function VariantsFigure() {
  const most = Math.max(...VARIANTS.map(({ trained }) => trained));
  return (
    <section className="of-work" aria-label="Trained parameters by method, to scale">
      <h2>Trained parameters of a matrix of 4,096 × 4,096 at rank 16</h2>
      {VARIANTS.map(({ name, weight, formula, trained }) => (
        <div key={name}>
          <p>
            <b>{name}</b>, {weight}: <Formula>{formula}</Formula> = {count(trained)}
          </p>
          <Lengths parts={{ dw: trained }} whole={most} />
        </div>
      ))}
      <p className="help">QLoRA differs in how W₀ is stored: 4.127 bits for each number instead of 16.</p>
    </section>
  );
}
