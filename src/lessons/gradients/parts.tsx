import type { ReactNode } from 'react';
import { number } from '../../experiment/numbers.ts';
import { Formula as Maths } from '../../kit/formula/formula.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { SHOWN } from '../../state/run/run.ts';
import { useShown } from '../../ui/page.tsx';
import { Formula } from '../pane/prose.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { asFactor, threeDecimals } from '../slow-motion/number-words.ts';
import { ProductLine } from '../slow-motion/product-line.tsx';
import { productsOf, spelled } from '../slow-motion/products.ts';
import type { Stage } from '../slow-motion/stages.ts';
import { type DerivationLine, shapesOf } from './derivation.ts';
import { LiveFigure } from './live-figure.tsx';
import { useShownStep } from './use-shown-step.ts';
import { LIVE_PLACE, type LivePlace } from './values.ts';

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
