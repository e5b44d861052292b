import '../slow-motion/slow-motion.css';
import './by-hand.css';
import { useState } from 'react';
import { counted, number, powerOfTen } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { useShown } from '../../ui/page.tsx';
import { DIFFERENCE, largestDifference, type Rows } from '../one-step/one-step.ts';
import { heldIn, type LessonValues, useLessonValue } from '../pane/values.tsx';
import { DIGITS } from '../slow-motion/layout.ts';
import { fourDecimals, ProductLine } from '../slow-motion/product-line.tsx';
import { spelled } from '../slow-motion/products.ts';
import { StageTabs, useBegin } from '../slow-motion/stage-tabs.tsx';
import { type BlockName, STAGES } from '../slow-motion/stages.ts';
import { StepPicture } from '../slow-motion/step-picture.tsx';
import { studiedOf } from '../state/progress.ts';
import { useGuessed } from '../step.tsx';
import { TYPED_FIRST, TYPED_LATER, TypedNumbers } from './typed-numbers.tsx';
import {
  ASKED,
  ASKED_NAME,
  BY_HAND,
  byDifferences,
  EXAMPLE,
  keyOf,
  NUMBERS,
  neighbour,
  ORDER,
  PLACE,
  type ProductPlace,
  productsAt,
  SIZES,
  STEPS,
  WORKED,
  worked,
} from './worked.ts';

const NAMES = { 1: '1st step', 2: '2nd step' } as const;

interface ByHandProps {
  readonly begins: ProductPlace;
  /** It keeps back the number that the lesson asks for. */
  readonly asks?: boolean;
}

/** What the first page keeps back until the reader has guessed. */
const KEPT: readonly BlockName[] = ['gradA', 'gradB', 'back'];

/** The layer with 3 outputs and 4 inputs, all numbers written out, two SGD steps one product at a time. */
function ByHand({ begins, asks = false }: ByHandProps) {
  const [typed, setTyped] = useLessonValue(NUMBERS);
  const answered = useShown((s) => studiedOf(s.progress, 'by-hand').right.includes(ASKED_NAME));
  // On the page that asks which of the two moves, the picture does not tell.
  const guessed = useGuessed('by-hand', 'moves');
  const kept = useShown((s) => s.view.step === 1) && !guessed;
  const [chosen, setPlace] = useLessonValue(PLACE);
  const [fault, setFault] = useState('');
  useBegin(begins, setPlace);
  const place = chosen ?? begins;
  const { step: which, stage, product } = place;
  const { steps, losses } = worked(typed);
  const step = steps[which - 1];
  const products = productsAt(place);
  const { made } = products[product];
  const names = which === 1 ? TYPED_FIRST : TYPED_LATER;
  const [previous, next] = [neighbour(place, -1), neighbour(place, 1)];
  const asked = asks && !answered && which === 2 && stage === 'gradA' ? ASKED : null;
  const isAsked = asked?.row === made.row && asked.col === made.col;
  const lines = spelled(stage, products[product], step, { A: WORKED.rate, B: WORKED.rate });
  const show = (key: string) => {
    const to = ORDER.find((one) => keyOf(one) === key);
    if (to) setPlace({ ...to, product: 0 });
  };
  return (
    <section className="by-hand" aria-label="The layer by hand">
      <StageTabs
        label="Stages"
        shown={keyOf(place)}
        onShow={show}
        groups={STEPS.map((n) => ({
          name: NAMES[n],
          tabs: BY_HAND.map((one) => ({ key: keyOf({ step: n, stage: one }), text: STAGES[one].short })),
        }))}
      >
        <StepPicture
          {...{ step, stage, products, asked }}
          sizes={SIZES}
          gaps={DIGITS}
          write={fourDecimals}
          at={product}
          typed={names}
          kept={kept ? KEPT : undefined}
          label={`${NAMES[which]}, ${STAGES[stage].name}: arrow keys walk through its numbers`}
          onPoint={(to) => setPlace({ ...place, product: to })}
          onBeyond={(by) => {
            const beyond = neighbour(place, by);
            if (beyond) setPlace(beyond);
          }}
        >
          {(layout) => (
            <TypedNumbers {...{ layout, names, step, stage, typed }} onTyped={setTyped} onFault={setFault} />
          )}
        </StepPicture>
        <div className="below">
          <div>
            <div role="status" className="spelled">
              {lines.map((line, i) => (
                <ProductLine key={i} line={line} write={fourDecimals} second={i > 0} asked={isAsked && i === 0} />
              ))}
            </div>
            <div className="walk">
              <Button disabled={!previous} onClick={() => previous && setPlace(previous)}>
                ← Product
              </Button>
              <Button className="btn main" disabled={!next} onClick={() => next && setPlace(next)}>
                Product →
              </Button>
              <Button disabled={typed === EXAMPLE} onClick={() => setTyped(EXAMPLE)}>
                Put back
              </Button>
              <span>
                {product + 1} of {counted(products.length, 'number')} in{' '}
                {stage === 'update' ? 'the update' : STAGES[stage].short}
              </span>
            </div>
            <p role="alert" className="fault">
              {fault}
            </p>
            <dl>
              <dt>scaling</dt>
              <dd>
                s = α/r = {WORKED.alpha}/{WORKED.rank} = {WORKED.scaling}
              </dd>
              <dt>loss</dt>
              <dd>
                L = δ·h: {fourDecimals(losses[0])} before
                {!kept && `, ${fourDecimals(losses[1])} after the 1st step, ${fourDecimals(losses[2])} after the 2nd`}
              </dd>
              <dt>update</dt>
              <dd>SGD, rate {WORKED.rate}</dd>
            </dl>
          </div>
          {(stage === 'gradA' || stage === 'gradB') && (
            <CheckIt
              of={stage === 'gradA' ? 'A' : 'B'}
              byHand={stage === 'gradA' ? step.gradA : step.gradB}
              found={byDifferences(typed, step)[stage === 'gradA' ? 'A' : 'B']}
              at={made}
              asked={asked}
            />
          )}
        </div>
      </StageTabs>
    </section>
  );
}

interface CheckItProps {
  readonly of: 'A' | 'B';
  readonly byHand: Rows;
  readonly found: Rows;
  /** The entry that is looked at. */
  readonly at: { readonly row: number; readonly col: number };
  /** The entry that the reader is asked for. */
  readonly asked: { readonly row: number; readonly col: number } | null;
}

const nineDecimals = (value: number) => {
  const text = value.toFixed(9).replace('-', '−');
  return text === '−0.000000000' ? '0.000000000' : text;
};

/** The gradient by the formula, and by moving each entry a little up and down: entry by entry. */
function CheckIt({ of, byHand, found, at, asked }: CheckItProps) {
  const name = `∂L/∂${of}`;
  const kept = (row: number, col: number) => asked?.row === row && asked.col === col;
  const entries = byHand.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
  return (
    <section className="check-it" aria-label={`Check ${name}`}>
      <div className="head">
        <h2>Check it</h2>
        <span>central differences, h = {powerOfTen(Math.log10(DIFFERENCE))}</span>
      </div>
      <DataTable
        className="numbers"
        rows={entries}
        rowClass={({ i, j }) => (i === at.row && j === at.col ? 'here' : undefined)}
        columns={[
          { key: 'entry', head: name, cell: ({ i, j }) => `row ${i + 1}, column ${j + 1}` },
          { key: 'hand', head: 'by hand', cell: ({ i, j, value }) => (kept(i, j) ? '?' : fourDecimals(value)) },
          {
            key: 'differences',
            head: 'by differences',
            cell: ({ i, j }) => (kept(i, j) ? '?' : nineDecimals(found[i][j])),
          },
        ]}
      />
      <p>largest difference {number(largestDifference(byHand, found), 2)}</p>
    </section>
  );
}

/** The figure of a step, opened at a place of its own. `asks`: it keeps back what the step asks for. */
export const openedAt = (begins: ProductPlace, asks = false) => ({
  place: 'lab' as const,
  Figure: () => <ByHand begins={begins} asks={asks} />,
});

/** Whether the figure shows a number of a stage. */
export function isAt(values: LessonValues, wanted: ProductPlace): boolean {
  const at = heldIn(values, PLACE);
  return at?.step === wanted.step && at.stage === wanted.stage && at.product === wanted.product;
}
