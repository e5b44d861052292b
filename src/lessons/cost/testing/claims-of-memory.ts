import { expect } from 'vitest';
import { readCost } from '../../../experiment/cost/cost-link.ts';
import { memoryOf } from '../../../experiment/cost/counts.ts';
import type { Claim } from '../../testing/claims.tsx';
import {
  ALL,
  activations,
  D,
  FF,
  full,
  GIB,
  gib,
  LAYERS,
  lora,
  on,
  qlora,
  quantised,
  same,
  TOKENS,
} from './by-hand.ts';

const CARD = 'Which card is enough?';

/** Of the step on cards. */
export const OF_MEMORY: readonly Claim[] = [
  {
    step: CARD,
    says: 'Full fine-tuning with Adam needs 76.6 GiB, a card of 80.',
    shows: () => same([gib(full()), on(full())], ['76.6', 80], `${gib(full())} GiB`),
  },
  {
    step: CARD,
    says: 'But gradients and optimiser state are there for 0.25% of the numbers only, and 14.1 GiB fit a card of 16.',
    shows: () => same([gib(lora()), on(lora())], ['14.1', 16], `${gib(lora())} GiB`),
  },
  {
    step: CARD,
    says: 'That takes 3.7 GiB of weights instead of 12.6, and 5.1 GiB in all: a card of 8.',
    shows: () =>
      same(
        [gib(quantised), gib(2 * ALL), gib(qlora()), on(qlora())],
        ['3.7', '12.6', '5.1', 8],
        `${gib(quantised)} of ${gib(2 * ALL)} GiB; ${gib(qlora())} GiB in all`,
      ),
  },
  {
    step: CARD,
    says: 'Activations grow from 1.3 to 9.9 GiB, in all three bars.',
    shows: () =>
      same(
        [true, false].map((one) => gib(activations(one))),
        ['1.3', '9.9'],
        '1.3 and 9.9 GiB for 2,048 tokens',
      ),
  },
  {
    step: CARD,
    says: 'LoRA now needs 22.7 GiB, a card of 24, and QLoRA 13.7, a card of 16.',
    shows: () =>
      same(
        [gib(lora(false)), on(lora(false)), gib(qlora(false)), on(qlora(false))],
        ['22.7', 24, '13.7', 16],
        `${gib(lora(false))} and ${gib(qlora(false))} GiB`,
      ),
  },
  {
    step: CARD,
    says: 'LoRA saves little here, and the board counts nothing.',
    shows: () => {
      const { full, lora } = memoryOf(readCost('checkpoints:0').cost);
      expect(lora.activations).toBe(full.activations);
      // A frozen matrix needs its input only for a gradient that is not computed: gate and up share one, down has its own.
      const share = (TOKENS * LAYERS * (D + FF) * 2) / activations(false);
      expect(share).toBeLessThan(0.2);
      return `at most the inputs of gate, up and down, ${(100 * share).toFixed(0)}%; the board counts the same for all three`;
    },
  },
  {
    step: CARD,
    says: 'Full fine-tuning often keeps a float32 copy of the weights too: 25 GiB more.',
    shows: () => same(Math.round((4 * ALL) / GIB), 25, `${gib(4 * ALL)} GiB`),
  },
];
