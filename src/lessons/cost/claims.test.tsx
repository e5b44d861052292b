import { describe, expect, it } from 'vitest';
import { readCost } from '../../experiment/cost/cost-link.ts';
import { loraConfig, memoryOf } from '../../experiment/cost/counts.ts';
import { claims } from '../testing/claims.tsx';
import { lesson } from './lesson.tsx';
import { PICTURED } from './picture.tsx';
import { judge } from './steps/questions.tsx';
import { D, FF, fewer, GIB, LAYERS, same, trained } from './testing/by-hand.ts';
import { OF_MEMORY } from './testing/claims-of-memory.ts';
import { OF_NUMBERS } from './testing/claims-of-numbers.ts';

const KINDS = 'A rank for each kind of matrix';
const RUNNING = 'What does not get cheaper';
const VARIANTS = 'Variants';
const QUESTIONS = 'Questions';

claims(
  lesson,
  [
    ...OF_NUMBERS,
    ...OF_MEMORY,
    {
      step: KINDS,
      says: 'One rank more costs 8,192 numbers in each q, and 15,104 in each up or down.',
      shows: () => same([trained(D, D, 1), trained(FF, D, 1), trained(D, FF, 1)], [8192, 15_104, 15_104], 'd + k'),
    },
    {
      step: KINDS,
      says: 'With all seven kinds at rank 16 the 7B decoder trains 39,976,960 numbers.',
      shows: () =>
        same(
          LAYERS * (4 * trained(D, D, 16) + 3 * trained(FF, D, 16)),
          39_976_960,
          '32 · 16 · (4 · 8,192 + 3 · 15,104) = 39,976,960',
        ),
    },
    {
      step: KINDS,
      says: '“Copy as LoraConfig” now has a rank_pattern, and an alpha_pattern that keeps the scaling the same in all of them.',
      shows: () => {
        const text = loraConfig(readCost('q:16,up:8').cost) ?? '';
        expect(text).toContain('r=16,\n    lora_alpha=32,');
        return same(
          [/rank_pattern=\{"up_proj": 8\}/.test(text), /alpha_pattern=\{"up_proj": 16\}/.test(text)],
          [true, true],
          'α/r = 32/16 = 16/8',
        );
      },
    },
    {
      step: RUNNING,
      says: 'At 4,096 × 4,096 and rank 16 these are 0.78% more than before.',
      shows: () => same(((100 * trained(D, D, 16)) / (D * D)).toFixed(2), '0.78', '131,072 beside 16,777,216'),
    },
    {
      step: RUNNING,
      says: 'Nor does a training step become 128 times faster.',
      shows: () =>
        same((3 * D * D) / (2 * D * D + 3 * trained(D, D, 16)) < 1.5, true, '1.48 times fewer multiply-adds'),
    },
    {
      step: RUNNING,
      says: 'That leaves 67% of the multiply-adds of full fine-tuning in these matrices.',
      shows: () => {
        // Forward, the gradient of the inputs, the gradient of the weights: dk each, and r(d + k) each for A and B.
        const share = (2 * D * D + 3 * trained(D, D, 16)) / (3 * D * D);
        return same(Math.round(100 * share), 67, `(2dk + 3r(d + k))/3dk = ${(100 * share).toFixed(1)}%`);
      },
    },
    {
      step: VARIANTS,
      says: 'That is 4.127 bits for each number.',
      shows: () => same((8 * (0.5 + 1 / 64 + 4 / (64 * 256))).toFixed(3), '4.127', '4 + 8/64 + 32/(64·256) = 4.127'),
    },
    {
      step: VARIANTS,
      says: 'At 4,096 × 4,096 that is 4,096 numbers more, 3.1% of an adapter of rank 16.',
      shows: () => same(((100 * D) / trained(D, D, 16)).toFixed(1), '3.1', '4,096 of 131,072'),
    },
    {
      step: VARIANTS,
      says: 'VeRA (arXiv 2310.11454) draws one random A and B for all layers, freezes them, and trains r + d numbers for each matrix: 4,112 instead of 131,072.',
      shows: () => same(16 + D, 4112, '16 + 4,096 = 4,112'),
    },
    {
      step: QUESTIONS,
      says: 'One rank more costs 262,144 numbers for each of q, k, v and o in the 32 layers, and 483,328 for each of up and down.',
      shows: () => same([LAYERS * 2 * D, LAYERS * (D + FF)], [262_144, 483_328], '32 · 8,192 and 32 · 15,104'),
    },
    {
      step: QUESTIONS,
      says: '8 × (2,304 + 768) = 24,576.',
      shows: () => same(trained(2304, 768, 8), 24_576, '8 · 3,072 = 24,576'),
    },
    {
      step: QUESTIONS,
      says: 'Its break-even rank is 512: r(d + k) is 1,228,800 at rank 600, and dk is 1,048,576.',
      shows: () =>
        same(
          [trained(1024, 1024, 600), 1024 * 1024, trained(1024, 1024, 512)],
          [1_228_800, 1_048_576, 1_048_576],
          '600 · 2,048, 1,024², and 512 · 2,048',
        ),
    },
    {
      step: QUESTIONS,
      says: '1,228,800 instead of 1,048,576: rank 600 is past the break-even rank, 512.',
      shows: () => same(fewer(1024, 1024, 600) < 1, true, '1,228,800 > 1,048,576'),
    },
    {
      step: QUESTIONS,
      says: 'Ranks up to 1,024 are possible.',
      shows: () => same(Math.min(1024, 1024), 1024, 'min(d, k)'),
    },
  ],
  {
    plain: [
      'A matrix W₀ in the attention of a large model has d = 4,096 rows and k = 4,096 columns.',
      'How many of the 16,777,216 numbers does rank 16 train?',
      '1 in 8: 2,097,152',
      '1 in 16: 1,048,576',
      '1 in 128: 131,072',
      '16 × 16: 256',
      // Quoted to be refuted.
      'It is often said that ranks from 4 to 64 train over 100 times fewer numbers.',
      'Find the largest rank of q that still trains more than 100 times fewer numbers.',
      'How many times fewer numbers does rank 16 train in k and v?',
      'The three bars 1 are for the 7B decoder with attention at rank 16.',
      'QLoRA stores the frozen matrices in 4 bits each.',
      'Begin with all seven kinds at rank 16.',
      // What papers say, with their numbers: not shown on the page.
      'The authors of LoRA found that very small ranks were enough for q and v on their tasks (arXiv 2106.09685).',
      'QLoRA (arXiv 2305.14314) freezes the model in NF4: 4 bits for each number, and for each block of 64 numbers a scale, which is stored in 8 bits and has a scale in turn.',
      'A and B stay in 16 or 32 bits.',
      'AdaLoRA (arXiv 2303.10512) gives each matrix its own rank while it trains.',
      'DoRA (arXiv 2402.09353) trains the length of each column of the weight apart from its direction.',
      'LoHa multiplies two low-rank products entry by entry, LoKr takes a Kronecker product (arXiv 2309.14859).',
      'Take the 7B decoder with q, k, v and o.',
      'Adapt up and down as well, and train at most 20 million numbers.',
      'GPT-2 small has one matrix of 2,304 × 768 for q, k and v in each layer.',
      'How many numbers does rank 8 train in one of them?',
      'r(d + k), with r = 8.',
      'Count B and A: 8 columns of 2,304 numbers, and 8 rows of 768.',
      'Which of these is as large with LoRA as with full fine-tuning, if both use bfloat16 weights?',
      'A matrix of 1,024 × 1,024 gets an adapter of rank 600.',
    ],
  },
);

describe('the question that is answered on the calculator', () => {
  const answer = (text: string) => judge(readCost(text).cost);
  it('knows what is missing, what is too much, and what is right', () => {
    expect(answer('')).toEqual({ right: false, says: 'up and down are still frozen.' });
    expect(answer('k:8,v:8,o:8,up:8,down:8').says).toBe('q is still frozen.');
    expect(answer('q:10,k:10,v:10,o:10,up:10,down:10').says).toContain('20,152,320 numbers: lower a rank');
    expect(answer('q:9,k:9,v:9,o:9,up:9,down:9')).toEqual({
      right: true,
      says: '18,137,088 numbers. With one rank for all six, 9 is the highest that fits.',
    });
    expect(answer('q:16,k:4,v:4,o:16,up:8,down:2').right).toBe(true);
    expect(answer('model:gpt2,o:8,up:8,down:8').right).toBe(false);
  });
});

it('the picture of the contents is the memory board', () => {
  const { full, lora, qlora } = memoryOf(readCost('').cost);
  for (const [i, parts] of [full, lora, qlora].entries()) {
    const drawn = [parts.weights, parts.gradients, parts.optimiser, parts.activations].map((b) => b / GIB);
    for (const [j, value] of drawn.entries()) expect(PICTURED[i]?.[j]).toBeCloseTo(value, 0);
  }
});
