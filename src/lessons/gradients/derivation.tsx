import { Fragment, type ReactNode } from 'react';
import { number } from '../../experiment/numbers.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { shownNorms } from '../../state/run/run.ts';
import { useLab } from '../../ui/page.tsx';
import { Formula } from '../pane/prose.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { factorText, ProductLine, threeDecimals } from '../slow-motion/product-line.tsx';
import { productsOf, spellProduct } from '../slow-motion/products.ts';
import type { Stage } from '../slow-motion/stages.ts';
import { LiveFigure } from './live-figure.tsx';
import { useShownStep } from './step-of-run.ts';
import { LIVE_PLACE, type LivePlace } from './values.ts';

export interface DerivationLine {
  readonly formula: string;
  readonly why: string;
  /** Each side as a sum of products, each product as its factors' sizes in turn: d, r, 1 is (d × r)(r × 1). */
  readonly sizes: readonly (readonly number[])[];
}

const [D, K, R] = [16, 16, 4];

/** For the layer on screen: 16 inputs, 16 outputs, rank 4. */
export const B_DERIVATION: readonly DerivationLine[] = [
  {
    formula: 'h = W₀·x + s·B·z',
    why: 'the forward pass',
    sizes: [
      [D, K, 1],
      [D, R, 1],
    ],
  },
  { formula: '∂hᵢ/∂Bᵢⱼ = s·zⱼ', why: 'an entry in row i is in output i alone', sizes: [[1, 1]] },
  { formula: '∂L/∂Bᵢⱼ = δᵢ·(s·zⱼ)', why: 'the chain rule, with δᵢ = ∂L/∂hᵢ', sizes: [[1, 1, 1]] },
  { formula: '∂L/∂B = s·δ·zᵀ', why: 'all entries at once', sizes: [[D, 1, R]] },
];

export const A_DERIVATION: readonly DerivationLine[] = [
  { formula: 'z = A·x', why: 'the forward pass', sizes: [[R, K, 1]] },
  { formula: '∂hᵢ/∂zⱼ = s·Bᵢⱼ', why: 'channel j reaches output i with weight s·Bᵢⱼ', sizes: [[1, 1]] },
  { formula: '∂L/∂z = s·Bᵀ·δ', why: 'the chain rule: a sum over all outputs i, each with δᵢ', sizes: [[R, D, 1]] },
  { formula: '∂zⱼ/∂Aⱼₙ = xₙ', why: 'an entry in row j is in channel j alone', sizes: [[1, 1]] },
  { formula: '∂L/∂Aⱼₙ = s·(Bᵀ·δ)ⱼ·xₙ', why: 'the chain rule again', sizes: [[1, 1, 1]] },
  { formula: '∂L/∂A = s·(Bᵀ·δ)·xᵀ', why: 'all entries at once', sizes: [[R, D, 1, K]] },
];

/** "16 × 4 = (16 × 1)(1 × 4)". */
export function shapesOf({ sizes }: DerivationLine): string {
  const shape = (rows: number, cols: number) => `${rows} × ${cols}`;
  const products = sizes.map((all) => {
    const factors = all.slice(1).map((cols, i) => shape(all[i], cols));
    return factors.length === 1 ? factors[0] : factors.map((factor) => `(${factor})`).join('');
  });
  return `${shape(sizes[0][0], sizes[0][sizes[0].length - 1])} = ${products.join(' + ')}`;
}

/** px of a side of n numbers: to scale, but a single number can be seen. */
const side = (n: number) => Math.max(3, 2 * n);

function Box({ rows, cols }: { readonly rows: number; readonly cols: number }) {
  return <span className="shape" style={{ width: side(cols), height: side(rows) }} />;
}

/** The shapes of a line to scale: in a product, a box is as wide as the next one is high. */
export function ShapeBoxes({ sizes }: Pick<DerivationLine, 'sizes'>) {
  const [first] = sizes;
  // Of single numbers there is nothing to see.
  if (sizes.flat().every((n) => n === 1)) return null;
  return (
    <div className="row muted boxes" aria-hidden="true">
      <Box rows={first[0]} cols={first[first.length - 1]} />
      {sizes.map((product, n) => (
        <Fragment key={n}>
          {n === 0 ? '=' : '+'}
          {product.slice(1).map((cols, i) => (
            <Box key={i} rows={product[i]} cols={cols} />
          ))}
        </Fragment>
      ))}
    </div>
  );
}

/** The picture of a step of the lab's run, opened at `begins`. */
export const figureAt = (begins: LivePlace) => ({
  place: 'lab' as const,
  live: true as const,
  Figure: () => <LiveFigure begins={begins} />,
});

export function Derivation({ lines, stage }: { readonly lines: readonly DerivationLine[]; readonly stage: Stage }) {
  const line = useProduct(stage);
  const factors = line?.terms[0].map((v) => factorText(threeDecimals(v))).join('·');
  const numbers = line ? `${factors} = ${threeDecimals(line.value)}` : undefined;
  return (
    <ol className="derivation">
      {lines.map((line, i) => (
        <li key={line.formula}>
          <Formula plain={line.formula} numbers={i + 1 === lines.length ? numbers : undefined} />
          <div className="why">{line.why}</div>
          <div className="shapes">{shapesOf(line)}</div>
          <ShapeBoxes sizes={line.sizes} />
        </li>
      ))}
    </ol>
  );
}

/** The product of the stage on screen, in the run's numbers. */
function useProduct(stage: Stage) {
  const shown = useShownStep();
  const [place] = useLessonValue(LIVE_PLACE);
  if (typeof shown === 'string') return null;
  const { step, rates } = shown;
  const products = productsOf(stage, { d: step.d, k: step.k, rank: step.rank, towards: true });
  const product = place?.stage === stage ? Math.min(place.product, products.length - 1) : 0;
  return spellProduct(stage, products[product], step, rates)[0];
}

export function InlineProduct({ stage }: { readonly stage: Stage }): ReactNode {
  const line = useProduct(stage);
  return line && <ProductLine line={line} write={threeDecimals} />;
}

const LISTED = 3;

export function FirstUpdates(): ReactNode {
  const length = useLab((s) => s.run.trace.length);
  const module = useLab(shownNorms);
  const value = (list: Float64Array, n: number) => (n < length ? number(list[n]) : '–');
  return (
    <DataTable
      className="numbers"
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
