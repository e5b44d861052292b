import { number } from '../../experiment/numbers.ts';
import type { State } from '../../state/state.ts';
import { Numeric } from '../../ui/controls/numeric.tsx';
import { Pick } from '../figures/figures.tsx';
import { A, ALPHA, B, b, DW, formula, i, inShort, live, liveError, prose, R, S, term, text } from '../pane/prose.tsx';
import { type LessonValues, valueIn } from '../pane/values.tsx';
import { correct, isEnded, type Judgement, LAB, type Lesson, type Step, trainEvents, wrong } from '../step.tsx';
import {
  HabitTable,
  LargestRates,
  LowRankRates,
  OptimiserFigure,
  PredictionChart,
  recordedError,
  StallFigure,
} from './figures.tsx';
import { ALPHA_AND_RATE, LOW_RANK, OPTIMISER, OPTIMISERS, POINTED_CELL, RECORDED, RULE, SLOW_RUN } from './recorded.ts';

const sgd = (rank: number) => recordedError('sgd', 'standard', rank);

const oneRate: Step = {
  title: 'One rate for every rank?',
  figure: { place: 'lab', Figure: PredictionChart },
  Text: prose`
    LoRA multiplies its product by a number: ${DW} = ${S}·${B}·${A}, usually ${S} = ${ALPHA}/${R}. ${term('α')} is set
    by hand. Dividing by ${R} is meant to keep training steady: tune once, then raise the rank.

    Is it so? The target of steps 1 to 4 is a matrix of 128 × 128 whose singular values fall slowly, as 1/√${i`i`}.
    ${term('SGD')} trains it at one ${term('learning rate')}, 0.05, with ${ALPHA} = 16. The dashed ${term('floor')} falls
    with the rank.
  `,
  guess: {
    name: 'fixed-rate',
    Ask: text`Under ${S} = ${ALPHA}/${R}, what does the error after 100 steps do as the rank rises?`,
    options: {
      falls: 'It falls all the way, like the floor',
      turns: 'It falls at first, then it rises again',
      stays: 'It stays about the same',
    },
    Result: (guess) => prose`
      ${guess === 'turns' && 'You saw it coming. '}It falls to ${sgd(16)} at rank 16. Then it rises, to ${sgd(64)} at
      rank 64, where ${number(RECORDED.floors[4])} is possible.

      The run of the highest rank has hardly begun. The next steps say why, and what to do about it.
    `,
  },
};

const rules: Step = {
  title: 'Three rules, four habits',
  figure: { place: 'lab', Figure: HabitTable },
  Text: prose`
    Three rules are in use: ${ALPHA}/${R}, the original one, ${ALPHA}/√${R}, called ${term('rsLoRA')}, and no rule at
    all, ${S} = 1.

    ${ALPHA} is chosen by habit: as large as ${R}, twice as large, or fixed, usually between 8 and 64. What counts is the
    pair of rule and habit. Under ${ALPHA}/${R}, ${ALPHA} = ${R} always means ${S} = 1, and ${ALPHA} = 2${R} means ${S} = 2:
    the rank cancels. With a fixed ${ALPHA}, ${S} falls as the rank grows.
  `,
  act: {
    Ask: text`Choose ${ALPHA}/√${R}. Which of the lines stays level now?`,
    Control: <Pick label="Rule of the table" of={RULE} options={{ standard: 'α/r', rslora: 'α/√r', none: 's = 1' }} />,
    done: (_, values) => valueIn(values, RULE) === 'rslora',
    Seen: text`None. With ${ALPHA} = ${R}, ${S} is √${R}: it grows to 8 at rank 64. With a fixed ${ALPHA}, ${S} still
      falls, but more slowly: four times the rank halves it; under ${ALPHA}/${R} it would be a quarter.`,
  },
};

const stall: Step = {
  title: 'Why a high rank stalls',
  figure: { place: 'lab', Figure: StallFigure },
  Text: prose`
    At first ${B} and ${DW} are zero, and only ${B} has a ${term('gradient')}:

    ${formula('∂L/∂B = −s·ΔW*·Aᵀ')}

    Each of the ${R} rows of ${A} gives one column of it, so its norm grows as ${S}·√${R}. Under
    ${ALPHA}/${R} it falls, under ${ALPHA}/√${R} it stays level.

    Measured: under ${ALPHA}/${R} the norm at rank 64 is about a quarter of that at rank 4. The first
    step lowers the loss by the rate times its square: about 16 times less, 14 times in this draw.
  `,
  Foot: text`The second figure shows the result after 100 steps. Under ${ALPHA}/√${R} the error falls with every rank, to
    ${recordedError('sgd', 'rslora', 64)} at rank 64.`,
  Limits: text`The slopes hold for rows of ${A} that are equally long at every rank, as in Kaiming’s initialisation.
    Where the entries of ${A} have variance 1/${R}, its rows shrink too, and the norm falls by another √${R}.`,
};

const adam: Step = {
  title: 'With Adam nothing stalls',
  figure: { place: 'lab', Figure: OptimiserFigure },
  Text: prose`${term('Adam', 'The optimiser Adam')} divides each step by the recent size of the gradient. Large or small, an entry of ${B}
    first moves by the learning rate. So a small ${S} makes the gradient of ${B} small, but not its step.`,
  act: {
    Ask: 'Switch to Adam, with the same 100 steps.',
    Control: <Pick label="Optimiser" of={OPTIMISER} options={OPTIMISERS} />,
    done: (_, values) => valueIn(values, OPTIMISER) === 'adam',
    Seen: text`The stall is gone. All three rules end on the floor at every rank, at
      ${recordedError('adam', 'standard', 64)} at rank 64. What looked like a law of the rank was a law of SGD at a
      fixed rate.`,
  },
  Limits: text`This target is linear. The paper on ${ALPHA}/√${R} (arXiv 2312.03732) reports that it helps high ranks of
    a language model, too. That is not shown here.`,
};

const atRank32 = (values: LessonValues) => {
  const [rate, rank, rule] = valueIn(values, POINTED_CELL) ?? [];
  return rank === 5 && rule === 0 ? (rate ?? null) : null;
};
const EDGE = RECORDED.maps.sgd.cells.standard[5].indexOf(null) - 1;

const largest: Step = {
  title: 'The largest learning rate that still trains',
  figure: { place: 'lab', Figure: LargestRates },
  Text: prose`
    Each cell is one SGD run on the picture: its error over the floor. ▲ means
    ${term('diverge', 'diverged')}. The last rate before that edge is within 8% of the best.

    From rank 1 to 32 the largest rate that trains grows 100-fold under ${ALPHA}/${R}, 10-fold under ${ALPHA}/√${R}. Under
    ${S} = 1 it lies at 1 at every rank.

    So it depends on ${S}, hardly on the rank: with ${S} = 4 it is 0.2, at rank 4 under ${ALPHA}/${R} and at 16 under
    ${ALPHA}/√${R}.
  `,
  act: {
    Ask: text`Point at the largest rate that trains at rank 32 under ${ALPHA}/${R}. The arrow keys move, too.`,
    done: (_, values) => atRank32(values) === EDGE,
    Status: 'The row at the foot of the first panel, just left of ▲.',
    Seen: text`Rate 2. At rank 1 it was 0.02: under ${ALPHA}/${R} and SGD, one rate cannot serve both.`,
  },
  Limits: text`All runs have one seed. With ${S} = 16 the edge lies at 0.02, and with some other seeds at 0.05. With Adam
    nothing diverges up to a rate of 1, at any rank and under any rule: it divides by the size of the gradient.`,
};

const tuned: Step = {
  title: 'Tune at a low rank, then raise it',
  figure: { place: 'lab', Figure: LowRankRates },
  Text: prose`
    Common advice: tune at a low rank, then raise ${R} and keep ${ALPHA} and the rate. Call a rate
    good if the run ends within 10% of the best at its rank.

    With SGD under ${ALPHA}/${R} it is wrong. At rank 4, rates from 0.1 to 0.2 are good; at rank 32, from 1 to 2,
    and 0.2 ends at 2.6 times the error. Under ${ALPHA}/√${R} the good rate doubles from rank 4 to 32. Under ${S} = 1 they
    overlap.
  `,
  act: {
    Ask: 'Switch to Adam. Is there a rate that is good at both ranks?',
    Control: (
      <>
        <Pick label="Optimiser" of={OPTIMISER} options={OPTIMISERS} />
        <Pick label="Tuned at" of={LOW_RANK} options={{ 1: 'rank 1', 4: 'rank 4', 8: 'rank 8' }} />
      </>
    ),
    done: (_, values) => valueIn(values, OPTIMISER) === 'adam',
    Seen: text`Yes, under every rule: 0.02 is good at all six ranks. So the advice is right with Adam. With SGD it needs
      ${S} = 1 here, or a new search at the high rank.`,
  },
  Limits: text`The picture, one seed, 100 steps, ${ALPHA} = 16. At rank 32 that is too few steps to reach its floor,
    unlike that of the target of steps 1 to 4, so a good rate there is a fast one.`,
};

const togetherIs = (s: State) => s.run.experiment.alpha === 32 && s.run.experiment.lr === 0.0125 && isEnded(s);

const together: Step = {
  title: 'α and the rate act together',
  link: ALPHA_AND_RATE,
  begins: 'trained',
  shows: [LAB.dW],
  Text: prose`
    ${ALPHA} and the rate do almost the same thing: tune one of them. Under SGD the first step changes ${DW} in
    proportion to the rate times ${S}²: ${S} counts once in the gradient of ${B}, and once more when ${DW} is formed.
    Under Adam it is the rate times ${S}.

    So doubling ${ALPHA} does to the first step what four times the rate does with SGD, and twice the rate with Adam.
  `,
  act: {
    Ask: text`On screen is SGD with ${ALPHA} = 16 at a rate of 0.05. Double ${ALPHA} and take a quarter of the rate.`,
    label: 'Set α = 32 and rate 0.0125',
    does: trainEvents({ alpha: 32, lr: 0.0125 }),
    done: togetherIs,
    Seen: text`After one step the error is ${liveError(1)}, just as before. After 100 steps it is ${liveError(100)}
      instead of 0.351: the first steps agree, the runs do not.`,
  },
  Limits: text`For the whole run there is an exact rule. Under SGD, multiplying ${S} by ${i`c`} is the same as multiplying
    the rate by ${i`c`} and making the first ${A} √${i`c`} times as long. Under Adam, rate and first ${A} are both
    multiplied by √${i`c`}, as far as its small ε does not matter.`,
};

const questions: Step = {
  title: 'Questions',
  link: SLOW_RUN,
  begins: 'trained',
  Text: prose`Four questions on the text, and one that the lab answers. Its run is on screen.`,
  act: {
    Ask: text`For the last question: SGD at a rate of 0.1, rank 32, ${S} = ${ALPHA}/${R}. Change ${ALPHA} here.`,
    Control: <Numeric of="alpha" />,
    done: (s) => s.run.experiment.alpha !== 16 && isEnded(s),
    Seen: text`${S} is now ${live(({ run }) => number(run.experiment.alpha / run.experiment.rank))}.`,
  },
  questions: [
    {
      kind: 'number',
      Ask: text`${ALPHA} = 2${R} under ${S} = ${ALPHA}/${R}. What is ${S} at rank 32?`,
      answer: () => 2,
      within: 0,
      hint: 'Put α = 2r into α/r.',
      why: (given) =>
        given === 64 ? 'That is α. Divide it by r.' : 'α is twice the rank, and s divides it by the rank again.',
      shown: () => 's = 2r/r = 2, at every rank.',
    },
    {
      kind: 'choice',
      Ask: text`SGD, ${S} = ${ALPHA}/${R}, ${ALPHA} = 16, a rate that suits rank 4. You raise the rank to 64 and change
        nothing else. What do you see?`,
      right: 'The error falls much more slowly.',
      options: {
        'The run diverges.':
          'The largest rate that trains grows with the rank under α/r: the old rate is safe, and too small.',
        'The error falls much more slowly.':
          'B’s first gradient is about a quarter of what it was, and the first step lowers the loss far less.',
        'The error ends lower, at the floor of rank 64.':
          'It could, after many more steps or at a larger rate. In the same steps it hardly begins.',
      },
    },
    {
      kind: 'number',
      Ask: text`${ALPHA} = 16 under ${ALPHA}/√${R}. What is ${S} at rank 64?`,
      answer: () => 2,
      within: 0,
      hint: 'What is the square root of 64?',
      why: (given) => (given === 0.25 ? 'That is α/r. Take the root of the rank first.' : 'Divide α by √64.'),
      shown: () => 's = 16/√64 = 16/8 = 2.',
    },
    {
      kind: 'choice',
      Ask: text`You train with SGD and double ${ALPHA}. Which rate keeps the first step of ${DW} as it was?`,
      right: 'A quarter of it',
      options: {
        'Half of it': 'That is right for Adam. Under SGD s counts twice: in the gradient and in ΔW.',
        'A quarter of it': 'The first step goes with the rate times s², and s² has grown fourfold.',
        'The same one': 'Then the first step is four times as large.',
      },
    },
    {
      kind: 'lab',
      Ask: text`Get the run below an error of 0.15 in 100 steps, by ${ALPHA} alone.`,
      link: SLOW_RUN,
      check: checkAlpha,
      hint: 'Which s has its edge of divergence near a rate of 0.1? Look at the map of step 5.',
    },
  ],
  Foot: inShort(
    text`What counts is ${S}, and the rule and your choice of ${ALPHA} set it.`,
    text`${b`SGD:`} the rate that trains follows ${S}. After a change of rank or ${ALPHA}, tune it again.`,
    text`${b`Adam:`} one rate serves all ranks here, whatever the rule.`,
  ),
};

export function checkAlpha(s: State): Judgement {
  const { experiment: e, trace, status } = s.run;
  const error = trace.series.relativeError?.[100];
  if (e.lr !== 0.1 || e.rank !== 32 || e.opt !== 'sgd' || e.scaling !== 'standard' || e.steps !== 100)
    return wrong('Something else than α was changed. Set up the lab again.');
  if (status === 'diverged') return wrong(`It diverged: s = ${number(e.alpha / 32)} is too large for a rate of 0.1.`);
  if (!isEnded(s) || error === undefined) return wrong('Let the run come to its end first.');
  if (error < 0.15)
    return correct(
      `The error is ${number(error)}, with s = ${number(e.alpha / 32)}: α has done what a larger rate would do.`,
    );
  return wrong(`The error is ${number(error)}. A larger s makes larger steps.`);
}

export const lesson: Lesson = {
  name: 'scaling',
  steps: [oneRate, rules, stall, adam, largest, tuned, together, questions],
};
