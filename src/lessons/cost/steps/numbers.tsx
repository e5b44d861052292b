import { writeCost } from '../../../experiment/cost/cost-link.ts';
import { countType } from '../../../experiment/cost/counts.ts';
import { MODELS, USUAL_MODEL } from '../../../experiment/cost/models.ts';
import { type Cost, usualCost, withModel } from '../../../experiment/cost/setting.ts';
import { count } from '../../../experiment/numbers.ts';
import type { PageEvent } from '../../../state/events.ts';
import { useShown } from '../../../ui/page.tsx';
import { Formula, P, Term } from '../../pane/prose.tsx';
import { A, B, type Guess, R, type Step, W0 } from '../../step.tsx';
import { costOf } from '../calculator/use-cost.ts';
import { fewerText } from '../calculator/words.ts';
import { RANKS } from '../figures.tsx';
import { Trained } from '../formulas.tsx';
import { BeforeAndAfter } from '../to-scale.tsx';
import { PREDICTION } from '../use-guessed.ts';

/** The calculator set to something. */
export const sets = (cost: Cost): PageEvent => ({ type: 'viewed', changes: { cost: writeCost(cost) } });

const SAID: Readonly<Record<string, string>> = {
  eighth: 'Your guess was 16 times too high.',
  sixteenth: 'Your guess was 8 times too high.',
  right: 'You were right.',
  square: 'Your guess was 512 times too low: each of the 16 columns of B has 4,096 numbers, and so has each row of A.',
};

const guess: Guess = {
  name: PREDICTION,
  Ask: () => <>How many of the 16,777,216 numbers does rank 16 train?</>,
  options: [
    { value: 'eighth', label: '1 in 8: 2,097,152' },
    { value: 'sixteenth', label: '1 in 16: 1,048,576' },
    { value: 'right', label: '1 in 128: 131,072' },
    { value: 'square', label: '16 × 16: 256' },
  ],
  Result: ({ guess }) => (
    <>
      <p>Rank 16 trains 131,072 numbers: 1 in 128, or 0.78%. {SAID[guess]}</p>
      <P>
        In letters, {R}(<i>d</i> + <i>k</i>) instead of <i>dk</i>. The saving is larger for larger matrices: <i>dk</i>{' '}
        grows with the product of the sides, {R}(<i>d</i> + <i>k</i>) only with their sum.
      </P>
      <Formula plain={<Trained />} numbers={<Trained r="16" d="4,096" k="4,096" is="131,072" />} />
    </>
  ),
};

export const numbers: Step = {
  title: 'How many numbers does a rank train?',
  link: null,
  begins: 'anywhere',
  figure: { place: 'lab', Figure: BeforeAndAfter },
  Text: () => (
    <>
      <P>
        A matrix {W0} in the attention of a large model has <i>d</i> = 4,096 rows and <i>k</i> = 4,096 columns. That is
        16,777,216 numbers. Full fine-tuning trains all of them.
      </P>
      <P>
        LoRA at <Term of="rank">rank</Term> {R} trains two thin matrices. {B} has <i>d</i> rows and {R} columns, {A} has{' '}
        {R} rows and <i>k</i> columns.
      </P>
    </>
  ),
  guess,
};

/** The rank of q where that is a matrix of 4,096 × 4,096; null for other models. */
const rankOfQ = ({ model, ranks }: Cost): number | null => {
  const shape = model.modules.find(({ name }) => name === 'q')?.shapes[0];
  return shape?.d === 4096 && shape.k === 4096 ? (ranks.q ?? 0) : null;
};

const square = { name: 'q', target: 'q_proj', shapes: [{ d: 4096, k: 4096, count: 1 }] } as const;

function Saving() {
  const rank = useShown((s) => rankOfQ(costOf(s)));
  if (rank === null) return <>Choose the 7B decoder again: its q has 4,096 rows and columns.</>;
  if (rank === 0) return <>q is frozen. Check its box first.</>;
  const saved = fewerText(countType(square, rank).fewer);
  if (rank > 20)
    return (
      <>
        Rank {count(rank)} gives {saved}. Lower it.
      </>
    );
  return (
    <>
      Rank {count(rank)} gives {saved}. A higher rank is possible.
    </>
  );
}

export const saving: Step = {
  title: 'Is it always 100 times fewer?',
  link: null,
  begins: 'anywhere',
  figure: RANKS,
  shows: ['.calculator [data-module="q"]'],
  Text: () => (
    <>
      <P>
        It is often said that ranks from 4 to 64 train over 100 times fewer numbers. At 4,096 × 4,096 that is false.
        Twice the rank trains twice the numbers: rank 4 trains 512 times fewer than full fine-tuning, rank 64 only 32
        times fewer.
      </P>
      <P>
        At the <Term of="break-even rank">break-even rank</Term> <i>dk</i>/(<i>d</i> + <i>k</i>), 2,048 here, {B} and{' '}
        {A} together have as many numbers as {W0}. Beyond it LoRA trains more than full fine-tuning would.
      </P>
    </>
  ),
  act: {
    Ask: () => (
      <>
        Find the largest rank of q that still trains more than 100 times fewer numbers. Drag its slider, or type into
        its field.
      </>
    ),
    label: 'Begin with q alone, at rank 64',
    does: () => [sets({ ...usualCost(), ranks: { q: 64 } })],
    done: (s) => rankOfQ(costOf(s)) === 20,
    Status: Saving,
    Seen: () => <>Rank 20 it is: 102 times fewer numbers. At rank 21 they are only 97 times fewer.</>,
  },
};

const GROUPED = MODELS.find(({ name }) => name === 'llama-3-8b') ?? USUAL_MODEL;

export const attention: Step = {
  title: 'All attention of a model',
  link: null,
  begins: 'anywhere',
  figure: RANKS,
  shows: ['.calculator .totals'],
  Text: () => (
    <>
      <P>
        A decoder with 7 billion numbers has 32 layers. In each, attention has four matrices of 4,096 × 4,096, called q,
        k, v and o. Together they hold 2,147,483,648 numbers, 2.1 billion.
      </P>
      <P>
        At rank 16 LoRA trains 16,777,216 numbers for them, 16.8 million. That is 0.25% of the whole model. The adapter
        is a file of 33.6 MB in <Term of="bfloat16">bfloat16</Term>, the model one of 13.5 GB.
      </P>
      <P>
        Newer models let several heads share their keys and values. Then k and v have fewer rows, and the same rank
        saves less there.
      </P>
    </>
  ),
  act: {
    Ask: () => <>Choose the grouped-query decoder. How many times fewer numbers does rank 16 train in k and v?</>,
    label: 'Choose it for me',
    does: (s) => [sets(withModel(costOf(s), GROUPED))],
    done: (s) => costOf(s).model.name === GROUPED.name,
    Seen: () => (
      <>
        Its k and v have 1,024 rows only. Rank 16 trains 51 times fewer numbers there, and still 128 times fewer in q
        and o.
      </>
    ),
  },
};
