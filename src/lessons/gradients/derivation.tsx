import '../slow-motion/slow-motion.css';
import { Fragment, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { gradients } from '../../charts/gradients/gradients.ts';
import { count, number } from '../../experiment/numbers.ts';
import { useWindowKeys } from '../../kit/arrows.ts';
import { Button } from '../../kit/button.tsx';
import { Figure } from '../../kit/figure.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { actionsOf } from '../../state/actions.ts';
import { shownNorms } from '../../state/run/run.ts';
import { ChartPicture } from '../../ui/figures/chart-figure.tsx';
import { sceneOf, shownBudget } from '../../ui/lab-scene.ts';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { Transport } from '../../ui/run/transport.tsx';
import { Formula } from '../pane/prose.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { SHADES } from '../slow-motion/layout.ts';
import { factorText, ProductLine, StageTabs, threeDecimals, useStepStart } from '../slow-motion/product-line.tsx';
import { productsOf, spellProduct } from '../slow-motion/products.ts';
import { STAGES, type Stage } from '../slow-motion/stages.ts';
import { StepPicture } from '../slow-motion/step-picture.tsx';
import { checkGradient, inputName, inputWords, MAX_ROWS, type ShownStep, useShownStep } from './step-of-run.ts';
import { INPUT, LIVE_PLACE, LIVE_STAGES, type LivePlace } from './values.ts';

/** One step of the lab's run in slow motion, with the run's buttons and its gradient norms below. */
function LiveFigure({ begins }: { readonly begins: LivePlace }) {
  const shown = useShownStep();
  const phone = useWidth() === 'phone';
  return (
    <section className="live-step" aria-label="One step in slow motion">
      {typeof shown === 'string' ? (
        <p className="soft no-step">{NO_STEP[shown]}</p>
      ) : (
        <Stages shown={shown} begins={begins} />
      )}
      <Transport docked={phone} />
      <Norms />
    </section>
  );
}

const NO_STEP = {
  none: 'Making the matrices …',
  large: `This picture has room for ${MAX_ROWS} rows and columns. Choose a smaller layer, or set the lab up for this step.`,
} as const;

/** No choice with one input, or where the input was drawn. */
const CHOOSES = 2;

function Stages({ shown, begins }: { readonly shown: ShownStep; readonly begins: LivePlace }) {
  const { step, at, input, loss, rates } = shown;
  const [chosen, setPlace] = useLessonValue(LIVE_PLACE);
  const [inputAt, setInput] = useLessonValue(INPUT);
  const budget = useLab(shownBudget);
  const dispatch = useDispatch();
  const now = useGetLab();
  useStepStart(begins, chosen, setPlace);
  const { stage, product: wanted } = chosen ?? begins;
  const sizes = { d: step.d, k: step.k, rank: step.rank, towards: true };
  const products = productsOf(stage, sizes);
  const product = Math.min(wanted, products.length - 1);
  const place = LIVE_STAGES.indexOf(stage);
  const to = (index: number) => setPlace({ stage: LIVE_STAGES[index], product: 0 });
  const play = usePlay(() => {
    if (place + 1 < LIVE_STAGES.length) return to(place + 1);
    // Past the update the next step begins with its z.
    if (!actionsOf(now()).step) return play.setPlaying(false);
    dispatch({ type: 'train', steps: 1 });
    to(0);
  });
  const lines = spellProduct(stage, products[product], step, rates);
  const of = stage === 'gradA' ? 'A' : stage === 'gradB' ? 'B' : null;
  const check = useMemo(() => of && checkGradient(step, of), [step, of]);
  const { row, col } = products[product].made;
  return (
    <StageTabs
      label="Stages of one step"
      shown={stage}
      onShow={(key) => to((LIVE_STAGES as readonly string[]).indexOf(key))}
      groups={[
        {
          name: `Step ${count(at)}, ${inputName(input)}`,
          tabs: LIVE_STAGES.map((one, i) => ({ key: one, text: STAGES[one].name, number: i + 1 })),
        },
      ]}
    >
      <StepPicture
        {...{ step, stage, sizes, products }}
        gaps={SHADES}
        write={threeDecimals}
        at={product}
        label={`${STAGES[stage].name}: arrow keys walk through its numbers`}
        onPoint={(next) => setPlace({ stage, product: next })}
      />
      <div className="split under-rule slowly">
        <div role={play.playing ? undefined : 'status'} className="spelled">
          {lines.map((line, i) => (
            <ProductLine key={i} line={line} write={threeDecimals} second={i > 0} />
          ))}
          {check && of && (
            <p className="soft">
              by central differences {threeDecimals(check.found[row][col])}; over all of ∂L/∂{of} the largest difference
              is {number(check.largest, 2)}
            </p>
          )}
          {lines.length === 0 && (
            <p className="eq second">
              The optimiser of this run divides or adds up gradients first: its update is not the gradient times a rate.
            </p>
          )}
        </div>
        <div className="walk">
          <Button disabled={place === 0} onClick={() => to(place - 1)}>
            ← Stage
          </Button>
          <Button disabled={place + 1 === LIVE_STAGES.length} onClick={() => to(place + 1)}>
            Stage →
          </Button>
          {play.offered && (
            <Button aria-pressed={play.playing} onClick={() => play.setPlaying(!play.playing)}>
              Play slowly
            </Button>
          )}
          {input.of >= CHOOSES && <Button onClick={() => setInput(inputAt + 1)}>Another input</Button>}
          <div className="st">
            <b>Stage {place + 1} of 7</b>, step {count(at)} of {count(budget)}
            {play.offered && <span>1.5 s per stage; Esc stops</span>}
          </div>
        </div>
        <p className="of-input">
          L = ½‖h − y‖² = {number(loss)}. {inputWords(input)}
        </p>
      </div>
    </StageTabs>
  );
}

/** The gradient norms, which the last two stages of each step draw. */
function Norms() {
  const scene = useLab((state) => sceneOf(state, gradients.axis));
  return (
    <div className="charts one">
      <Figure name={gradients.name} title={gradients.title} help={gradients.help(scene)}>
        <ChartPicture chart={gradients} scene={scene} />
      </Figure>
    </div>
  );
}

const STAGE_MS = 1500;

/** Plays stage after stage; Esc stops it. Not offered with reduced motion. */
function usePlay(next: () => void) {
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [playing, setPlaying] = useState(false);
  const latest = useRef(next);
  latest.current = next;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => latest.current(), STAGE_MS);
    return () => clearInterval(timer);
  }, [playing]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Or Esc would close the lesson.
    event.preventDefault();
    setPlaying(false);
  };
  useWindowKeys(press, { on: playing, capture: true });
  return { offered: !still, playing: playing && !still, setPlaying };
}

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
