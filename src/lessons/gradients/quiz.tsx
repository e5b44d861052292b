import { A, B, R, type Step } from '../step.tsx';
import { atStart } from './at-start.ts';
import { TRUE_RANK } from './links.ts';

export const quiz: Step = {
  title: 'Questions',
  link: null,
  begins: 'anywhere',
  Text: () => <p>The last one is answered on the lab: “Show all controls” below has the initialisations.</p>,
  questions: [
    {
      kind: 'choice',
      Ask: () => (
        <>
          Output <i>i</i> is exactly right for an input: <i>δᵢ</i> = 0. What does this input do to {B}?
        </>
      ),
      options: [
        {
          label: 'It leaves row i alone',
          right: true,
          why: 'Row i of ∂L/∂B has δᵢ as a factor in every column.',
        },
        { label: 'It leaves column i alone', why: 'Columns belong to channels: column j has zⱼ as a factor.' },
        { label: 'It leaves all of B alone', why: 'The other rows have factors of their own.' },
      ],
    },
    {
      kind: 'number',
      Ask: () => (
        <>
          A layer has 256 inputs and 512 outputs, and {R} = 8. How many numbers of the forward pass have to be kept for
          each input, so that both gradients follow from them and <i>δ</i>?
        </>
      ),
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
      Ask: () => (
        <>
          {B} = 0, Adam, rate 0.01. How far does an entry of {A} move in the first step?
        </>
      ),
      options: [
        { label: '0.01', why: 'That is what an entry with a gradient moves by. The gradient of A is zero here.' },
        { label: '0.00744', why: 'That is the second step, when the gradient is there but the means remember a zero.' },
        { label: 'Not at all', right: true, why: 'Its gradient is exactly zero, and 0/(0 + 10⁻⁸) = 0.' },
      ],
    },
    {
      kind: 'lab',
      Ask: () => (
        <>
          Choose an initialisation for which at step 0 the gradient of {B} is exactly zero and that of {A} is not.
        </>
      ),
      link: TRUE_RANK,
      check: (state) => {
        const start = atStart(state);
        if (!start) return { right: false, says: 'There are no gradients yet: train a run first.' };
        if (start.B === 0 && start.A > 0)
          return { right: true, says: '∂L/∂B contains A, and A is zero at the start of this run.' };
        if (start.A === 0 && start.B === 0)
          return { right: false, says: 'Both are zero now: this run can never move.' };
        return {
          right: false,
          says: start.A === 0 ? 'Here it is A whose gradient is zero.' : 'Here both gradients are there at step 0.',
        };
      },
      hint: 'Which factor stands in ∂L/∂B? It has to start at zero.',
    },
  ],
};
