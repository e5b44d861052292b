import { P, Term } from '../pane/prose.tsx';
import { heldIn } from '../pane/values.tsx';
import { A, B, GRAD_A, GRAD_B, S, type Step, W0 } from '../step.tsx';
import { ASKED } from './asked.ts';
import { isAt, Line, openedAt } from './parts.tsx';
import { NUMBERS } from './values.ts';
import { EXAMPLE, worked } from './worked.ts';

const answer = (typed = EXAMPLE) => worked(typed).steps[1].gradA[ASKED.row][ASKED.col];

export const backwardSteps: readonly Step[] = [
  {
    title: '∂L/∂B: δ meets z',
    link: null,
    begins: 'anywhere',
    figure: openedAt({ step: 1, stage: 'gradB', product: 0 }),
    Text: () => (
      <>
        <P>
          <i>δ</i> says how the loss changes with each output. <i>z</i> says how active each of the two channels was.
          The <Term of="gradient">gradient</Term> of {B} is nothing but their products: row <i>i</i> gets <i>δᵢ</i>,
          column <i>j</i> gets <i>zⱼ</i>.
        </P>
        <Line plain="∂L/∂B = s·δ·zᵀ" numbers="∂L/∂B₂₁ = 2·(−2)·(−1.5) = 6" />
        <P>
          In the picture <i>δ</i> stands left of {GRAD_B} and <i>z</i> above it. Each cell is where its two factors
          cross. So 3 numbers and 2 numbers make all 6 entries.
        </P>
      </>
    ),
    act: {
      Ask: () => <>Find the entry with the largest absolute value. Point at it, or go there with the arrow keys.</>,
      done: (_, values) => isAt(values, { step: 1, stage: 'gradB', product: 3 }),
      Seen: () => (
        <>
          −7 = 2 × (−2) × 1.75. The largest <i>δ</i> meets the largest <i>z</i>.
        </>
      ),
    },
  },
  {
    title: '∂L/∂A is exactly zero',
    link: null,
    begins: 'anywhere',
    figure: openedAt({ step: 1, stage: 'gradA', product: 0 }),
    Text: () => (
      <>
        <P>
          On the way back to {A}, <i>δ</i> goes through {B} first. {B}ᵀ<i>δ</i> has 2 numbers, one for each channel, and
          these meet <i>x</i>.
        </P>
        <Line plain="∂L/∂A = s·(Bᵀδ)·xᵀ" numbers="∂L/∂A₁₂ = 2·0·2 = 0" />
        <P>
          {B} is zero. So {B}ᵀ<i>δ</i> is zero, and with it all 8 entries of {GRAD_A}: exactly, not nearly.
        </P>
        <P>
          “Check it” knows nothing of this formula. It moves one entry of {A} up by 10⁻⁴ and down by 10⁻⁴ and compares
          the losses. They do not differ.
        </P>
      </>
    ),
    act: {
      Ask: () => (
        <>
          Type a number other than 0 anywhere in {B}. What happens to {GRAD_A}?
        </>
      ),
      done: (_, values) =>
        heldIn(values, NUMBERS)
          .B.flat()
          .some((v) => v !== 0),
      Seen: () => (
        <>
          One number in {B} is enough. If it stands in column <i>j</i>, row <i>j</i> of {GRAD_A} is no longer zero. “Put
          back” restores the example.
        </>
      ),
    },
  },
  {
    title: 'One SGD step',
    link: null,
    begins: 'anywhere',
    figure: openedAt({ step: 1, stage: 'update', product: 0 }),
    Text: () => (
      <>
        <P>
          SGD subtracts the gradient times the <Term of="learning rate">learning rate</Term>, here 0.1, from each entry.
        </P>
        <Line plain="B ← B − lr·∂L/∂B" numbers="B₁₁ = 0 − 0.1·(−3) = 0.3" />
        <P>
          All of {B} moves. {A} stays as it was: 0.1 times zero is zero.
        </P>
        <P>
          The loss falls from 2.5 to −8.6563. It is <i>δ</i>·<i>h</i>, the sum of each output times its <i>δ</i>.
        </P>
      </>
    ),
    Limits: () => (
      <>
        This loss has no lowest value, because <i>δ</i> stays the same. In training <i>δ</i> shrinks as the outputs
        become right; the lesson on gradients shows it on a real run.
      </>
    ),
  },
  {
    title: 'The second step',
    link: null,
    begins: 'anywhere',
    figure: openedAt({ step: 2, stage: 'gradA', product: 1 }, true),
    Text: () => (
      <>
        <P>
          The first step moved only {B}, because the gradient of {A} was exactly zero. Now {B} is no longer zero, and{' '}
          {A} gets a gradient too.
        </P>
        <P>
          Read the picture from the top. <i>x</i> enters above {A}; <i>z</i> turns the corner; <i>u</i> leaves beside{' '}
          {B}. Going back, <i>δ</i> meets <i>z</i> in {GRAD_B}, and {B}ᵀ<i>δ</i> meets <i>x</i> in {GRAD_A}.
        </P>
        <Line plain="∂L/∂A = s·(Bᵀδ)·xᵀ" numbers="∂L/∂A₁₂ = 2·1.575·2 = 6.3" />
      </>
    ),
    questions: [
      {
        kind: 'number',
        Ask: () => (
          <>
            <b>Your turn.</b> What is {GRAD_A} in row 2, column 3?
          </>
        ),
        answer: (_, values) => answer(heldIn(values, NUMBERS)),
        within: 1e-3,
        why: (given, right) =>
          Math.abs(given + right) < 1e-3
            ? 'The size is right. Look at the signs of the two factors again.'
            : Math.abs(2 * given - right) < 1e-3
              ? 'Almost: the scaling s = 2 is missing.'
              : 'Row 2 takes the second number of Bᵀδ, column 3 the third number of x; their product is multiplied by s.',
        hint: 'Multiply s, the second number of Bᵀδ and the third number of x.',
        shown: (right) => `s·(Bᵀδ)₂·x₃ = ${String(Number(right.toFixed(4))).replace('-', '−')}.`,
      },
    ],
    act: {
      Ask: () => (
        <>
          Change a number of {W0}, <i>x</i> or <i>δ</i>, or go back to the 1st step and change {A} or {B}. All others
          follow. Do both columns of “Check it” still agree?
        </>
      ),
      done: (_, values) => heldIn(values, NUMBERS) !== EXAMPLE,
      Seen: () => (
        <>
          They agree for any numbers: the formula is the gradient. {W0} changes neither of the two, and {S} scales both.
        </>
      ),
    },
    Limits: () => (
      <>
        <i>δ</i> is given here. In a network it comes from the layers above.
      </>
    ),
  },
];
