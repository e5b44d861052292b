import { expect } from 'vitest';
import { readCost } from '../../../experiment/cost/cost-link.ts';
import type { Claim } from '../../testing/claims.tsx';
import { ALL, ATTENTION, D, fewer, LAYERS, same, trained } from './by-hand.ts';

const COUNT = 'How many numbers does a rank train?';
const SAVING = 'Is it always 100 times fewer?';
const MODEL = 'All attention of a model';

/** Of the steps that count numbers. */
export const OF_NUMBERS: readonly Claim[] = [
  {
    step: COUNT,
    says: 'That is 16,777,216 numbers.',
    shows: () => same(4096 * 4096, 16_777_216, '4,096² = 16,777,216'),
  },
  {
    step: COUNT,
    says: 'Rank 16 trains 131,072 numbers: 1 in 128, or 0.78%.',
    shows: () => {
      expect(trained(D, D, 16)).toBe(131_072);
      expect(((100 * 131_072) / (D * D)).toFixed(2)).toBe('0.78');
      return same(fewer(D, D, 16), 128, '16 · 8,192 = 131,072 of 16,777,216: 0.78%, 128 times fewer');
    },
  },
  {
    step: COUNT,
    says: 'Your guess was 16 times too high.',
    shows: () => same(2_097_152 / trained(D, D, 16), 16, '2,097,152 / 131,072 = 16'),
  },
  {
    step: COUNT,
    says: 'Your guess was 8 times too high.',
    shows: () => same(1_048_576 / trained(D, D, 16), 8, '1,048,576 / 131,072 = 8'),
  },
  {
    step: COUNT,
    says: 'Your guess was 512 times too low: each of the 16 columns of B has 4,096 numbers, and so has each row of A.',
    shows: () => same(trained(D, D, 16) / 256, 512, '131,072 / 256 = 512'),
  },
  {
    step: COUNT,
    says: 'The saving is larger for larger matrices: dk grows with the product of the sides, r(d + k) only with their sum.',
    shows: () => {
      const sides = [256, 512, 1024, 2048, 4096, 8192].map((side) => fewer(side, side, 16));
      return same(
        sides,
        [...sides].sort((a, b) => a - b),
        `at r = 16, sides 256 to 8,192: ${sides.join(', ')} times fewer`,
      );
    },
  },
  {
    step: SAVING,
    says: 'Rank 16 gives 128×.',
    shows: () => same(fewer(D, D, 16), 128, 'r = 16: 128'),
  },
  {
    step: SAVING,
    says: 'At 4,096 × 4,096 that is false.',
    shows: () => same(fewer(D, D, 64) > 100, false, 'r = 64: 32 times fewer'),
  },
  {
    step: SAVING,
    says: 'Twice the rank trains twice the numbers: rank 4 trains 512 times fewer than full fine-tuning, rank 64 only 32 times fewer.',
    shows: () => same([fewer(D, D, 4), fewer(D, D, 64)], [512, 32], 'r = 4: 512, r = 64: 32'),
  },
  {
    step: SAVING,
    says: 'At the break-even rank dk/(d + k), 2,048 here, B and A together have as many numbers as W₀.',
    shows: () => same(trained(D, D, 2048), D * D, '2,048 · 8,192 = 16,777,216'),
  },
  {
    step: SAVING,
    says: 'Beyond it LoRA trains more than full fine-tuning would.',
    shows: () => same(trained(D, D, 2049) > D * D, true, 'r = 2,049: 16,785,408 of 16,777,216'),
  },
  {
    step: SAVING,
    says: 'Rank 20 it is: 102 times fewer numbers.',
    shows: () => same(Math.floor(fewer(D, D, 20)), 102, `r = 20: ${fewer(D, D, 20)}`),
  },
  {
    step: SAVING,
    says: 'At rank 21 they are only 97 times fewer.',
    shows: () => same(Math.floor(fewer(D, D, 21)), 97, `r = 21: ${fewer(D, D, 21).toFixed(2)}`),
  },
  {
    step: MODEL,
    says: 'A decoder with 7 billion numbers has 32 layers.',
    shows: () => same(ALL, 6_738_415_616, 'Llama-2-7b: 6,738,415,616 numbers in 32 layers'),
  },
  {
    step: MODEL,
    says: 'In each, attention has four matrices of 4,096 × 4,096, called q, k, v and o.',
    shows: () => {
      const { modules } = readCost('').cost.model;
      const squares = modules.filter(({ shapes: [{ d, k, count }] }) => d === D && k === D && count === LAYERS);
      return same(
        squares.map(({ name }) => name),
        ['q', 'k', 'v', 'o'],
        'as in the tensors of Llama-2-7b, which add up to the published number',
      );
    },
  },
  {
    step: MODEL,
    says: 'Together they hold 2,147,483,648 numbers, 2.1 billion.',
    shows: () => same(LAYERS * 4 * D * D, 2_147_483_648, '32 · 4 · 4,096² = 2,147,483,648'),
  },
  {
    step: MODEL,
    says: 'At rank 16 LoRA trains 16,777,216 numbers for them, 16.8 million.',
    shows: () => same(ATTENTION, 16_777_216, '32 · 4 · 131,072 = 16,777,216'),
  },
  {
    step: MODEL,
    says: 'That is 0.25% of the whole model.',
    shows: () => same(((100 * ATTENTION) / ALL).toFixed(2), '0.25', '16,777,216 / 6,738,415,616 = 0.249%'),
  },
  {
    step: MODEL,
    says: 'The adapter is a file of 33.6 MB in bfloat16, the model one of 13.5 GB.',
    shows: () =>
      same(
        [(2 * ATTENTION) / 1e6, (2 * ALL) / 1e9].map((n) => n.toFixed(1)),
        ['33.6', '13.5'],
        '2 bytes a number: 33.6 MB and 13.5 GB',
      ),
  },
  {
    step: MODEL,
    says: 'Then k and v have fewer rows, and the same rank saves less there.',
    shows: () => same(fewer(1024, D, 16) < fewer(D, D, 16), true, '51.2 instead of 128 times fewer'),
  },
  {
    step: MODEL,
    says: 'Its k and v have 1,024 rows only.',
    shows: () => {
      const { model } = readCost('model:llama-3-8b').cost;
      const rows = model.modules.filter(({ name }) => name === 'k' || name === 'v').map(({ shapes }) => shapes[0].d);
      return same(rows, [1024, 1024], '8 heads of 128 rows');
    },
  },
  {
    step: MODEL,
    says: 'Rank 16 trains 51 times fewer numbers there, and still 128 times fewer in q and o.',
    shows: () => same([Math.floor(fewer(1024, D, 16)), fewer(D, D, 16)], [51, 128], '51.2 and 128'),
  },
];
