import { usualCost } from '../../../experiment/cost/setting.ts';
import { Mark, P, Term } from '../../pane/prose.tsx';
import type { Step } from '../../step.tsx';
import { costOf } from '../calculator/use-cost.ts';
import { MEMORY } from '../figures.tsx';
import { sets } from './numbers.tsx';

export const memory: Step = {
  title: 'Which card is enough?',
  link: null,
  begins: 'anywhere',
  figure: MEMORY,
  shows: ['.calculator [data-chart="memory"]'],
  Text: () => (
    <>
      <P>
        Training needs memory for four things: the weights, one gradient for each trained number, what the{' '}
        <Term of="optimiser state">optimiser</Term> keeps for it, and the <Term of="activation">activations</Term>.
      </P>
      <P>
        The three bars <Mark n={1} /> are for the 7B decoder with attention at rank 16. Full fine-tuning with Adam needs
        76.6 GiB, a card of 80. LoRA still needs all the weights. But gradients and optimiser state are there for 0.25%
        of the numbers only, and 14.1 GiB fit a card of 16.
      </P>
      <P>
        QLoRA stores the frozen matrices in 4 bits each. That takes 3.7 GiB of weights instead of 12.6, and 5.1 GiB in
        all: a card of 8.
      </P>
    </>
  ),
  act: {
    Ask: () => (
      <>
        With <i>checkpoints</i> only the input of each layer is kept, and the rest is computed again. Uncheck them.
        Which cards are enough now?
      </>
    ),
    label: 'Begin with the 7B decoder',
    does: () => [sets(usualCost())],
    done: (s) => {
      const { model, checkpoints } = costOf(s);
      return model.name === 'llama-2-7b' && !checkpoints;
    },
    Seen: () => (
      <>
        Activations grow from 1.3 to 9.9 GiB, in all three bars. LoRA now needs 22.7 GiB, a card of 24, and QLoRA 13.7,
        a card of 16. LoRA saves little here, and the board counts nothing.
      </>
    ),
  },
  Limits: () => (
    <>
      Programs also keep buffers: add one or two GiB. Full fine-tuning often keeps a float32 copy of the weights too: 25
      GiB more. “How each byte is counted” lists what is assumed, and lets you change it.
    </>
  ),
};
