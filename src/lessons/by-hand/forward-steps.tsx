import { count } from '../../experiment/numbers.ts';
import { multiplications } from '../one-step/one-step.ts';
import { P, Term } from '../pane/prose.tsx';
import { heldIn } from '../pane/values.tsx';
import { A, ALPHA, B, DW, R, S, type Step, W0 } from '../step.tsx';
import { isAt, Line, openedAt } from './parts.tsx';
import { NUMBERS } from './values.ts';
import { EXAMPLE, WORKED } from './worked.ts';

const SMALL = multiplications(WORKED);
const LARGE = multiplications({ d: 4096, k: 4096, rank: 16 });

/** Two pages show it, so that on paper it stands once. */
const FIRST = openedAt({ step: 1, stage: 'z', product: 0 });

export const forwardSteps: readonly Step[] = [
  {
    title: 'A layer small enough for paper',
    link: null,
    begins: 'anywhere',
    figure: FIRST,
    Text: () => (
      <>
        <P>This layer takes 4 numbers and returns 3. Its weight {W0} has 3 rows and 4 columns, and it is frozen.</P>
        <P>
          LoRA adds two small matrices. With <Term of="rank">rank</Term> {R} = 2, {A} has 2 rows and 4 columns, and {B}{' '}
          has 3 rows and 2 columns. {B} starts at zero.
        </P>
        <P>
          One input <i>x</i> goes through the layer. Then the rest of the network answers with <i>δ</i>: for each of the
          3 outputs, how the loss changes with it. Together, <i>x</i> and <i>δ</i> give both{' '}
          <Term of="gradient">gradients</Term>, and {A} and {B} make one training step. A second step follows.
        </P>
      </>
    ),
    guess: {
      name: 'moves',
      Ask: () => <>The first training step is over. Which of the two matrices has changed?</>,
      options: [
        { value: 'A', label: 'Only A' },
        { value: 'B', label: 'Only B' },
        { value: 'both', label: 'Both' },
      ],
      Result: () => (
        <p>
          Only {B}. In the first step the gradient of {A} is exactly zero; in the second it is not. The next pages show
          why, product by product.
        </p>
      ),
    },
    Limits: () => (
      <>
        <i>δ</i> is given here. In a network it comes from the layers above.
      </>
    ),
  },
  {
    title: 'z = Ax: four numbers become two',
    link: null,
    begins: 'anywhere',
    figure: FIRST,
    Text: () => (
      <>
        <P>
          Read the picture from the top right. <i>x</i> enters above {A}. Each row of {A} meets <i>x</i>, number by
          number, and the products are added:
        </P>
        <Line plain="z = A·x" numbers="z₁ = 0.5·1 − 0.5·2 + 1·(−1) + 0·0.5 = −1.5" />
        <P>
          The shapes fit: {A} is 2 × 4, <i>x</i> has 4 numbers, so <i>z</i> has 2.
        </P>
        <P>
          This is a bottleneck. Whatever the adapter adds to the output, it knows the input only through these {R} = 2
          numbers. That is why the rank of {B}·{A} is at most {R}.
        </P>
      </>
    ),
    act: {
      Ask: () => (
        <>
          Compute <i>z</i>₂ on paper. Then press “Product →”.
        </>
      ),
      done: (_, values) => isAt(values, { step: 1, stage: 'z', product: 1 }),
      Seen: () => (
        <>
          <i>z</i>₂ = 1 × 1 + 0 × 2 + (−0.5) × (−1) + 0.5 × 0.5 = 1.75.
        </>
      ),
    },
  },
  {
    title: 'h = W₀x + s·u: at first nothing changes',
    link: null,
    begins: 'anywhere',
    figure: openedAt({ step: 1, stage: 'h', product: 0 }),
    Text: () => (
      <>
        <P>
          <i>z</i> turns the corner and meets {B}: 3 × 2 times 2 numbers gives the 3 numbers of <i>u</i>. {B} is zero,
          so <i>u</i> is zero, whatever <i>x</i> is.
        </P>
        <Line plain="h = W₀x + s·u" numbers="h₁ = 4 + 2·0 = 4" />
        <P>
          The layer adds <i>u</i>, scaled by {S} = {ALPHA}/{R} = 4/2 = 2, to what it returned before. So it begins
          exactly where the pretrained layer stands: <i>h</i> = {W0}
          <i>x</i> = (4, 0.75, 0).
        </P>
      </>
    ),
    act: {
      Ask: () => (
        <>
          Click a number of <i>x</i>, type another one and press Enter. What changes, {W0}
          <i>x</i> or {S}·<i>u</i>?
        </>
      ),
      done: (_, values) => heldIn(values, NUMBERS).x !== EXAMPLE.x,
      Seen: () => (
        <>
          Only {W0}
          <i>x</i>, and <i>h</i> with it. {S}·<i>u</i> stays zero as long as {B} is zero. “Put back” restores the
          example.
        </>
      ),
    },
  },
  {
    title: 'B·A is never formed',
    link: null,
    begins: 'anywhere',
    figure: openedAt({ step: 1, stage: 'u', product: 0 }),
    Text: () => (
      <>
        <P>
          {B}({A}
          <i>x</i>) and ({B}
          {A})<i>x</i> are the same numbers: matrix products may be bracketed either way. They do not cost the same.
        </P>
        <Line plain="(B·A)·x = B·(A·x)" />
        <P>
          From the right, {A}
          <i>x</i> takes 2 · 4 = 8 multiplications and {B}
          <i>z</i> takes 3 · 2 = 6: together {R}(<i>d</i> + <i>k</i>) = {count(SMALL.inStages)}. If {B}·{A} is formed
          first, that takes 3 · 2 · 4 = 24, and 3 · 4 = 12 to apply it: {count(SMALL.formed)}.
        </P>
        <P>
          In a layer with 4,096 rows and columns and {R} = 16 it is {count(LARGE.inStages)} against{' '}
          {count(LARGE.formed)}. So the dotted square of {DW} stays empty: no stage computes it.
        </P>
      </>
    ),
    Limits: () => (
      <>
        {W0}
        <i>x</i> takes 12 multiplications more. So while it trains the layer takes 26, without LoRA it took 12; what
        LoRA saves is numbers to train. Merged into one matrix, it takes 12 again.
      </>
    ),
  },
];
