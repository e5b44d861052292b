import { heldIn } from '../pane/values.tsx';
import { A, B, GRAD_A, GRAD_B, R, type Step } from '../step.tsx';
import { openedAt } from './parts.tsx';
import { NUMBERS } from './values.ts';
import { worked } from './worked.ts';

export const quiz: Step = {
  title: 'Questions',
  link: null,
  begins: 'anywhere',
  figure: openedAt({ step: 1, stage: 'gradA', product: 0 }),
  Text: () => <p>One of these is answered on the picture: type numbers into it, then check.</p>,
  questions: [
    {
      kind: 'choice',
      Ask: () => <>What would give {A} a gradient in the very first step?</>,
      options: [
        {
          label: 'A larger learning rate',
          why: 'The rate multiplies the gradient when a step is made. The gradient itself stays zero, and zero times any rate is zero.',
        },
        {
          label: 'Other numbers in A',
          why: 'A is not in ∂L/∂A = s·(Bᵀδ)·xᵀ. As long as B is zero, that is zero whatever A is.',
        },
        { label: 'Numbers other than zero in B', right: true, why: 'Then Bᵀδ is not zero, and it meets x in ∂L/∂A.' },
        { label: 'A larger α', why: 'α is in s, and s multiplies Bᵀδ, which is zero.' },
      ],
    },
    {
      kind: 'choice',
      Ask: () => (
        <>
          The second channel is silent: <i>z</i>₂ = 0. What do you know of {GRAD_B}?
        </>
      ),
      options: [
        {
          label: 'Its second row is zero',
          why: 'Rows belong to outputs: row 2 gets δ₂. The numbers of z belong to columns.',
        },
        { label: 'Its second column is zero', right: true, why: 'Column 2 gets z₂ as a factor in every row.' },
        { label: 'All of it is zero', why: 'Only what z₂ is a factor of. Column 1 has z₁.' },
      ],
    },
    {
      kind: 'number',
      Ask: () => (
        <>
          A layer has 200 inputs and 100 outputs, and {R} = 4. How many multiplications do {A}
          <i>x</i> and {B}
          <i>z</i> take together?
        </>
      ),
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
      Ask: () => (
        <>
          On the picture, in the 1st step: choose {B} so that row 1 of {GRAD_A} is zero and row 2 is not.
        </>
      ),
      check: (_, values) => {
        const [first, second] = worked(heldIn(values, NUMBERS)).steps[0].gradA;
        const zero = (row: readonly number[]) => row.every((v) => v === 0);
        if (zero(first) && !zero(second))
          return { right: true, says: 'Column 1 of B gives nothing back, column 2 does.' };
        if (zero(first)) return { right: false, says: 'Both rows are zero. Which numbers of B reach row 2?' };
        return {
          right: false,
          says: zero(second) ? 'It is the other way round now.' : 'Row 1 is not zero yet. Which column of B feeds it?',
        };
      },
      hint: 'Row j of ∂L/∂A gets the j-th number of Bᵀδ, and that comes from column j of B.',
    },
  ],
};
