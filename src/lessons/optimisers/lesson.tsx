import { number } from '../../experiment/numbers.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import type { State } from '../../state/state.ts';
import { Numeric } from '../../ui/controls/numeric.tsx';
import { Pick } from '../figures/figures.tsx';
import { A, ALPHA, B, b, DW, DWT, ERROR, formula, i, inShort, prose, R, S, term, text } from '../pane/prose.tsx';
import { valueIn } from '../pane/values.tsx';
import { correct, errorAt, isEnded, type Judgement, type Lesson, type Step, wrong } from '../step.tsx';
import {
  BestFigure,
  DialFigure,
  FirstStepFigure,
  FloorFigure,
  LengthFigure,
  NearFigure,
  OrderFigure,
} from './figures.tsx';
import { DIAL_OPTIMISER, EDGE_RUN, FIRST_OPTIMISER, ORDER_RANK, SIGN_RATE } from './runs.ts';

const length: Step = {
  title: 'How long is a step?',
  figure: { place: 'lab', Figure: LengthFigure },
  Text: prose`
    An optimiser makes steps out of gradients. ${term('SGD')} takes the gradient times the rate. ${term('Adam')} divides
    each entry by its recent size. ${term('signSGD')} keeps the sign of each entry and nothing else. ${term('Muon')} makes
    all singular values of a factor’s step about 1.

    So a rate means two things: for SGD it is a factor, for the others about the length of a step. Here ${A} and ${B}
    learn the owl’s sunglasses, and the ${term('gradient', 'gradients')} fall as the error does.
  `,
  guess: {
    name: 'length',
    Ask: text`SGD, Adam, signSGD and Muon each train ${A} and ${B} for 100 steps. Whose steps are much shorter at the end
      than at the beginning?`,
    options: {
      all: 'Those of all four',
      sgd: 'Those of SGD alone',
      two: 'Those of SGD and of Adam',
    },
    Result: (guess) => prose`
      ${guess === 'two' && 'Yes. '}SGD’s last step is 21 times shorter than its first. Those of signSGD and Muon are as
      long as before, so they cannot come to rest: ${A} and ${B} circle around the floor.

      Adam is between the two. As long as a gradient keeps its sign, an entry moves by about the rate. Near the floor the
      signs alternate and cancel in Adam’s average: its last step is 18 times shorter than its first.
    `,
  },
  Limits: 'At a fixed rate. In practice the rate falls towards the end of training, and all steps with it.',
};

const first: Step = {
  title: 'The first step, by rank',
  figure: { place: 'lab', Figure: FirstStepFigure },
  Text: prose`
    With ${B} = 0 and entries of variance ${i`v`} in ${A}, the length of the first step of ${DW} is known before the run.
    For SGD it is about

    ${formula('lr·s²·v·‖ΔW*‖·√(r·k)')}

    and for Adam, whatever the target,

    ${formula('lr·s·√(d·v·r·k)')}

    One rate for all ranks: under ${ALPHA}/${R} SGD’s first step is 58 times shorter at rank 16 than at rank 1.
  `,
  act: {
    Ask: 'Switch to Adam. Under which rule is the first step about as long at all ranks?',
    Control: <Pick label="Optimiser of the first step" of={FIRST_OPTIMISER} options={{ sgd: 'SGD', adam: 'Adam' }} />,
    done: (_, values) => valueIn(values, FIRST_OPTIMISER) === 'adam',
    Seen: text`Under ${ALPHA}/√${R}, up to about rank 16. Under ${ALPHA}/${R} it becomes 3.7 times shorter from rank 1 to
      16. Adam divides the gradient’s size away, and with it one ${S} of the two.`,
  },
  Limits: text`A length is not yet progress. On average over draws of ${A}, the step points along ${DWT}, and under Adam
    that part stays as it is under ${ALPHA}/${R} and grows as √${R} under ${ALPHA}/√${R}.`,
};

const order: Step = {
  title: 'Which direction comes first?',
  figure: { place: 'lab', Figure: OrderFigure },
  Text: prose`
    ${DWT} has the singular values 1, ½, ¼, ⅛ and so on. Under gradient descent a direction grows in proportion to its
    singular value: the largest arrives first, and each further one takes about twice as long, on average.

    Muon gives every direction of a step the same size.
  `,
  guess: {
    name: 'order',
    Ask: 'At rank 16, which of the directions of size 1, ½, ¼ and ⅛ has 90% of its size first under Muon?',
    options: {
      largest: 'The largest, as before',
      together: 'All four at about the same time',
      smallest: 'The smallest',
    },
    Result: (guess) => prose`
      ${guess === 'smallest' && 'Yes. '}The smallest, at step 12, and the largest last, at step 54: all grow alike, and who
      has the shortest way arrives first. With SGD they arrive at steps 10, 16, 42 and 68.
    `,
  },
  act: {
    Ask: 'Choose rank 4. Is the order still the other way round?',
    Control: <Pick label="Rank of both runs" of={ORDER_RANK} options={{ 16: 'r = 16', 4: 'r = 4' }} />,
    done: (_, values) => valueIn(values, ORDER_RANK) === '4',
    Seen: text`No: now the largest is last and the smallest not first. With four rows, ${A} has no room for every
      direction at once, and they get into each other’s way.`,
  },
  Limits: text`One draw. Over five, the two largest come last at rank 16, and at rank 4 no order is the same. Muon’s step is
    orthogonal only about: it brings singular values to between 0.68 and 1.13.`,
};

const dials: Step = {
  title: 'Two factors, one product',
  figure: { place: 'lab', Figure: DialFigure },
  Text: prose`
    Multiply ${A} by 4 and divide ${B} by it: ${DW} stays, and the layer with it. Yet SGD and Adam see another problem: the
    gradient of ${B} grows with ${A}, that of ${A} shrinks with ${B}.

    ${term('ScaledGD')} divides each gradient by the size of the other factor, first that of ${B}:

    ${formula('B ← B − lr·∂L/∂B·(s²·A·Aᵀ)⁻¹')}

    With the new ${B} it does the same for ${A}. A change of size cancels, and so does every invertible matrix between the
    two.
  `,
  act: {
    Ask: 'SGD’s three runs begin with one ΔW. Switch to ScaledGD: how far apart are they then?',
    Control: (
      <Pick
        label="Optimiser of the three runs"
        of={DIAL_OPTIMISER}
        options={{ sgd: 'SGD', adam: 'Adam', scaled: 'ScaledGD', 'lora-pro': 'LoRA-Pro' }}
      />
    ),
    done: (_, values) => valueIn(values, DIAL_OPTIMISER) === 'scaled',
    Seen: text`Not at all: the three curves are one. After 10 steps it is within 5% of the floor. On a matrix its loss
      never rises at a rate below 2, whatever the start; at 2.1 it does.`,
  },
  Limits: text`On one matrix, with the whole loss. In a network batches are noisy, and the second gradient needs a second
    pass. As published (arXiv 2402.02347), both steps are made at once; the sentence is about one after the other.`,
};

const nearest: Step = {
  title: 'The nearest move to full fine-tuning',
  figure: { place: 'lab', Figure: NearFigure },
  Text: prose`
    Full fine-tuning would move ${DW} along the gradient, straight to the target. A small move of ${A} and ${B} cannot: of
    ${DW} it reaches only what lies in the columns of ${B} or in the rows of ${A}.

    ${term('LoRA-Pro')} takes, of all moves of ${A} and ${B}, the one that brings ${DW} nearest to that of full
    fine-tuning. Here 1 is the nearest possible. LoRA-Pro stays there. Adam’s second step has 0.47 of it, SGD’s 0.26.
  `,
  Limits: text`That holds for small steps: LoRA-Pro has a rate of 0.05 here, a sixth of its own. And nearest in one step is not
    soonest at the end: at their own rates ScaledGD is at the floor earlier.`,
};

const floor: Step = {
  title: 'Where it does not matter',
  figure: { place: 'lab', Figure: FloorFigure },
  Text: prose`
    No optimiser changes the ${term('floor')}: the rank sets it, here at 0.168. Given enough steps all get there, or
    close, and the matrices they find are nearly the same ${DW}.

    What differs is the price. Adam keeps two numbers for each trained parameter, Muon and ${term('momentum')} one, the
    others none. Muon’s orthogonal steps nearly double the work here, where a step has no tokens.
  `,
  act: {
    Ask: 'signSGD is left above the floor. Give it a quarter of its rate.',
    Control: <Pick label="Rate of signSGD" of={SIGN_RATE} options={{ automatic: 'automatic', quarter: 'a quarter' }} />,
    done: (_, values) => valueIn(values, SIGN_RATE) === 'quarter',
    Seen: 'Its error falls from 0.201 to 0.172. Steps of a fixed length end in a circle around the floor, and a smaller rate makes the circle smaller.',
  },
  Limits: text`Matrix targets, to which one update is the best. In a network, optimisers can end in different minima. On a
    layer of 4,096 × 4,096 at rank 16, Muon’s steps would add 2.6% without tokens, and with 2,048 of them 0.03%.`,
};

/** What is said, and what the runs show. */
const SAYINGS = [
  ['Muon is always faster.', 'Adam is within 5% of the floor after 55 steps, Muon after 143.'],
  ['LoRA+ always helps.', 'With λ = 16, Adam is not there after 200 steps.'],
  ['SGD diverges above 2/q.', 'At rank 8, 2/q is 0.34, and at 0.46 SGD is at the floor after 300 steps.'],
] as const;

const sayings: Step = {
  title: 'What is often said',
  figure: { place: 'lab', Figure: BestFigure },
  Text: prose`
    Three sentences that one reads, and what runs of this size show. Each rule has its best rate, so that none wins by a
    lucky setting.

    ${(
      <DataTable
        className="numbers sentences"
        rows={SAYINGS}
        columns={[
          { key: 'said', head: 'it is said', cell: ([said]) => said },
          { key: 'here', head: 'here', cell: ([, here]) => here },
        ]}
      />
    )}

    ${term('LoRA+')} trains ${B} with λ times the rate of ${A}. ${i`q`} is the largest curvature along the way, so 2/${i`q`}
    is a safe bound, not the edge.
  `,
  Limits: text`Medians of five draws; on the owl and on a decaying spectrum the order is the same. The papers train language models
    with noisy gradients (Muon, arXiv 2502.16982; LoRA+, arXiv 2402.12354). What holds there is not shown here.`,
};

function checkEdge(s: State): Judgement {
  const { experiment: e } = s.run;
  const lr = Number(e.lr);
  if (e.opt !== 'sgd' || e.rank !== 8 || e.alpha !== 16 || e.ratio !== 1)
    return wrong('Something else than the rate was changed. Set up the lab again.');
  if (s.run.status === 'diverged') return wrong(`At a rate of ${number(lr)} it diverged: that is above the edge.`);
  if (!isEnded(s)) return wrong('Let the run come to its end first.');
  const error = errorAt(s);
  if (lr < 0.36) return wrong(`${number(lr)} is not above 2/q. Go further.`);
  if (error > 0.045) return wrong(`At ${number(lr)} it has not settled: its error is ${number(error)}.`);
  return correct(`At ${number(lr)} it ends at the floor: 2/q is a bound that is safe, and the edge lies higher.`);
}

const questions: Step = {
  title: 'Questions',
  link: EDGE_RUN,
  begins: 'trained',
  Text: prose`Four questions on the text, and one that the lab answers. Its run is on screen.`,
  act: {
    Ask: 'For the last question, change the rate here and train again.',
    Control: <Numeric of="lr" />,
    done: (s) => s.run.experiment.lr !== 0.16 && isEnded(s),
    Seen: text`The error is now ${ERROR}.`,
  },
  questions: [
    {
      kind: 'choice',
      Ask: 'All gradients become 100 times smaller, and the rate stays. What happens to a step of signSGD?',
      right: 'Nothing',
      options: {
        'It becomes 100 times shorter': 'That is SGD. signSGD looks at the sign of each entry only.',
        'It becomes 10 times shorter': 'No root is taken. What is left of an entry in signSGD’s step?',
        Nothing: 'The signs are the same, so the step is the same.',
      },
    },
    {
      kind: 'number',
      Ask: text`Steps of Muon grow three directions of size 1, ½ and ¼ alike, by 0.05 a step. After how many steps has the
        one of size ¼ arrived?`,
      answer: () => 5,
      within: 0,
      hint: 'How many steps of 0.05 are there in ¼?',
      why: (given) => (given === 20 ? 'That is the one of size 1.' : 'Divide 0.25 by 0.05.'),
      shown: () => '0.25/0.05 = 5. The one of size 1 takes 20.',
    },
    {
      kind: 'choice',
      Ask: text`You multiply ${A} by 10 and divide ${B} by 10 in the middle of a run. Which optimiser continues as if nothing
        had happened?`,
      right: 'ScaledGD',
      options: {
        SGD: 'Its gradient of B is now 10 times as large, and that of A 10 times as small.',
        Adam: 'Its steps keep their length, but A is 10 times as long and B 10 times as short.',
        ScaledGD: 'Each gradient is divided by the size of the other factor, so the change cancels.',
      },
    },
    {
      kind: 'choice',
      Ask: 'Two runs at one rank, one with Adam, one with SGD, both trained until nothing moves any more. Which error is lower?',
      right: 'Neither',
      options: {
        'That of Adam': 'Adam is often there sooner. Where it arrives is a matter of the rank.',
        'That of SGD': 'SGD’s steps shrink by themselves, but both arrive at the same floor.',
        Neither: 'Both end at the floor of their rank.',
      },
    },
    {
      kind: 'lab',
      Ask: 'The lab runs SGD, and 2/q is 0.34. Find a rate of at least 0.36 that still ends at the floor.',
      link: EDGE_RUN,
      check: checkEdge,
      hint: 'The slider of the rate marks where a run first is unstable. Stay a little below.',
    },
  ],
  Foot: inShort(
    text`${b`A rate is a factor`} for SGD, and about the length of a step for Adam, signSGD and Muon.`,
    text`${b`Order:`} gradient descent learns large directions first; Muon grows all alike, if the rank leaves room.`,
    text`${b`ScaledGD`} does not notice how a product is split into factors; LoRA-Pro comes nearest to full fine-tuning.`,
    text`${b`The floor`} is the same for all. Steps of a fixed length circle around it until the rate falls.`,
    text`${b`Compare`} rules only at the best rate of each.`,
  ),
};

export const lesson: Lesson = {
  name: 'optimisers',
  steps: [length, first, order, dials, nearest, floor, sayings, questions],
};
