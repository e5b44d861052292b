import { inits } from '../../experiment/inits/index.ts';
import { number } from '../../experiment/numbers.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { lastStep, shownNorms } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { InitChoice, Pick } from '../figures/figures.tsx';
import { torchOfInit } from '../pane/in-pytorch.tsx';
import {
  A,
  ALPHA,
  B,
  b,
  DW,
  DWT,
  ERROR,
  formula,
  GRAD_A,
  GRAD_B,
  i,
  inShort,
  live,
  prose,
  R,
  S,
  term,
  text,
  W0,
} from '../pane/prose.tsx';
import { valueIn } from '../pane/values.tsx';
import {
  correct,
  isEnded,
  type Judgement,
  LAB,
  type Lesson,
  type Step,
  trainEvent,
  trainEvents,
  wrong,
} from '../step.tsx';
import {
  FloorsFigure,
  InitsLink,
  LengthsFigure,
  ProductsFigure,
  RaceFigure,
  RedrawButton,
  VarianceStatus,
  WidenedFigure,
  ZerosFigure,
} from './figures.tsx';
import {
  DEAD_INIT,
  DRAW,
  DRAWN_RANK,
  LENGTHS,
  OPTIMISER,
  OPTIMISERS,
  POINTED_CELL,
  type RaceInit,
  type RaceOptimiser,
  RECORDED,
  STUCK_PISSA,
  TWO_STEPS,
} from './recorded.ts';

/** Median error of the race at a step. */
const raced = (optimiser: RaceOptimiser, racer: RaceInit, step: number) =>
  number(RECORDED.race[optimiser][racer].median[RECORDED.steps.indexOf(step)]);

const A_ZERO = text`${A}\u00a0=\u00a00`;
const B_ZERO = text`${B}\u00a0=\u00a00`;

const cost: Step = {
  title: 'Does a zero cost time?',
  figure: { place: 'lab', Figure: RaceFigure },
  Text: prose`
    LoRA usually starts with ${A} random and ${B_ZERO}. The charts call it ${term('Kaiming')}, after the rule for the
    size of ${A}’s random numbers. It is often said that the zero slows the beginning: while ${B} is small, ${A} learns
    little.

    A race tests it, over five ${term('seed', 'seeds')}: ${B_ZERO}, both factors random, the best rank-8 approximation of
    ${DWT} itself (SVD), and ${term('PiSSA')}, made from ${W0}.
  `,
  guess: {
    name: 'zero-start',
    Ask: text`With ${term('Adam', 'the optimiser Adam')}, where does ${B_ZERO} stand after 20 steps, against two random factors?`,
    options: {
      behind: 'Far behind: the zero costs time',
      level: 'About level',
      ahead: 'Far ahead: random noise costs time',
    },
    Result: (guess) => prose`
      ${guess === 'level' && 'Yes. '}They are about level: ${raced('adam', 'kaiming-uniform', 20)} with ${B_ZERO},
      ${raced('adam', 'symmetric', 20)} with both random. The random product is noise that has to be unlearned, so that
      run begins at an error of ${raced('adam', 'symmetric', 0)}.

      SVD begins at ${raced('adam', 'svd', 0)}, the floor: it has been told the answer. Adam’s first steps are too long
      for it, so its error rises before it falls back. PiSSA stays at ${raced('adam', 'pissa', 20)}, because ${W0} knows
      nothing of this target.
    `,
  },
  act: {
    Ask: text`Look at the same race with ${term('SGD', 'plain SGD')}.`,
    Control: <Pick label="Optimiser" of={OPTIMISER} options={OPTIMISERS} />,
    done: (_, values) => valueIn(values, OPTIMISER) === 'sgd',
    Seen: text`With SGD the zero does cost something: after 60 steps it stands at
      ${raced('sgd', 'kaiming-uniform', 60)}, two random factors at ${raced('sgd', 'symmetric', 60)}. So the saying
      holds for SGD, and hardly for Adam, which divides each step by the recent size of the gradients: small gradients
      do not make small steps.`,
  },
  Limits: text`“Both random” has ${i`σ`} = 0.05. Larger values add more noise: where ${B} is uniform within ±1/√${R}, as
    PEFT has it without a zero, the error begins at 4 and is still above 1 after 20 steps.`,
};

/** A gradient norm of the run at a step, as its chart prints it; a dash before that. */
const liveNorm = (name: 'gradNormA' | 'gradNormB', step: number) =>
  live((s) => {
    const value = shownNorms(s)[name].at(step);
    return value === undefined ? '–' : number(value, 2);
  });

const unchanged: Step = {
  title: 'B = 0: nothing changes at first',
  link: TWO_STEPS,
  begins: 'untrained',
  shows: [LAB.B, LAB.gradients],
  Text: prose`
    With ${B_ZERO}, ${DW} = ${S}·${B}·${A} is zero, whatever ${A} holds: the layer returns exactly ${W0}${i`x`}.

    The two ${term('gradient', 'gradients')} contain each other’s factor. With the error ${i`E`} = ${DW} − ${DWT}:

    ${formula('∂L/∂A = s·Bᵀ·E')}

    ${formula('∂L/∂B = s·E·Aᵀ')}

    So with ${B_ZERO} the gradient of ${A} is exactly zero, and that of ${B} is not: ${A} is random. The first step moves
    only ${B}. From then on both move.

    ${torchOfInit('kaiming-uniform')}
  `,
  act: {
    Ask: 'Train 2 steps, and look at the gradient norms.',
    label: 'Train 2 steps',
    does: () => [trainEvent(2)],
    done: (s) => lastStep(s.run) >= 2,
    Seen: text`‖${GRAD_A}‖ was ${liveNorm('gradNormA', 0)} at step 0, ${liveNorm('gradNormA', 1)} at step 1, and is
      ${liveNorm('gradNormA', 2)} now. ‖${GRAD_B}‖ began at ${liveNorm('gradNormB', 0)} and is
      ${liveNorm('gradNormB', 2)}.`,
  },
};

const dead: Step = {
  title: 'Dead starts',
  link: DEAD_INIT,
  begins: 'trained',
  figure: { place: 'charts', Figure: WidenedFigure },
  Text: prose`
    If ${A} is zero as well, nothing ever moves: each gradient is zero because of the other factor. On screen are 300
    steps of such a ${term('dead start')}.

    The same trap waits when the rank is raised during training. Zeros in the new rows of ${A} and columns of ${B} never
    train: the black curve stays at ${number(RECORDED.widened.floors[0])}, the floor of rank 2. Random rows and zero
    columns train: the error falls to ${number(RECORDED.widened.floors[1])}, the floor of rank 4.
  `,
  act: {
    Ask: text`Bring the run on screen to life: make ${A} random.`,
    label: 'A random, B zero',
    does: trainEvents({ init: 'kaiming-uniform' }),
    done: (s) => s.run.experiment.init !== 'both-zero' && isEnded(s),
    Seen: text`The owl has its sunglasses: the error is ${ERROR}. One random factor is enough.`,
  },
};

const variance: Step = {
  title: 'How large is a random B·A?',
  figure: { place: 'lab', Figure: ProductsFigure },
  Text: prose`
    Let both factors be random, with independent entries of mean 0 and variance ${i`σ`}² (no singular value here). An
    entry of ${B}·${A} is a sum of ${R} products, each of variance ${i`σ`}²·${i`σ`}². They add up:

    ${formula('V = r·σ⁴')}

    Here both are drawn with ${i`σ`} = 0.5. Twice the rank makes twice the variance; half of ${i`σ`} makes a sixteenth.

    At rank 1 the entries do not form a bell: most are near 0, a few are large. More products come nearer to one.
  `,
  act: {
    Ask: 'Choose rank 64, and draw a few times.',
    Control: (
      <>
        <Pick label="Rank of the draws" of={DRAWN_RANK} options={{ 1: 'r = 1', 4: '4', 16: '16', 64: '64' }} />
        <RedrawButton of={DRAW} />
      </>
    ),
    done: (_, values) => valueIn(values, DRAWN_RANK) === '64' && valueIn(values, DRAW) > 1,
    Status: <VarianceStatus />,
    Seen: text`${<VarianceStatus />}. A start that is harmless at rank 4 is four times as loud at rank 64, in standard
      deviation.`,
  },
};

const length: Step = {
  title: 'How long is Ax?',
  figure: { place: 'lab', Figure: LengthsFigure },
  Text: prose`
    ${A} squeezes an input ${i`x`} into ${R} numbers. If its entries have variance ${i`v`}, each of these adds
    ${i`v`}·‖${i`x`}‖² to the squared length, on average:

    ${formula('mean of ‖A·x‖² = r·v·‖x‖²')}

    With variance 1/${R}, as in the ${term('Gaussian')} initialisation, that is ‖${i`x`}‖² at every rank. With
    ${term('Kaiming', 'Kaiming’s')} 1/(3${i`k`}) it grows with the rank.

    That is not better by itself: the gradient of ${B} is proportional to ${S} times the length of ${A}${i`x`}.
    Under ${ALPHA}/${R} it falls as 1/${R} for Gaussian, and only as 1/√${R} for Kaiming.
  `,
  act: {
    Ask: 'The dots are drawn on this page. Draw again: how far do they stray?',
    Control: <RedrawButton of={LENGTHS} />,
    done: (_, values) => valueIn(values, LENGTHS) > 1,
    Seen: 'Not far from the dashed lines, in both cases: the formulas hold on average, and the draws are many.',
  },
  Limits: text`PEFT calls something else Gaussian: entries of standard deviation 1/${R}, so variance 1/${R}². There the
    average of ‖${A}${i`x`}‖² falls as 1/${R}.`,
};

const zeros: Step = {
  title: 'Where the zero goes',
  figure: { place: 'lab', Figure: ZerosFigure },
  Text: prose`
    ${A_ZERO} with ${B} random keeps the output just as well. Then ${A} has the first gradient.

    With ${B_ZERO} and ${A} of variance 1/${i`k`}, SGD trains at a rate of 0.2. With ${A_ZERO} and ${B} of variance 1/${R} it
    diverges above 0.05, where its error is 19 times the floor.

    But the third row, ${B_ZERO} with ${A} of variance 1/${R}, has the same limit. So the variance matters here, not which
    factor is zero.
  `,
  act: {
    Ask: 'Point at the best rate of the first row, and compare the two rows below.',
    done: (_, values) => {
      const [rate, row] = valueIn(values, POINTED_CELL) ?? [];
      return rate === 5 && row === 0;
    },
    Status: 'The best cell has a frame.',
    Seen: 'At a rate of 0.2 this run is at its floor. The other two have diverged there.',
  },
  Limits: text`One target and SGD. The paper that compares the two sides (arXiv 2406.08447) finds on language models
    that larger rates are possible with ${B_ZERO}. That is not shown here.`,
};

/** What each initialisation is made from, and its lowest error on the picture at rank 8. */
const MADE_FROM = [
  ['LoRA-GA', text`the first gradient`, '0.106'],
  ['Kaiming', text`random ${A}, ${B_ZERO}`, '0.172'],
  ['MiLoRA', text`smallest directions of ${W0}`, '0.250'],
  ['PiSSA', text`largest directions of ${W0}`, '0.843'],
  ['OLoRA', text`columns of ${i`Q`}, rows of ${i`R`}: ${W0} = ${i`QR`}`, '0.916'],
  ['CorDA', text`directions of ${W0} that matter for the inputs`, ''],
  ['EVA', text`main directions of the inputs in ${A}, ${B_ZERO}`, ''],
  ['MiCA', text`smallest directions of ${W0} in a frozen ${B}`, ''],
] as const;

const informed: Step = {
  title: 'Data-driven initialisations',
  figure: { place: 'lab', Figure: FloorsFigure },
  Text: (
    <>
      {prose`
        Newer initialisations look at ${W0}, at the inputs, or at the first gradient.

        ${(
          <DataTable
            className="numbers"
            rows={MADE_FROM}
            columns={[
              { key: 'init', head: 'initialisation', cell: ([init]) => term(init) },
              { key: 'from', head: 'made from', cell: ([, from]) => from },
              { key: 'floor', head: 'lowest error', cell: ([, , floor]) => floor || '–' },
            ]}
          />
        )}

        PiSSA, MiLoRA, OLoRA, CorDA and LoRA-GA move a part of ${W0} into ${B}·${A}, which they must give back: each has a
        floor of its own, the lowest error above (the picture, rank 8). LoRA-GA gains by it.

        If the target lies along the large directions of ${W0}, PiSSA is far ahead after 10 steps: 0.067 against 0.651 for
        Kaiming. If not, it never gets below 0.843.

        ${torchOfInit('pissa')}
      `}
      <InitsLink />
    </>
  ),
  Limits: text`On a matrix target the inputs are white: CorDA is PiSSA then, and EVA is not possible. On language
    models, with the learning rate tuned for each, such initialisations ended about level with the usual one (arXiv
    2602.04998). That is not shown here.`,
};

const questions: Step = {
  title: 'Questions',
  link: STUCK_PISSA,
  begins: 'trained',
  Text: prose`Four questions on the text, and one that the lab answers. Its run is on screen.`,
  act: {
    Ask: 'For the last question, choose an initialisation here. The run starts again by itself.',
    Control: (
      <InitChoice options={['pissa', 'olora', 'milora', 'both-zero', 'kaiming-uniform', 'symmetric', 'init-b']} />
    ),
    done: (s) => s.run.experiment.init !== 'pissa' && isEnded(s),
    Seen: text`The error is now ${ERROR}.`,
  },
  questions: [
    {
      kind: 'choice',
      Ask: text`Why is the gradient of ${A} exactly zero at step 0?`,
      right: 'Because B = 0',
      options: {
        'Because A is random': 'A does not stand in its own gradient, s·Bᵀ·E. Which factor does?',
        'Because B = 0': 'The gradient of A is s·Bᵀ·E, and B is zero.',
        'Because W₀ is frozen': 'W₀ stays frozen throughout, and A has a gradient from step 1 on.',
      },
    },
    {
      kind: 'number',
      Ask: text`${A} and ${B} are random with ${i`σ`} = 0.1, and ${R} = 16. What is the variance of an entry of
        ${B}·${A}?`,
      answer: () => 0.0016,
      within: 1e-6,
      hint: 'r·σ⁴: what is 0.1 to the fourth power?',
      why: (given) =>
        Math.abs(given - 0.16) < 1e-9 ? 'That is r·σ². Each product has variance σ²·σ².' : 'Multiply r by σ⁴.',
      shown: () => '16 · 0.0001 = 0.0016.',
    },
    {
      kind: 'choice',
      Ask: text`During training you raise the rank from 4 to 8. What do you put into the new rows of ${A} and the new
        columns of ${B}, so that ${DW} stays and they can train?`,
      right: 'Random numbers into A, zeros into B',
      options: {
        'Zeros into both': 'Then the new directions are dead: each gradient waits for the other factor.',
        'Random numbers into A, zeros into B': 'ΔW stays as it is, and the new columns of B have a gradient at once.',
        'Random numbers into both': 'They would train, but ΔW changes at once: what was learned is disturbed by noise.',
      },
    },
    {
      kind: 'choice',
      Ask: text`Kaiming’s initialisation, and four times the rank. What happens to the average of ‖${A}${i`x`}‖²?`,
      right: 'It is four times as large',
      options: {
        'It stays': 'That holds for entries of variance 1/r. Kaiming’s have 1/(3k), whatever the rank.',
        'It is doubled': 'The length is doubled, its square grows fourfold.',
        'It is four times as large': 'r·v·‖x‖² with v = 1/(3k): it grows with r.',
      },
    },
    {
      kind: 'lab',
      Ask: 'PiSSA is stuck at 0.843 here. Find a start with a zero in it that gets below 0.05 in 300 steps.',
      link: STUCK_PISSA,
      check: checkInit,
      hint: 'Which ones leave W₀ as it is, and have one random factor?',
    },
  ],
  Foot: inShort(
    text`${b`${B_ZERO}:`} the layer is unchanged at step 0, and ${B} trains at once. With Adam that hardly costs time,
      with SGD it costs some.`,
    text`${b`Two zeros`} never move, not even when the rank is raised.`,
    text`${b`Both random:`} noise of variance ${R}·${i`σ`}⁴ that has to be unlearned.`,
    text`${b`Data-driven starts`} are only as good as what they are computed from. Those that take a part of ${W0} have
      a floor of their own.`,
  ),
};

export function checkInit(s: State): Judgement {
  const { experiment: e, trace } = s.run;
  const { label, filling } = inits.byName(e.init);
  const error = trace.series.relativeError?.[lastStep(s.run)];
  if (!isEnded(s) || error === undefined) return wrong('Let the run come to its end first.');
  const found = `${label}: the error is ${number(error)}.`;
  if (filling.A === 'zero' && filling.B === 'zero') return wrong(`${found} Two zeros never move.`);
  if (filling.A !== 'zero' && filling.B !== 'zero')
    return wrong(`${found} Neither factor is zero here. Try one where one is.`);
  if (error < 0.05) return correct(`${found} It took nothing from W₀, so it has nothing to give back.`);
  return wrong(`${found} One factor is zero, but 300 steps are not enough here.`);
}

export const lesson: Lesson = {
  name: 'starts',
  steps: [cost, unchanged, dead, variance, length, zeros, informed, questions],
};
