import type { ReactNode } from 'react';
import { number } from '../../experiment/numbers.ts';
import { Formula as Maths } from '../../kit/formula/formula.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { SHOWN } from '../../state/run/run.ts';
import { useShown } from '../../ui/page.tsx';
import { Formula } from '../pane/prose.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { asFactor, ProductLine, threeDecimals } from '../slow-motion/product-line.tsx';
import { productsOf, spelled } from '../slow-motion/products.ts';
import type { Stage } from '../slow-motion/stages.ts';
import { LiveFigure } from './live-figure.tsx';
import { useShownStep } from './step-of-run.ts';
import { LIVE_PLACE, type LivePlace } from './values.ts';

type MatrixShape = readonly [rows: number, cols: number];

/** A line of a derivation; its shapes as one sum of products. */
export interface DerivationLine {
  readonly formula: string;
  readonly why: string;
  readonly made: MatrixShape;
  readonly terms: readonly (readonly MatrixShape[])[];
}

const [D, K, R] = [16, 16, 4];
const ONE: MatrixShape = [1, 1];

/** Of the layer on screen: 16 inputs, 16 outputs, rank 4. */
export const OF_B: readonly DerivationLine[] = [
  {
    formula: 'h = W₀·x + s·B·z',
    why: 'the forward pass',
    made: [D, 1],
    terms: [
      [
        [D, K],
        [K, 1],
      ],
      [
        [D, R],
        [R, 1],
      ],
    ],
  },
  {
    formula: '∂hᵢ/∂Bᵢⱼ = s·zⱼ',
    why: 'an entry in row i is in output i alone',
    made: ONE,
    terms: [[ONE]],
  },
  {
    formula: '∂L/∂Bᵢⱼ = δᵢ·(s·zⱼ)',
    why: 'the chain rule, with δᵢ = ∂L/∂hᵢ',
    made: ONE,
    terms: [[ONE, ONE]],
  },
  {
    formula: '∂L/∂B = s·δ·zᵀ',
    why: 'all entries at once',
    made: [D, R],
    terms: [
      [
        [D, 1],
        [1, R],
      ],
    ],
  },
];

export const OF_A: readonly DerivationLine[] = [
  {
    formula: 'z = A·x',
    why: 'the forward pass',
    made: [R, 1],
    terms: [
      [
        [R, K],
        [K, 1],
      ],
    ],
  },
  {
    formula: '∂L/∂z = s·Bᵀ·δ',
    why: 'every output hears channel j, output i with the weight s·Bᵢⱼ',
    made: [R, 1],
    terms: [
      [
        [R, D],
        [D, 1],
      ],
    ],
  },
  {
    formula: '∂zⱼ/∂Aⱼₙ = xₙ',
    why: 'an entry in row j is in channel j alone',
    made: ONE,
    terms: [[ONE]],
  },
  {
    formula: '∂L/∂A = s·(Bᵀ·δ)·xᵀ',
    why: 'the chain rule, all entries at once',
    made: [R, K],
    terms: [
      [
        [R, D],
        [D, 1],
        [1, K],
      ],
    ],
  },
];

const written = ([rows, cols]: MatrixShape) => `${rows} × ${cols}`;

/** "16 × 4 = (16 × 1)(1 × 4)". */
export function shapesOf({ made, terms }: DerivationLine): string {
  const sums = terms.map((shapes) =>
    shapes.length === 1 ? written(shapes[0]) : shapes.map((shape) => `(${written(shape)})`).join(''),
  );
  return `${written(made)} = ${sums.join(' + ')}`;
}

/** The picture of a step of the lab's run, opened at a place of its own. */
export const openedAt = (begins: LivePlace) => ({
  place: 'lab' as const,
  live: true as const,
  Figure: () => <LiveFigure begins={begins} />,
});

/** A derivation: each line with its reason and its shapes. */
export function Derivation({ lines, stage }: { readonly lines: readonly DerivationLine[]; readonly stage: Stage }) {
  return (
    <ol className="derivation">
      {lines.map((line, i) => (
        <li key={line.formula}>
          <Formula
            plain={<Maths>{line.formula}</Maths>}
            numbers={i + 1 === lines.length && <InNumbers stage={stage} />}
          />
          <div className="why">{line.why}</div>
          <div className="shapes">{shapesOf(line)}</div>
        </li>
      ))}
    </ol>
  );
}

/** The product of the stage that the picture shows, in the numbers of the run. */
function useProduct(stage: Stage) {
  const shown = useShownStep();
  const [place] = useLessonValue(LIVE_PLACE);
  if (typeof shown === 'string') return null;
  const { step, rates } = shown;
  const products = productsOf(stage, { d: step.d, k: step.k, rank: step.rank, towards: true });
  const product = place?.stage === stage ? Math.min(place.product, products.length - 1) : 0;
  return spelled(stage, products[product], step, rates)[0];
}

function InNumbers({ stage }: { readonly stage: Stage }): ReactNode {
  const line = useProduct(stage);
  if (!line) return null;
  const factors = line.terms[0].map((v) => asFactor(threeDecimals(v))).join('·');
  return <Maths>{`${factors} = ${threeDecimals(line.value)}`}</Maths>;
}

/** In the text what the picture shows. */
export function ProductInText({ stage }: { readonly stage: Stage }): ReactNode {
  const line = useProduct(stage);
  return line && <ProductLine line={line} write={threeDecimals} />;
}

/** Updates that are listed. */
const LISTED = 3;

/** How far the first updates of the run on screen moved each factor. */
export function FirstUpdates(): ReactNode {
  const length = useShown((s) => s.run.trace.length);
  const module = useShown((s) => s.run.trace.modules[SHOWN]);
  const value = (list: Float64Array, n: number) => (n < length ? number(list[n]) : '–');
  return (
    <DataTable
      className="first-updates"
      caption="The run on screen"
      rows={Array.from({ length: LISTED }, (_, i) => i + 1)}
      columns={[
        { key: 'update', head: 'update', cell: (n) => n },
        { key: 'A', head: 'moves A by', cell: (n) => value(module.updateNormA, n) },
        { key: 'B', head: 'moves B by', cell: (n) => value(module.updateNormB, n) },
      ]}
    />
  );
}
