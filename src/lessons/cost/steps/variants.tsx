import { P, Term } from '../../pane/prose.tsx';
import { A, B, R, type Step } from '../../step.tsx';
import { MEMORY } from '../figures.tsx';

export const variants: Step = {
  title: 'Variants',
  link: null,
  begins: 'anywhere',
  figure: MEMORY,
  Text: () => (
    <>
      <P>
        <b>QLoRA</b> (arXiv 2305.14314) freezes the model in <Term of="NF4">NF4</Term>: 4 bits for each number, and for
        each block of 64 numbers a scale, which is stored in 8 bits and has a scale in turn. That is 4.127 bits for each
        number. {A} and {B} stay in 16 or 32 bits. The board shows its memory. How well such a model learns is for the
        paper to say: this page does not show it.
      </P>
      <P>
        <b>AdaLoRA</b> (arXiv 2303.10512) gives each matrix its own rank while it trains. It writes the update as{' '}
        <i>PΛQ</i>, like a singular value decomposition, and takes away the entries of Λ that matter least. At rank {R}{' '}
        it trains {R}(<i>d</i> + <i>k</i>) + {R} numbers. Not shown here.
      </P>
      <P>
        <b>DoRA</b> (arXiv 2402.09353) trains the length of each column of the weight apart from its direction. At 4,096
        × 4,096 that is 4,096 numbers more, 3.1% of an adapter of rank 16. Not shown here.
      </P>
      <P>
        <b>Structured variants</b> write the update in another form. VeRA (arXiv 2310.11454) draws one random {A} and{' '}
        {B} for all layers, freezes them, and trains {R} + <i>d</i> numbers for each matrix: 4,112 instead of 131,072.
        LoHa multiplies two low-rank products entry by entry, LoKr takes a Kronecker product (arXiv 2309.14859). Not
        shown here.
      </P>
    </>
  ),
};
