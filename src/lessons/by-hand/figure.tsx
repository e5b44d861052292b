import '../slow-motion/slow-motion.css';
import { useState } from 'react';
import { number, plural, powerOfTen } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { useLab } from '../../ui/page.tsx';
import { DIFFERENCE, largestDifference, type Rows } from '../one-step/one-step.ts';
import { type LessonValues, useLessonValue, valueIn } from '../pane/values.tsx';
import { DIGITS } from '../slow-motion/layout.ts';
import { fourDecimals, ProductLine } from '../slow-motion/product-line.tsx';
import { spellProduct } from '../slow-motion/products.ts';
import { StageTabs, useStepStart } from '../slow-motion/stage-tabs.tsx';
import { type BlockName, STAGES } from '../slow-motion/stages.ts';
import { StepPicture } from '../slow-motion/step-picture.tsx';
import { progressIn } from '../state/progress.ts';
import { useHasPredicted } from '../step.tsx';
import { FIRST_STEP_BLOCKS, LATER_STEP_BLOCKS, TypedNumbers } from './typed-numbers.tsx';
import {
  ASKED_CELL,
  ASKED_QUESTION,
  differenceGradients,
  EXAMPLE,
  NUMBERS,
  neighbourPlace,
  PLACE,
  type ProductPlace,
  productsAt,
  SETTINGS,
  SIZES,
  STAGE_ORDER,
  STAGES_BY_HAND,
  STEPS,
  stageKey,
  workedExample,
} from './worked-example.ts';

const NAMES = { 1: '1st step', 2: '2nd step' } as const;

interface ByHandProps {
  readonly begins: ProductPlace;
  readonly asks?: boolean;
}

/** Hidden on the first page until the reader has guessed. */
const KEPT: readonly BlockName[] = ['gradA', 'gradB', 'back'];

/** The layer with 3 outputs and 4 inputs in digits: two SGD steps, one product at a time. */
function ByHand({ begins, asks = false }: ByHandProps) {
  const [typed, setTyped] = useLessonValue(NUMBERS);
  const answered = useLab((s) => progressIn(s.progress, 'by-hand').right.includes(ASKED_QUESTION));
  // The page that asks which of the two moves hides the answer in its picture.
  const guessed = useHasPredicted('by-hand', 'moves');
  const kept = useLab((s) => s.view.step === 1) && !guessed;
  const [chosen, setPlace] = useLessonValue(PLACE);
  const [fault, setFault] = useState('');
  useStepStart(begins, setPlace);
  const place = chosen ?? begins;
  const { step: which, stage, product } = place;
  const { steps, losses } = workedExample(typed);
  const step = steps[which - 1];
  const products = productsAt(place);
  const { made } = products[product];
  const names = which === 1 ? FIRST_STEP_BLOCKS : LATER_STEP_BLOCKS;
  const [previous, next] = [neighbourPlace(place, -1), neighbourPlace(place, 1)];
  const asked = asks && !answered && which === 2 && stage === 'gradA' ? ASKED_CELL : null;
  const isAsked = asked?.row === made.row && asked.col === made.col;
  const lines = spellProduct(stage, products[product], step, { A: SETTINGS.rate, B: SETTINGS.rate });
  const show = (key: string) => {
    const to = STAGE_ORDER.find((one) => stageKey(one) === key);
    if (to) setPlace({ ...to, product: 0 });
  };
  return (
    <section className="by-hand" aria-label="The layer by hand">
      <StageTabs
        label="Stages"
        shown={stageKey(place)}
        onShow={show}
        groups={STEPS.map((n) => ({
          name: NAMES[n],
          tabs: STAGES_BY_HAND.map((one) => ({ key: stageKey({ step: n, stage: one }), text: STAGES[one].short })),
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
            const beyond = neighbourPlace(place, by);
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
                {product + 1} of {plural(products.length, 'number')} in{' '}
                {stage === 'update' ? 'the update' : STAGES[stage].short}
              </span>
            </div>
            <p role="alert" className="fault">
              {fault}
            </p>
            <dl>
              <dt>scaling</dt>
              <dd>
                s = α/r = {SETTINGS.alpha}/{SETTINGS.rank} = {SETTINGS.scaling}
              </dd>
              <dt>loss</dt>
              <dd>
                L = δ·h: {fourDecimals(losses[0])} before
                {!kept && `, ${fourDecimals(losses[1])} after the 1st step, ${fourDecimals(losses[2])} after the 2nd`}
              </dd>
              <dt>update</dt>
              <dd>SGD, rate {SETTINGS.rate}</dd>
            </dl>
          </div>
          {(stage === 'gradA' || stage === 'gradB') && (
            <GradientCheck
              of={stage === 'gradA' ? 'A' : 'B'}
              byHand={stage === 'gradA' ? step.gradA : step.gradB}
              found={differenceGradients(typed, step)[stage === 'gradA' ? 'A' : 'B']}
              at={made}
              asked={asked}
            />
          )}
        </div>
      </StageTabs>
    </section>
  );
}

interface GradientCheckProps {
  readonly of: 'A' | 'B';
  readonly byHand: Rows;
  readonly found: Rows;
  readonly at: { readonly row: number; readonly col: number };
  readonly asked: { readonly row: number; readonly col: number } | null;
}

const nineDecimals = (value: number) => {
  const text = value.toFixed(9).replace('-', '−');
  return text === '−0.000000000' ? '0.000000000' : text;
};

/** The gradient by formula and by central differences, entry by entry. */
function GradientCheck({ of, byHand, found, at, asked }: GradientCheckProps) {
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

export const figureAt = (begins: ProductPlace, asks = false) => ({
  place: 'lab' as const,
  Figure: () => <ByHand begins={begins} asks={asks} />,
});

export function isFigureAt(values: LessonValues, wanted: ProductPlace): boolean {
  const at = valueIn(values, PLACE);
  return at?.step === wanted.step && at.stage === wanted.stage && at.product === wanted.product;
}
