import './gradients.css';
import { number } from '../../experiment/numbers.ts';
import { shownNorms } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { A, B, GRAD_A, GRAD_B, live, R } from '../pane/parts.tsx';
import { i, mark, prose, term, text } from '../pane/prose.tsx';
import { correct, isEnded, LAB, type Lesson, type Step, trainEvents, wrong } from '../step.tsx';
import { FirstUpdates } from './derivation.tsx';
import { derivationSteps } from './derivation-steps.tsx';
import { ADAM_RUN, TRUE_RANK } from './values.ts';

const GRADIENTS = 'figure[data-chart="gradients"]';

const RATE = live(({ run }) => (run.rate === null ? '–' : number(run.rate, 2)));

const dynamicsSteps: readonly Step[] = [
  {
    title: 'Who moves first?',
    link: TRUE_RANK,
    begins: 'trained',
    shows: [GRADIENTS, LAB.error],
    Text: prose`
      ${GRAD_B} contains ${A}, and ${GRAD_A} contains ${B}. Each factor learns through the other one: their dynamics are
      coupled.

      Here ${B} = 0 at step 0. So the norm of ${GRAD_A} is exactly zero there, and that of ${GRAD_B} is 1.18. ${B} moves
      first. One update later ${GRAD_A} is 0.362 ${mark(1)}; from step 3 on it is the larger of the two.

      This is the experiment with a target of true rank 8. With ${R} = 8 the run ends at an error of 0.0433 ${mark(2)},
      as low as any matrix of rank 8 gets: what is left is noise that was added to the target.
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
    shows: [GRADIENTS],
    Text: prose`
      SGD subtracts the gradient times the rate: a small gradient makes a small step. ${term('Adam')} divides the
      gradient of each entry by its recent size. In the first step that is its own size, so every entry of ${B} moves by
      the rate, 0.015, however small its gradient is. ${B} has 512 entries: it moves by 0.015·√512 = 0.339.

      An entry of ${A} has the gradient 0. Adam moves it by 0.015 · 0/(0 + 10⁻⁸) = 0. So even Adam leaves ${A} where it
      is in the first step.

      In the second step both factors move, but ${A} by 0.744 times the rate per entry: Adam’s means still remember the
      zero.

      ${<FirstUpdates />}
    `,
    act: {
      Ask: 'Train the same with SGD and look at the table again.',
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
  Text: prose`The last one is answered on the lab: “Show all controls” below has the initialisations.`,
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
