import { leastOf } from '../../experiment/settings/rate.ts';
import './gradients.css';
import { count, number } from '../../experiment/numbers.ts';
import { shownNorms } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { InitChoice } from '../figures/figures.tsx';
import { A, B, DW, DWT, formula, GRAD_A, GRAD_B, i, live, mark, prose, R, S, term, text, W0 } from '../pane/prose.tsx';
import { valueIn } from '../pane/values.tsx';
import { correct, isEnded, LAB, type Lesson, type Step, trainEvents, wrong } from '../step.tsx';
import { A_DERIVATION, B_DERIVATION, Derivation, FirstUpdates, figureAt, InlineProduct } from './derivation.tsx';
import { ADAM_RUN, ALL_INPUTS, INPUT, LIVE_PLACE, ONE_SAMPLE, TRUE_RANK } from './values.ts';

/** Multiplications of both gradients of one input, without s: δzᵀ, Bᵀδ, and (Bᵀδ)xᵀ. */
const backwardCost = (d: number, k: number, r: number) => 2 * d * r + r * k;

const derivationSteps: readonly Step[] = [
  {
    title: 'Does W₀ matter?',
    link: TRUE_RANK,
    begins: 'trained',
    marks: [LAB.W0],
    chart: 'gradients',
    Text: prose`
      In the lab ${DW} = ${S}·${B}·${A} learns a target. At every step two ${term('gradient', 'gradients')} move ${A}
      and ${B}; the chart shows their norms.

      Suppose that ${W0} ${mark(1)} is replaced by a very different matrix of the same size: a few directions become
      strong, the others weak. The target stays the same, and so do the first ${A} and ${B}.
    `,
    guess: {
      name: 'base',
      Ask: 'What happens to the two curves?',
      options: {
        larger: 'Both gradients become larger',
        A: 'Only the gradient of A changes',
        same: 'Nothing at all',
        other: 'Both curves look different',
      },
      Result: () => prose`Nothing at all: every number of both curves is the same, to the last bit. ${W0} is in neither
        gradient. The next steps derive them; try it here first.`,
    },
    act: {
      Ask: text`Replace ${W0} and train again. The curves of the previous run stay behind the new ones.`,
      label: 'Replace W₀',
      does: trainEvents({ base: 'decay' }),
      done: (s) => s.run.experiment.base === 'decay' && isEnded(s),
      Seen: text`${W0} is another matrix now. Both gradient curves, and the error with them, lie exactly on those of the
        previous run.`,
    },
    Limits: text`This loss asks for ${DW} alone. In a network ${W0} shapes the outputs, and through them ${i`δ`}; that
      is the only way in which it reaches the two gradients.`,
  },
  {
    title: 'The gradient of B, line by line',
    link: ONE_SAMPLE,
    begins: 'trained',
    figure: figureAt({ stage: 'h', product: 3 }),
    Text: prose`
      The picture is one training step: a sample ${i`x`} goes forward, by ${i`z`} = ${A}${i`x`} to ${i`h`}, and ${i`δ`} =
      ${i`h`} − ${i`y`} says how wrong each output is. The loss is ${i`L`} = ½‖${i`h`} − ${i`y`}‖².

      ${<Derivation lines={B_DERIVATION} stage="gradB" />}

      The buttons below the picture lead through the stages; “Play slowly” makes the run’s next step.
    `,
    act: {
      Ask: text`Go to the stage ${GRAD_B}.`,
      done: (_, values) => valueIn(values, LIVE_PLACE)?.stage === 'gradB',
      Seen: text`${i`δ`} stands left of ${GRAD_B}, ${i`z`} above it: each cell is where its two factors cross.`,
    },
  },
  {
    title: 'How wrong times how active',
    link: ONE_SAMPLE,
    begins: 'trained',
    figure: figureAt({ stage: 'gradB', product: 12 }),
    Text: prose`
      ${i`δᵢ`} says how wrong output ${i`i`} was, ${i`zⱼ`} how active ${term('channel')} ${i`j`}. The gradient of ${B} is
      nothing but their products. An output that was right, or a channel that was silent, moves nothing.

      So the factors have different jobs. ${A} decides ${i`what`} of the input counts: row ${i`j`} is what channel
      ${i`j`} listens to. ${B} decides ${i`where`} the output moves: column ${i`j`} is the direction in which channel
      ${i`j`} pushes it.
    `,
    act: {
      Ask: text`Point at any other cell of ${GRAD_B}, or use the arrow keys. Predict its sign first.`,
      done: (_, values) => {
        const place = valueIn(values, LIVE_PLACE);
        return place?.stage === 'gradB' && place.product !== 12;
      },
      Control: <InlineProduct stage="gradB" />,
      Seen: text`Two signs that agree give a positive entry, and SGD then makes that number of ${B} smaller.`,
    },
    Limits: text`One sample per step here: 16 numbers in ${i`δ`} and 4 in ${i`z`} make all 64 entries. With a batch, the
      products are averaged.`,
  },
  {
    title: 'The gradient of A goes through B',
    link: ONE_SAMPLE,
    begins: 'trained',
    figure: figureAt({ stage: 'gradA', product: 0 }),
    Text: prose`
      ${A} acts on the outputs only through ${B}. So on its way back ${i`δ`} passes ${B}ᵀ, and 16 numbers become 4.

      ${<Derivation lines={A_DERIVATION} stage="gradA" />}

      The part of ${i`δ`} at right angles to all columns of ${B} never reaches ${A}. Each row of ${GRAD_A} is a multiple of
      ${i`x`}: ${A} can only learn to listen to inputs that it has met.
    `,
    act: {
      Ask: text`Walk along a row of ${GRAD_A} and compare it with ${i`x`} below it.`,
      done: (_, values) => (valueIn(values, LIVE_PLACE)?.product ?? 0) > 0,
      Control: <InlineProduct stage="gradA" />,
      Seen: text`Each row is ${i`x`} times one number: ${S}·(${B}ᵀ${i`δ`})${i`ⱼ`}.`,
    },
  },
  {
    title: 'What it costs, and a check',
    link: ONE_SAMPLE,
    begins: 'trained',
    figure: figureAt({ stage: 'gradB', product: 0 }),
    Text: prose`
      For one input the two gradients take 2${R}${i`d`} + ${R}${i`k`} multiplications, full fine-tuning ${i`dk`}. In a
      layer with 4,096 rows and columns and ${R} = 16 it is ${count(backwardCost(4096, 4096, 16))} against
      ${count(4096 * 4096)}.

      From the forward pass only ${i`x`} and ${i`z`} have to be kept for this.

      Is the formula right? Below the picture every entry is compared with ${term('central differences')}: it is moved up
      and down by 10⁻⁴, and the two losses are compared.
    `,
    act: {
      Ask: text`Compare both gradients: look at ${GRAD_B}, then go to the stage ${GRAD_A}.`,
      done: (_, values) => valueIn(values, LIVE_PLACE)?.stage === 'gradA',
      Seen: 'Both agree in all 64 entries, as far as rounding allows.',
    },
    Limits: text`LoRA does not save all of the backward pass: for the layers below, ${i`δ`} still goes back through
      ${W0}, which takes ${i`dk`} multiplications.`,
  },
  {
    title: 'A batch takes the mean',
    link: ALL_INPUTS,
    begins: 'trained',
    figure: figureAt({ stage: 'gradB', product: 0 }),
    Text: prose`
      With ${i`n`} inputs as the columns of ${i`X`}, and their ${i`δ`} as columns too, the products add up. The loss is a
      mean, so the sums are divided by ${i`n`}.

      ${formula('∂L/∂B = (s/n)·δ·(A·X)ᵀ')}

      ${formula('∂L/∂A = (s/n)·Bᵀ·δ·Xᵀ')}

      This target is a matrix: its loss ½‖${DW} − ${DWT}‖² is a mean over inputs that are equally strong in all directions.
      Their products ${i`x`}·${i`x`}ᵀ average to the identity, and ${i`X`} disappears. With ${i`E`} = ${DW} − ${DWT} the
      gradients are ${S}·${i`E`}·${A}ᵀ and ${S}·${B}ᵀ·${i`E`}. The picture shows one such input.
    `,
    act: {
      Ask: text`Press “Another input” a few times. The gradients differ from input to input; the chart, which has the
        means, does not.`,
      done: (_, values) => valueIn(values, INPUT) > 0,
      Seen: text`Each input pulls ${A} and ${B} its own way. What they have in common is left in the mean.`,
    },
  },
];

const RATE = live(({ run }) => (run.rate === null ? '–' : number(leastOf(run.rate), 2)));

const dynamicsSteps: readonly Step[] = [
  {
    title: 'Who moves first?',
    link: TRUE_RANK,
    begins: 'trained',
    marks: [LAB.gradients, LAB.course],
    Text: prose`
      ${GRAD_B} contains ${A}, and ${GRAD_A} contains ${B}: each factor learns through the other one.

      Here ${B} starts at zero. So ${GRAD_A} is exactly zero at first, and ${B} moves alone. One update later the norm of
      ${GRAD_A} is 0.362 ${mark(1)}; from step 3 on it is the larger of the two.

      The target has true rank 8. There the run ends at an error of 0.0433 ${mark(2)}, as low as that rank gets: what is
      left is noise.
    `,
    act: {
      Ask: text`Let ${A} start at zero and ${B} at random numbers instead. Which curve starts at zero now?`,
      label: 'Start with A = 0',
      does: trainEvents({ init: 'init-b' }),
      done: (s) => s.run.experiment.init === 'init-b' && isEnded(s),
      Seen: text`Now ${GRAD_B} is exactly zero at step 0, and ${A} moves first. This run learns more slowly, for another
        reason: ${B} starts with larger numbers than ${A} did, so the automatic rate is ${RATE} instead of 0.16.`,
    },
    Limits: text`With ${A} = 0 and ${B} = 0 both gradients are zero, and they stay zero for ever: the experiment “Dead
      start”.`,
  },
  {
    title: 'The first steps under Adam',
    link: ADAM_RUN,
    begins: 'trained',
    shows: [LAB.gradients],
    Text: prose`
      With SGD a small gradient makes a small step. ${term('Adam')} divides the gradient of each entry by its recent size. In the first step that is its own size, so every entry of ${B} moves by the rate,
      however small its gradient is.

      The gradient of ${A} is zero, and even Adam leaves ${A} where it is. In the second step it moves by 0.744 times the
      rate per entry: Adam’s means still remember the zero.

      ${<FirstUpdates />}
    `,
    act: {
      Ask: text`In the first step each of the 512 entries of ${B} moves by the rate: 0.015·√512 = 0.339 in all. Train the same
        with SGD and look at the table again.`,
      label: 'Train with SGD',
      does: trainEvents({ opt: 'sgd', lr: null }),
      done: (s) => s.run.experiment.opt === 'sgd' && isEnded(s),
      Seen: text`Now each update is the gradient before it times the rate. ${A} waits for one step here too, and then
        moves in small steps that grow.`,
    },
    Limits: text`0.744 holds for gradients well above 10⁻⁸. Smaller ones move less, as the 10⁻⁸ in Adam’s denominator
      then counts.`,
  },
];

const quiz: Step = {
  title: 'Questions',
  chart: 'gradients',
  Text: prose`Three questions on the text, and one that the lab answers.`,
  act: {
    Ask: 'For the last question, choose an initialisation here. The run starts again by itself.',
    Control: <InitChoice options={['kaiming-uniform', 'symmetric', 'both-zero', 'init-b']} />,
    done: (s) => s.run.experiment.init !== 'kaiming-uniform' && isEnded(s),
    Seen: text`The gradient of ${A} at step 0 is ${live((s) => number(initialGradientNorms(s)?.A ?? 0))}, that of ${B}
      ${live((s) => number(initialGradientNorms(s)?.B ?? 0))}.`,
  },
  questions: [
    {
      kind: 'choice',
      Ask: text`Output ${i`i`} is exactly right for an input: ${i`δᵢ`} = 0. What does this input do to ${B}?`,
      right: 'It leaves row i alone',
      options: {
        'It leaves row i alone': 'Row i of ∂L/∂B has δᵢ as a factor in every column.',
        'It leaves column i alone': 'Columns belong to channels: column j has zⱼ as a factor.',
        'It leaves all of B alone': 'The other rows have factors of their own.',
      },
    },
    {
      kind: 'number',
      Ask: text`A layer has 256 inputs and 512 outputs, and ${R} = 8. How many numbers of the forward pass have to be
        kept for each input, so that both gradients follow from them and ${i`δ`}?`,
      answer: () => 256 + 8,
      within: 0.5,
      why: (given) =>
        given === 256
          ? 'x is one part. ∂L/∂B needs something else from the forward pass.'
          : given > 264
            ? 'Less is enough: which numbers of the forward pass stand in the two formulas?'
            : 'More is needed: look for both numbers of the forward pass in the two formulas.',
      hint: '∂L/∂B = s·δzᵀ and ∂L/∂A = s·(Bᵀδ)xᵀ: what of the forward pass is in them, and how long is it?',
      shown: (right) => `x and z: 256 + 8 = ${right}.`,
    },
    {
      kind: 'choice',
      Ask: text`${B} = 0, Adam, rate 0.01. How far does an entry of ${A} move in the first step?`,
      right: 'Not at all',
      options: {
        '0.01': 'That is what an entry with a gradient moves by. The gradient of A is zero here.',
        '0.00744': 'That is the second step, when the gradient is there but the means remember a zero.',
        'Not at all': 'Its gradient is exactly zero, and 0/(0 + 10⁻⁸) = 0.',
      },
    },
    {
      kind: 'lab',
      Ask: text`Choose an initialisation for which at step 0 the gradient of ${B} is exactly zero and that of ${A} is
        not.`,
      link: TRUE_RANK,
      check: (state) => {
        const start = initialGradientNorms(state);
        if (!start) return wrong('There are no gradients yet: train a run first.');
        if (start.B === 0 && start.A > 0) return correct('∂L/∂B contains A, and A is zero at the start of this run.');
        if (start.A === 0 && start.B === 0) return wrong('Both are zero now: this run can never move.');
        return wrong(
          start.A === 0 ? 'Here it is A whose gradient is zero.' : 'Here both gradients are there at step 0.',
        );
      },
      hint: 'Which factor stands in ∂L/∂B? It has to start at zero.',
    },
  ],
};

/** The norms of both gradients at step 0 of the run on screen; null before that. */
function initialGradientNorms(state: Pick<State, 'run' | 'view'>): { readonly A: number; readonly B: number } | null {
  if (state.run.trace.length === 0) return null;
  const { gradNormA, gradNormB } = shownNorms(state);
  return { A: gradNormA[0], B: gradNormB[0] };
}

export const lesson: Lesson = { name: 'gradients', steps: [...derivationSteps, ...dynamicsSteps, quiz] };
