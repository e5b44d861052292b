import { number } from '../../experiment/numbers.ts';
import { median } from '../../math/median.ts';
import { GIB, memoryOf, sumOf, type TrainingWay } from '../../plan/model/counts.ts';
import { defaultCost } from '../../plan/model/setting.ts';
import { MEMORY } from '../cost/figures.tsx';
import { prose } from '../pane/prose.tsx';
import type { Step } from '../step.tsx';
import { RANKS, recordedLosses } from './held-out.ts';

const ALL = defaultCost().model.modules.map(({ name }) => name);
const ATTENTION = ['q', 'k', 'v', 'o'];

/** GiB to train the 7B decoder with some of its kinds of matrices at one rank. */
function gib(way: TrainingWay, names: readonly string[], rank: number): string {
  const cost = { ...defaultCost(), ranks: Object.fromEntries(names.map((name) => [name, rank])) };
  return (sumOf(memoryOf(cost)[way]) / GIB).toFixed(1);
}

/** Median held-out loss of the first step, with 48 samples. */
const heldOut = (rank: (typeof RANKS)[number]) =>
  number(median(recordedLosses(48)[RANKS.indexOf(rank)].map(([loss]) => loss)));

const START = 'Rank 8 in attention, then rank 4 and rank 16: keep the best on letters that were held out';

/** A decision that takes both lessons, memory and held-out data, with the calculator beside it. */
export const CASE: Step = {
  title: 'A case to decide',
  figure: MEMORY,
  cost: '',
  Text: prose`
    Mara wants the 7B decoder to answer letters in the style of her town’s office. She has one card of 16 GB and 50
    answered letters, some of them with mistakes.

    Three colleagues give her advice. The calculator is there to check it: does it fit on the card? The first step of
    this lesson has the other half: what do few and noisy examples ask for?
  `,
  questions: [
    {
      kind: 'choice',
      Ask: 'What should she do first?',
      right: START,
      options: {
        'Rank 64 in all seven kinds of matrices, to be safe': `It takes ${gib('lora', ALL, 64)} GiB, which is more than she has. Nor is it safe: with the 48 noisy samples of step 1 the held-out loss was ${heldOut(4)} at rank 4 and ${heldOut(32)} at rank 32.`,
        [START]: `It takes ${gib('lora', ATTENTION, 16)} GiB at rank 16, and fits. Held-out letters show which rank has learned the style and not the mistakes, as in step 1: rank 1 was too low there, at ${heldOut(1)}, and rank 32 too high, at ${heldOut(32)}.`,
        'Full fine-tuning, so that nothing is out of reach': `It takes ${gib('full', ATTENTION, 16)} GiB. And what is within reach are the mistakes, too: at full rank, 32 in step 1, the training loss was lowest and the held-out loss highest.`,
      },
    },
  ],
};
