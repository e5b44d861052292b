import '../slow-motion/slow-motion.css';
import { type KeyboardEvent, useState } from 'react';
import { number, plural, powerOfTen } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { readings } from '../../kit/number-field.tsx';
import { useLab } from '../../ui/page.tsx';
import { DIFFERENCE, largestDifference, type Rows } from '../one-step/one-step.ts';
import { type LessonValues, useLessonValue, useLessonValues, valueIn } from '../pane/values.tsx';
import { DIGITS, type Layout } from '../slow-motion/layout.ts';
import { fourDecimals, ProductLine, StageTabs, useStepStart } from '../slow-motion/product-line.tsx';
import { spellProduct } from '../slow-motion/products.ts';
import { BLOCKS, type BlockName, STAGES, type Stage, type StepValues, takesPart } from '../slow-motion/stages.ts';
import { figureSize, StepPicture } from '../slow-motion/step-picture.tsx';
import { progressIn } from '../state/progress.ts';
import { useHasPredicted } from '../step.tsx';
import { OwnNumbers } from './own-numbers.tsx';
import {
  ASKED,
  differenceGradients,
  type ExampleInputs,
  NUMBERS,
  neighbourPlace,
  numbersIn,
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

/** Hidden in the first step until the reader has guessed. */
const KEPT: readonly BlockName[] = ['gradA', 'gradB', 'back'];

/** The layer with 3 outputs and 4 inputs in digits: two SGD steps, one product at a time. */
function ByHand({ begins }: { readonly begins: ProductPlace }) {
  const [changes, setTyped] = useLessonValue(NUMBERS);
  const typed = numbersIn(useLessonValues());
  // The step that asks which of the two moves hides the answer in its picture.
  const guessed = useHasPredicted('by-hand', 'moves');
  const kept = useLab((s) => s.view.step === 1) && !guessed;
  // A step that asks for a number, likewise.
  const hidden = useLab((s) => {
    const number = ASKED[s.view.step];
    return number && !progressIn(s.progress, 'by-hand').right.includes(number.question) ? number : null;
  });
  const [chosen, setPlace] = useLessonValue(PLACE);
  const [fault, setFault] = useState('');
  useStepStart(begins, chosen, setPlace);
  const place = chosen ?? begins;
  const { step: which, stage, product } = place;
  const { steps, losses } = workedExample(typed);
  const step = steps[which - 1];
  const products = productsAt(place);
  const { made } = products[product];
  const names = which === 1 ? FIRST_STEP_BLOCKS : LATER_STEP_BLOCKS;
  const [previous, next] = [neighbourPlace(place, -1), neighbourPlace(place, 1)];
  const asked = hidden?.step === which ? hidden : null;
  const isAsked = asked?.stage === stage && asked.row === made.row && asked.col === made.col;
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
          kept={kept ? KEPT : asked?.hides}
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
        <div className="split under-rule below">
          <div>
            <div role="status" className="spelled">
              {lines.map((line, i) => (
                <ProductLine key={i} line={line} write={fourDecimals} second={i > 0} asked={isAsked && i === 0} />
              ))}
            </div>
            <div className="walk far-above">
              <Button disabled={!previous} onClick={() => previous && setPlace(previous)}>
                ← Product
              </Button>
              <Button disabled={!next} onClick={() => next && setPlace(next)}>
                Product →
              </Button>
              <Button disabled={changes === null} onClick={() => setTyped(null)}>
                Put back
              </Button>
              <span className="muted">
                {product + 1} of {plural(products.length, 'number')} in{' '}
                {stage === 'update' ? 'the update' : STAGES[stage].short}
              </span>
            </div>
            <p role="alert" className="fault">
              {fault}
            </p>
            <dl className="pairs space-above">
              <dt>scaling</dt>
              <dd>
                s = α/r = {SETTINGS.alpha}/{SETTINGS.rank} = {SETTINGS.scaling}
              </dd>
              <dt>loss</dt>
              <dd>
                L = δ·h: {fourDecimals(losses[0])} before
                {!kept &&
                  !asked?.hides.length &&
                  `, ${fourDecimals(losses[1])} after the 1st step, ${fourDecimals(losses[2])} after the 2nd`}
              </dd>
              <dt>update</dt>
              <dd>SGD, rate {SETTINGS.rate}</dd>
            </dl>
            <OwnNumbers />
          </div>
          {(stage === 'gradA' || stage === 'gradB') && (
            <GradientCheck
              of={stage === 'gradA' ? 'A' : 'B'}
              byHand={stage === 'gradA' ? step.gradA : step.gradB}
              found={differenceGradients(typed, step)[stage === 'gradA' ? 'A' : 'B']}
              at={made}
              asked={asked?.stage === stage ? asked : null}
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
      <div className="ends head">
        <h2>Check it</h2>
        <span className="muted">central differences, h = {powerOfTen(Math.log10(DIFFERENCE))}</span>
      </div>
      <DataTable
        className="numbers whole"
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
      <p className="muted">largest difference {number(largestDifference(byHand, found), 2)}</p>
    </section>
  );
}

export const figureAt = (begins: ProductPlace) => ({
  place: 'lab' as const,
  Figure: () => <ByHand begins={begins} />,
});

export function isFigureAt(values: LessonValues, wanted: ProductPlace): boolean {
  const at = valueIn(values, PLACE);
  return at?.step === wanted.step && at.stage === wanted.stage && at.product === wanted.product;
}

const HOLDS: Partial<Record<BlockName, keyof ExampleInputs>> = {
  W0: 'W0',
  A: 'A',
  B: 'B',
  xA: 'x',
  xW: 'x',
  delta: 'delta',
};

/** The editable blocks: after the first step A and B follow from it. */
const FIRST_STEP_BLOCKS = Object.keys(HOLDS) as readonly BlockName[];
const LATER_STEP_BLOCKS = FIRST_STEP_BLOCKS.filter((name) => name !== 'A' && name !== 'B');

function changed(
  typed: ExampleInputs,
  key: keyof ExampleInputs,
  row: number,
  col: number,
  value: number,
): ExampleInputs {
  const put = (M: Rows): Rows => M.map((r, i) => (i === row ? r.map((v, j) => (j === col ? value : v)) : r));
  if (key === 'x') return { ...typed, x: put([typed.x])[0] };
  if (key === 'delta') return { ...typed, delta: typed.delta.map((v, i) => (i === row ? value : v)) };
  return { ...typed, [key]: put(typed[key]) };
}

interface TypedNumbersProps {
  readonly layout: Layout;
  readonly names: readonly BlockName[];
  readonly step: StepValues;
  readonly stage: Stage;
  readonly typed: ExampleInputs;
  readonly onTyped: (typed: ExampleInputs) => void;
  readonly onFault: (fault: string) => void;
}

function TypedNumbers({ layout, names, step, stage, typed, onTyped, onFault }: TypedNumbersProps) {
  const { blocks, cell } = layout;
  return blocks
    .filter(({ name }) => names.includes(name))
    .map(({ name, x, y }) => {
      const key = HOLDS[name] ?? 'x';
      const lit = takesPart(stage, name);
      return BLOCKS[name].of(step).map((row, i) =>
        row.map((value, j) => (
          <NumberField
            key={`${name}${i},${j}`}
            name={`${name === 'xW' ? 'x above W₀' : BLOCKS[name].label}, row ${i + 1}, column ${j + 1}`}
            value={value}
            // Fields outside the stage are reached with the pointer only.
            reached={lit}
            className={lit ? BLOCKS[name].hue : 'pale'}
            place={{ left: x + j * cell, top: y + i * cell, width: cell, height: cell }}
            onValue={(next) => onTyped(changed(typed, key, i, j, next))}
            onFault={onFault}
          />
        )),
      );
    });
}

interface HandNumberProps {
  readonly name: string;
  readonly value: number;
  readonly reached: boolean;
  readonly className: string;
  readonly place: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly onValue: (value: number) => void;
  readonly onFault: (fault: string) => void;
}

/** Enter or blur takes the input; Esc restores the number. */
function NumberField({ name, value, reached, className, place, onValue, onFault }: HandNumberProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const text = draft ?? fourDecimals(value);
  const take = () => {
    if (draft === null) return;
    const read = readTypedNumber(draft);
    if (typeof read === 'string') {
      setWrong(true);
      onFault(`${read} ${name}, is still ${fourDecimals(value)}.`);
      return;
    }
    setDraft(null);
    setWrong(false);
    onFault('');
    if (read !== value) onValue(read);
  };
  const back = () => {
    setDraft(null);
    setWrong(false);
    onFault('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') take();
    if (event.key !== 'Escape' || draft === null) return;
    // Or Esc would close the lesson.
    event.preventDefault();
    event.stopPropagation();
    back();
  };
  const leave = () => {
    if (draft !== null && typeof readTypedNumber(draft) === 'string') back();
    else take();
  };
  return (
    <input
      type="text"
      inputMode="text"
      autoComplete="off"
      className={className}
      aria-label={name}
      aria-invalid={wrong}
      tabIndex={reached ? 0 : -1}
      value={text}
      style={{ ...place, fontSize: figureSize(text, place.width) }}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={leave}
      onKeyDown={press}
    />
  );
}

/** The picture has no space for larger numbers. */
const LARGEST = 1000;

/** The number, or a sentence on what is wrong with the text. */
export function readTypedNumber(text: string): number | string {
  if (text.trim() === '') return 'A number is missing.';
  const [value] = readings(text);
  if (value === undefined) return `“${text.trim().slice(0, 20)}” is not a number.`;
  return Math.abs(value) > LARGEST ? 'Numbers from −1,000 to 1,000 fit here.' : value;
}
