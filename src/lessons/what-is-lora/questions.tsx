import { number } from '../../experiment/numbers.ts';
import { lastStep } from '../../state/run/run.ts';
import { floorsOf } from '../../state/select.ts';
import { A, ALPHA, B, DW, ended, type Question, R, W0 } from '../step.tsx';
import { ONE } from './links.ts';

/** The error that the question on the lab asks for. */
const BELOW = 0.25;

const FULL = 64 * 64;

export const questions: readonly Question[] = [
  {
    kind: 'choice',
    Ask: () => <>What does LoRA train?</>,
    options: [
      {
        label: 'All numbers of the large matrix, a little',
        why: 'That is full fine-tuning. LoRA leaves the large matrix as it is.',
      },
      { label: 'Two thin matrices', right: true, why: 'B and A. Their product is added to the frozen matrix.' },
      {
        label: 'The entries of ΔW, one by one',
        why: 'ΔW is never trained directly: it is what the product of B and A makes of it.',
      },
    ],
  },
  {
    kind: 'number',
    Ask: () => <>{W0} has 64 rows and 64 columns, and the rank is 4. How many numbers does LoRA train?</>,
    answer: () => 4 * (64 + 64),
    within: 0,
    hint: 'B has 64 rows and 4 columns. A has 4 rows and 64 columns.',
    why: (given) => {
      if (given === FULL) return 'That is how many W₀ and ΔW have. B and A are thinner.';
      return given === FULL / 16
        ? 'That is one of the two. Both B and A are trained.'
        : 'Count the entries of B, then those of A.';
    },
    shown: (answer) => `${answer}: 64 × 4 in B and 4 × 64 in A.`,
  },
  {
    kind: 'lab',
    Ask: () => <>Find the lowest rank at which the sunglasses can be learned with an error below 0.25.</>,
    link: ONE,
    hint: 'Drag the rank. The dashed floor in “Error against rank” says what each rank can reach at best.',
    check: (state) => {
      const { experiment, trace } = state.run;
      const { target, edit, rank } = experiment;
      const floor = floorsOf(state.run)?.floor;
      if (target !== 'edit' || edit !== 'sunglasses' || !floor)
        return { right: false, says: 'These are not the sunglasses: press “Set up the lab” first.' };
      if (!ended(state)) return { right: false, says: 'Wait for the run to end, or press Train.' };
      const error = trace.series.relativeError?.[lastStep(state.run)] ?? 1;
      const at = `At rank ${rank} the error is ${number(error)}`;
      if (error >= BELOW) {
        const best =
          floor[rank] < BELOW
            ? 'More steps would get there.'
            : `No matrix of this rank gets below ${number(floor[rank])}.`;
        return { right: false, says: `${at}. ${best}` };
      }
      if (floor[rank - 1] < BELOW)
        return { right: false, says: `${at}, which is enough, but a lower rank can do it too.` };
      return { right: true, says: `${at}. One rank lower, no matrix gets below ${number(floor[rank - 1])}.` };
    },
  },
  {
    kind: 'choice',
    Ask: () => (
      <>
        At rank 8, {ALPHA} is doubled. What does that do to {DW}, the product of {B} and {A} times {ALPHA}/{R}?
      </>
    ),
    options: [
      {
        label: 'It can be made of twice as many patterns',
        why: 'The number of patterns is the rank, and that is still 8.',
      },
      {
        label: 'The same product counts twice as much',
        right: true,
        why: 's = α/r is doubled, and the limit stays where it was.',
      },
      {
        label: 'It has twice as many numbers to train',
        why: 'α is one number, set by hand. B and A stay as they are.',
      },
    ],
  },
];
