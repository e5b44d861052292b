import { count } from '../../experiment/numbers.ts';
import { multiplications } from '../one-step/one-step.ts';
import { TORCH_OF_LAYER } from '../pane/in-pytorch.tsx';
import { A, ALPHA, B, b, DW, formula, GRAD_A, GRAD_B, i, prose, R, S, term, text, W0 } from '../pane/prose.tsx';
import { type LessonValues, useLessonValues } from '../pane/values.tsx';
import { factorText, fourDecimals } from '../slow-motion/product-line.tsx';
import { spellProduct } from '../slow-motion/products.ts';
import { correct, type Lesson, type Question, type Step, wrong } from '../step.tsx';
import { figureAt, isFigureAt } from './figure.tsx';
import {
  askedNumber,
  EXAMPLE,
  type ExampleInputs,
  givenIn,
  numbersIn,
  type ProductPlace,
  productsAt,
  SETTINGS,
  type WorkedExample,
  workedExample,
} from './worked-example.ts';

const SMALL = multiplications(SETTINGS);
const LARGE = multiplications({ d: 4096, k: 4096, rank: 16 });

/** Two steps share it, so that it prints once. */
const FIRST = figureAt({ step: 1, stage: 'z', product: 0 });

/** Of the numbers on the picture. */
function FromNumbers({ of }: { readonly of: (worked: WorkedExample) => string }) {
  return of(workedExample(numbersIn(useLessonValues())));
}
const shown = (of: (worked: WorkedExample) => string) => <FromNumbers of={of} />;

/** A number of the picture, worked out: "z₁ = 0.5·1 − 0.5·2 + 1·(−1) + 0·0.5 = −1.5". */
const worked =
  (head: string, place: ProductPlace) =>
  (values: LessonValues): string =>
    workedLine(head, place, numbersIn(values));

export function workedLine(head: string, place: ProductPlace, numbers: ExampleInputs): string {
  const step = workedExample(numbers).steps[place.step - 1];
  const rates = { A: SETTINGS.rate, B: SETTINGS.rate };
  const [{ terms, minus, value }] = spellProduct(place.stage, productsAt(place)[place.product], step, rates);
  const sum = terms.map(([first, ...others], i) => {
    const taken = i > 0 && !minus && first < 0;
    const sign = i === 0 ? '' : minus || taken ? ' − ' : ' + ';
    const size = fourDecimals(taken ? -first : first);
    return sign + [i === 0 ? size : factorText(size), ...others.map((v) => factorText(fourDecimals(v)))].join('·');
  });
  return `${head} = ${sum.join('')} = ${fourDecimals(value)}`;
}

/** The largest entry of the first ∂L/∂B, and its factors. */
function largestOf({ steps: [{ gradB, delta, z }] }: WorkedExample) {
  const entries = gradB.flatMap((row, i) => row.map((value, j) => ({ value, delta: delta[i], z: z[j] })));
  return entries.reduce((most, one) => (Math.abs(one.value) > Math.abs(most.value) ? one : most));
}

interface AskedText extends Pick<Extract<Question, { kind: 'number' }>, 'Ask' | 'why' | 'hint'> {
  /** Before the answer. */
  readonly name: string;
}

/** Asks for the number that the figure hides in a step, from 1. */
const asks = (step: number, { name, ...words }: AskedText): Question => ({
  ...words,
  kind: 'number',
  answer: (_, values) => askedNumber(step, numbersIn(values)),
  own: (values) => numbersIn(values) !== EXAMPLE,
  within: 1e-3,
  shown: (right) => `${name} ${String(Number(right.toFixed(4))).replace('-', '−')}.`,
});

/** The usual mistakes in s times a product of two numbers, and what else to look at. */
const whyProduct = (otherwise: string) => (given: number, right: number) =>
  Math.abs(given + right) < 1e-3
    ? 'The size is right. Look at the signs of the two factors again.'
    : Math.abs(2 * given - right) < 1e-3
      ? 'Almost: the scaling s = 2 is missing.'
      : otherwise;

const forwardSteps: readonly Step[] = [
  {
    title: 'A layer small enough for paper',
    figure: FIRST,
    Text: prose`
      This layer takes 4 numbers and returns 3. Its weight ${W0} is frozen. LoRA adds two small matrices.
      With ${term('rank')} ${R} = 2, ${A} has two rows and ${B} two columns. ${B} starts at zero.

      One input ${i`x`} goes through the layer. The rest of the network sends back ${i`δ`}: for each output, how fast the
      loss rises with it. Together they give both ${term('gradient', 'gradients')}, and ${A} and ${B} make one training
      step, then a second.
    `,
    guess: {
      name: 'moves',
      Ask: 'The first training step is over. Which of the two matrices has changed?',
      options: { A: 'Only A', B: 'Only B', both: 'Both' },
      Result: () => prose`Only ${B}. In the first step the gradient of ${A} is exactly zero; in the second it is not.
        The next steps show why, product by product.`,
    },
    Limits: text`${i`δ`} is given here. In a network it comes from the layers above.`,
  },
  {
    title: 'z = Ax: four numbers become two',
    figure: FIRST,
    Text: prose`
      ${i`x`} enters above ${A}. Each row of ${A} meets ${i`x`}, number by number,
      and the products are added:

      ${formula('z = A·x', worked('z₁', { step: 1, stage: 'z', product: 0 }))}

      ${A} has two rows, so ${i`z`} has two numbers. Each is a ${term('channel')}.

      This is a bottleneck: the adapter knows the input only through these ${R} numbers. Papers call ${A} the
      ${term('down-projection')}. That is why the rank of ${B}·${A} is at most ${R}.
    `,
    questions: [
      asks(2, {
        Ask: text`${b`Your turn.`} What is ${i`z`}₂?`,
        why: () => 'z₂ takes the second row of A: four products, and their sum.',
        hint: 'Multiply each number of the second row of A by the number of x above it, and add.',
        name: 'z₂ =',
      }),
    ],
  },
  {
    title: 'h = W₀x + s·u: at first nothing changes',
    figure: figureAt({ step: 1, stage: 'h', product: 0 }),
    Text: prose`
      Then ${i`z`} meets ${B}, the up-projection, which makes the three numbers of ${i`u`}. ${B} is zero, so ${i`u`} is
      zero, whatever ${i`x`} is.

      ${formula('h = W₀x + s·u', worked('h₁', { step: 1, stage: 'h', product: 0 }))}

      The layer adds ${i`u`}, scaled by ${S} = ${ALPHA}/${R} = 2, to what it returned before. So it begins exactly where
      the pretrained layer stands: ${i`h`} = ${W0}${i`x`} = (${shown(({ steps }) => steps[0].base.map(fourDecimals).join(', '))}).

      ${TORCH_OF_LAYER}
    `,
    act: {
      Ask: text`Click a number of ${i`x`}, type another one and press Enter. What changes, ${W0}${i`x`} or
        ${S}·${i`u`}?`,
      done: (_, values) => numbersIn(values).x !== givenIn(values).x,
      Seen: text`Only ${W0}${i`x`}, and ${i`h`} with it. ${S}·${i`u`} stays zero as long as ${B} is zero. “Put back”
        restores the example.`,
    },
  },
  {
    title: 'B·A is never formed',
    figure: figureAt({ step: 1, stage: 'u', product: 0 }),
    Text: prose`
      ${B}(${A}${i`x`}) and (${B}${A})${i`x`} are the same numbers: matrix products may be bracketed either way. They do
      not cost the same.

      ${formula('(B·A)·x = B·(A·x)')}

      From the right, ${A}${i`x`} and ${B}${i`z`} take ${R}(${i`d`} + ${i`k`}) = ${count(SMALL.inStages)}
      multiplications, one for each number of ${A} and ${B}. To form ${B}·${A} first and then apply it takes
      ${count(SMALL.formed)}.

      In a layer with 4,096 rows and columns and ${R} = 16 it is ${count(LARGE.inStages)} against
      ${count(LARGE.formed)}. So ${DW} is never computed.
    `,
    Limits: text`The layer took 12 multiplications, those of ${W0}${i`x`}; while it trains it takes 26. LoRA saves
      trained parameters, not work. Merged into one matrix, it takes 12 again.`,
  },
];

const backwardSteps: readonly Step[] = [
  {
    title: '∂L/∂B: δ meets z',
    figure: figureAt({ step: 1, stage: 'gradB', product: 0 }),
    Text: prose`
      ${i`δ`} says how the loss changes with each output. ${i`z`} says how active each of the two channels was. The
      ${term('gradient')} of ${B} is nothing but their products: row ${i`i`} gets ${i`δᵢ`}, column ${i`j`} gets
      ${i`zⱼ`}.

      ${formula('∂L/∂B = s·δ·zᵀ', worked('∂L/∂B₂₁', { step: 1, stage: 'gradB', product: 2 }))}

      In the picture ${i`δ`} stands left of ${GRAD_B} and ${i`z`} above it. Each cell is where its two factors cross: 3 +
      2 numbers make all 6 entries.
    `,
    act: {
      Ask: 'Find the entry with the largest absolute value. Point at it, or go there with the arrow keys.',
      done: (_, values) => {
        const example = workedExample(numbersIn(values));
        const most = largestOf(example);
        return example.steps[0].gradB
          .flat()
          .some((v, product) => v === most.value && isFigureAt(values, { step: 1, stage: 'gradB', product }));
      },
      Seen: text`${shown((example) => {
        const { value, delta, z } = largestOf(example);
        const [of, by] = [delta, z].map((v) => factorText(fourDecimals(v)));
        return `${fourDecimals(value)} = ${SETTINGS.scaling} × ${of} × ${by}.`;
      })} The largest ${i`δ`} meets the largest ${i`z`}.`,
    },
    questions: [
      asks(5, {
        Ask: text`${b`Your turn.`} What is ${GRAD_B} in row 1, column 2?`,
        why: whyProduct(
          'Row 1 takes the first number of δ, column 2 the second number of z; their product is multiplied by s.',
        ),
        hint: 'Multiply s, the first number of δ and the second number of z.',
        name: 's·δ₁·z₂ =',
      }),
    ],
  },
  {
    title: '∂L/∂A is exactly zero',
    figure: figureAt({ step: 1, stage: 'gradA', product: 0 }),
    Text: prose`
      On the way back to ${A}, ${i`δ`} goes through ${B} first. ${B}ᵀ${i`δ`} has one number for each channel, and these
      meet ${i`x`}.

      ${formula('∂L/∂A = s·(Bᵀδ)·xᵀ', worked('∂L/∂A₁₂', { step: 1, stage: 'gradA', product: 1 }))}

      ${B} is zero. So ${B}ᵀ${i`δ`} is zero, and with it all 8 entries of ${GRAD_A}: exactly, not nearly.

      “Check it” knows nothing of this formula. It moves one entry of ${A} up and down by 10⁻⁴ and compares the losses.
      They do not differ.
    `,
    act: {
      Ask: text`Type a number other than 0 anywhere in ${B}. What happens to ${GRAD_A}?`,
      done: (_, values) =>
        numbersIn(values)
          .B.flat()
          .some((v) => v !== 0),
      Seen: text`One number in ${B} is enough. If it stands in column ${i`j`}, row ${i`j`} of ${GRAD_A} is no longer
        zero. “Put back” restores the example.`,
    },
  },
  {
    title: 'One SGD step',
    figure: figureAt({ step: 1, stage: 'update', product: 0 }),
    Text: prose`
      SGD subtracts the gradient times the ${term('learning rate')}, here 0.1, from each entry.

      ${formula('B ← B − lr·∂L/∂B', worked('B₁₁', { step: 1, stage: 'update', product: 0 }))}

      All of ${B} moves. ${A} stays as it was, since its gradient is zero.

      The loss falls from ${shown(({ losses }) => fourDecimals(losses[0]))} to
      ${shown(({ losses }) => fourDecimals(losses[1]))}. It is ${i`δ`}·${i`h`}, the sum of each output times its ${i`δ`}.
    `,
    Limits: text`This loss has no lowest value, because ${i`δ`} stays the same. In training ${i`δ`} shrinks as the
      outputs become right; the lesson on gradients shows it on a real run.`,
  },
  {
    title: 'The second step',
    figure: figureAt({ step: 2, stage: 'gradA', product: 1 }),
    Text: prose`
      The first step moved only ${B}, because the gradient of ${A} was exactly zero. Now ${B} is no longer zero, and
      ${A} gets a gradient too.

      Each stage of both steps has a tab. Going forward, ${i`x`} meets ${A}, ${i`z`} meets ${B}, and ${i`u`} comes out.
      Going back, ${i`δ`} meets ${i`z`} in ${GRAD_B}, and ${B}ᵀ${i`δ`} meets ${i`x`} in ${GRAD_A}.

      ${formula('∂L/∂A = s·(Bᵀδ)·xᵀ', worked('∂L/∂A₁₂', { step: 2, stage: 'gradA', product: 1 }))}
    `,
    questions: [
      asks(8, {
        Ask: text`${b`Your turn.`} What is ${GRAD_A} in row 2, column 3?`,
        why: whyProduct(
          'Row 2 takes the second number of Bᵀδ, column 3 the third number of x; their product is multiplied by s.',
        ),
        hint: 'Multiply s, the second number of Bᵀδ and the third number of x.',
        name: 's·(Bᵀδ)₂·x₃ =',
      }),
    ],
    act: {
      Ask: text`Change a number of ${W0}, ${i`x`} or ${i`δ`}, or go back to the 1st step and change ${A} or ${B}. All
        others follow. Do both columns of “Check it” still agree?`,
      done: (_, values) => numbersIn(values) !== givenIn(values),
      Seen: text`They agree for any numbers: the formula is the gradient. ${W0} changes neither of the two, and ${S}
        scales both.`,
    },
    Limits: text`${i`δ`} is given here. In a network it comes from the layers above.`,
  },
];

const quiz: Step = {
  title: 'Questions',
  figure: figureAt({ step: 1, stage: 'gradA', product: 0 }),
  Text: prose`One of these is answered on the picture: type numbers into it, then check.`,
  questions: [
    {
      kind: 'choice',
      Ask: text`What would give ${A} a gradient in the very first step?`,
      right: 'Numbers other than zero in B',
      options: {
        'A larger learning rate':
          'The rate multiplies the gradient when a step is made. The gradient itself stays zero, and zero times any rate is zero.',
        'Other numbers in A': 'A is not in ∂L/∂A = s·(Bᵀδ)·xᵀ. As long as B is zero, that is zero whatever A is.',
        'Numbers other than zero in B': 'Then Bᵀδ is not zero, and it meets x in ∂L/∂A.',
        'A larger α': 'α is in s, and s multiplies Bᵀδ, which is zero.',
      },
    },
    {
      kind: 'choice',
      Ask: text`The second channel is silent: ${i`z`}₂ = 0. What do you know of ${GRAD_B}?`,
      right: 'Its second column is zero',
      options: {
        'Its second row is zero': 'Rows belong to outputs: row 2 gets δ₂. The numbers of z belong to columns.',
        'Its second column is zero': 'Column 2 gets z₂ as a factor in every row.',
        'All of it is zero': 'Only what z₂ is a factor of. Column 1 has z₁.',
      },
    },
    {
      kind: 'number',
      Ask: text`A layer has 200 inputs and 100 outputs, and ${R} = 4. How many multiplications do ${A}${i`x`} and
        ${B}${i`z`} take together?`,
      answer: () => 4 * (100 + 200),
      within: 0.5,
      why: (given) =>
        given === 4 * 100 * 200 + 100 * 200 || given === 4 * 100 * 200
          ? 'That is what forming B·A takes. Go from the right: first A times x.'
          : 'A has 4 rows of 200 numbers, B has 100 rows of 4: one multiplication for each number.',
      hint: 'One multiplication for each number in A, and one for each number in B.',
      shown: (right) => `r(d + k) = 4 · (100 + 200) = ${right.toLocaleString('en')}.`,
    },
    {
      kind: 'lab',
      Ask: text`On the picture, in the 1st step: choose ${B} so that row 1 of ${GRAD_A} is zero and row 2 is not.`,
      check: (_, values) => {
        const [first, second] = workedExample(numbersIn(values)).steps[0].gradA;
        const zero = (row: readonly number[]) => row.every((v) => v === 0);
        if (zero(first) && !zero(second)) return correct('Column 1 of B gives nothing back, column 2 does.');
        if (zero(first)) return wrong('Both rows are zero. Which numbers of B reach row 2?');
        return wrong(
          zero(second) ? 'It is the other way round now.' : 'Row 1 is not zero yet. Which column of B feeds it?',
        );
      },
      hint: 'Row j of ∂L/∂A gets the j-th number of Bᵀδ, and that comes from column j of B.',
    },
  ],
};

export const lesson: Lesson = { name: 'by-hand', steps: [...forwardSteps, ...backwardSteps, quiz] };
