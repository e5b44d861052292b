import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import recordedPresets from '../../experiment/recorded/recorded.json' with { type: 'json' };
import { readCost } from '../../plan/model/cost-link.ts';
import { loraConfig, memoryOf } from '../../plan/model/counts.ts';
import { LLAMA2, numbersIn } from '../../plan/model/testing/tensors.ts';
import { type Claim, claims } from '../testing/claims.tsx';
import { PICTURED_MEMORY } from './entry.tsx';
import { VARIANTS as METHODS } from './figures.tsx';
import { judgeCost, lesson } from './lesson.tsx';

// By hand, from the shapes of the model alone.

const [D, FF, LAYERS, TOKENS] = [4096, 11_008, 32, 2048];
const VOCABULARY = 32_000;
const trainedNumbers = (d: number, k: number, r: number) => r * (d + k);
const savingFactor = (d: number, k: number, r: number) => (d * k) / trainedNumbers(d, k, r);
const ALL = numbersIn(LLAMA2);
const LINEAR = LAYERS * (4 * D * D + 3 * D * FF);
const ATTENTION = LAYERS * 4 * trainedNumbers(D, D, 16);
const GIB = 2 ** 30;
const gib = (bytes: number) => (bytes / GIB).toFixed(1);

/** Inputs of all layers and one in full, or all in full, 2 bytes a number; logits and their gradient, 4 bytes each. */
const kept = 4 * D + 4 * D + 4 * FF;
const activations = (checkpoints: boolean) =>
  TOKENS * ((checkpoints ? LAYERS * D + kept : LAYERS * kept) * 2 + VOCABULARY * 8);
const fullMemory = (checkpoints = true) => (2 + 2 + 8) * ALL + activations(checkpoints);
const loraMemory = (checkpoints = true) => 2 * ALL + (4 + 4 + 8) * ATTENTION + activations(checkpoints);
const quantisedBytes = LINEAR * (0.5 + 1 / 64 + 4 / (64 * 256)) + 2 * (ALL - LINEAR) + 4 * ATTENTION;
const qloraMemory = (checkpoints = true) => quantisedBytes + (4 + 8) * ATTENTION + activations(checkpoints);
const smallestCard = (bytes: number) => [8, 16, 24, 48, 80].find((card) => bytes <= card * GIB);

const expectEqual = (value: unknown, expected: unknown, said: string) => {
  expect(value).toEqual(expected);
  return said;
};

/** Over five seeds: experiment/recorded/presets-network.test.ts. */
const recorded = recordedPresets['which-matrices'];

const COUNT = 'How many parameters does a rank train?';
const SAVING = 'Is it always 100 times fewer?';
const MODEL = 'All attention of a model';

const NUMBER_CLAIMS: readonly Claim[] = [
  {
    step: COUNT,
    says: 'A matrix W₀ in the attention of a large model has d = 4,096 rows and k = 4,096 columns: 16,777,216 parameters.',
    shows: () => expectEqual(4096 * 4096, 16_777_216, '4,096² = 16,777,216'),
  },
  {
    step: COUNT,
    says: 'Rank 16 trains 131,072 numbers: 1 in 128, or 0.78%.',
    shows: () => {
      expect(trainedNumbers(D, D, 16)).toBe(131_072);
      expect(((100 * 131_072) / (D * D)).toFixed(2)).toBe('0.78');
      return expectEqual(savingFactor(D, D, 16), 128, '16 · 8,192 = 131,072 of 16,777,216: 0.78%, 128 times fewer');
    },
  },
  {
    step: COUNT,
    says: 'Your guess was 16 times too high.',
    shows: () => expectEqual(2_097_152 / trainedNumbers(D, D, 16), 16, '2,097,152 / 131,072 = 16'),
  },
  {
    step: COUNT,
    says: 'Your guess was 8 times too high.',
    shows: () => expectEqual(1_048_576 / trainedNumbers(D, D, 16), 8, '1,048,576 / 131,072 = 8'),
  },
  {
    step: COUNT,
    says: 'Your guess was 512 times too low: each of the 16 columns of B has 4,096 numbers, and so has each row of A.',
    shows: () => expectEqual(trainedNumbers(D, D, 16) / 256, 512, '131,072 / 256 = 512'),
  },
  {
    step: COUNT,
    says: 'The saving is larger for larger matrices: dk grows with the product of the sides, r(d + k) only with their sum.',
    shows: () => {
      const sides = [256, 512, 1024, 2048, 4096, 8192].map((side) => savingFactor(side, side, 16));
      return expectEqual(
        sides,
        [...sides].sort((a, b) => a - b),
        `at r = 16, sides 256 to 8,192: ${sides.join(', ')} times fewer`,
      );
    },
  },
  {
    step: SAVING,
    says: 'Rank 16 gives 128×.',
    shows: () => expectEqual(savingFactor(D, D, 16), 128, 'r = 16: 128'),
  },
  {
    step: SAVING,
    says: 'Here that is false.',
    shows: () => expectEqual(savingFactor(D, D, 64) > 100, false, 'r = 64: 32 times fewer'),
  },
  {
    step: SAVING,
    says: 'Twice the rank trains twice the parameters: rank 4 trains 512 times fewer than full fine-tuning, rank 64 only 32 times.',
    shows: () => expectEqual([savingFactor(D, D, 4), savingFactor(D, D, 64)], [512, 32], 'r = 4: 512, r = 64: 32'),
  },
  {
    step: SAVING,
    says: 'At the break-even rank dk/(d + k), 2,048 here, B and A together have as many parameters as W₀.',
    shows: () => expectEqual(trainedNumbers(D, D, 2048), D * D, '2,048 · 8,192 = 16,777,216'),
  },
  {
    step: SAVING,
    says: 'Beyond it LoRA trains more than full fine-tuning would.',
    shows: () => expectEqual(trainedNumbers(D, D, 2049) > D * D, true, 'r = 2,049: 16,785,408 of 16,777,216'),
  },
  {
    step: SAVING,
    says: 'Rank 20 it is: 102 times fewer parameters.',
    shows: () => expectEqual(Math.floor(savingFactor(D, D, 20)), 102, `r = 20: ${savingFactor(D, D, 20)}`),
  },
  {
    step: SAVING,
    says: 'At rank 21 they are only 97 times fewer.',
    shows: () => expectEqual(Math.floor(savingFactor(D, D, 21)), 97, `r = 21: ${savingFactor(D, D, 21).toFixed(2)}`),
  },
  {
    step: MODEL,
    says: 'A decoder with 7 billion parameters has 32 layers.',
    shows: () => expectEqual(ALL, 6_738_415_616, 'Llama-2-7b: 6,738,415,616 parameters in 32 layers'),
  },
  {
    step: MODEL,
    says: 'In each, attention has four such matrices, called q, k, v and o: 2.1 billion parameters in all.',
    shows: () => {
      const { modules } = readCost('').cost.model;
      const squares = modules.filter(({ shapes: [{ d, k, count }] }) => d === D && k === D && count === LAYERS);
      return expectEqual(
        squares.map(({ name }) => name),
        ['q', 'k', 'v', 'o'],
        'as in the tensors of Llama-2-7b, which add up to the published number',
      );
    },
  },
  {
    step: MODEL,
    says: 'At rank 16 LoRA trains 16.8 million for them, 0.25% of the whole model.',
    shows: () => {
      expect([LAYERS * 4 * D * D, ATTENTION]).toEqual([2_147_483_648, 16_777_216]);
      return expectEqual(
        ((100 * ATTENTION) / ALL).toFixed(2),
        '0.25',
        '32 · 4 · 131,072 = 16,777,216; of 6,738,415,616 that is 0.249%',
      );
    },
  },
  {
    step: MODEL,
    says: 'In bfloat16 the adapter is a file of 33.6 MB, the model one of 13.5 GB.',
    shows: () =>
      expectEqual(
        [(2 * ATTENTION) / 1e6, (2 * ALL) / 1e9].map((n) => n.toFixed(1)),
        ['33.6', '13.5'],
        '2 bytes a number: 33.6 MB and 13.5 GB',
      ),
  },
  {
    step: MODEL,
    says: 'Then k and v have fewer rows, and the same rank saves less there.',
    shows: () =>
      expectEqual(savingFactor(1024, D, 16) < savingFactor(D, D, 16), true, '51.2 instead of 128 times fewer'),
  },
  {
    step: MODEL,
    says: 'Its k and v have 1,024 rows only.',
    shows: () => {
      const { model } = readCost('model:llama-3-8b').cost;
      const rows = model.modules.filter(({ name }) => name === 'k' || name === 'v').map(({ shapes }) => shapes[0].d);
      return expectEqual(rows, [1024, 1024], '8 heads of 128 rows');
    },
  },
  {
    step: MODEL,
    says: 'Rank 16 trains 51 times fewer parameters there, and still 128 times fewer in q and o.',
    shows: () =>
      expectEqual([Math.floor(savingFactor(1024, D, 16)), savingFactor(D, D, 16)], [51, 128], '51.2 and 128'),
  },
];

const CARD = 'Which GPU is enough?';

const MEMORY_CLAIMS: readonly Claim[] = [
  {
    step: CARD,
    says: 'Full fine-tuning takes 76.6 GiB, an 80 GB card.',
    shows: () => expectEqual([gib(fullMemory()), smallestCard(fullMemory())], ['76.6', 80], `${gib(fullMemory())} GiB`),
  },
  {
    step: CARD,
    says: 'LoRA needs all the weights, but gradients and optimiser state for few parameters: 14.1 GiB, a 16 GB card.',
    shows: () => expectEqual([gib(loraMemory()), smallestCard(loraMemory())], ['14.1', 16], `${gib(loraMemory())} GiB`),
  },
  {
    step: CARD,
    says: 'QLoRA stores the frozen matrices in 4 bits, in 3.7 GiB instead of 12.6.',
    shows: () =>
      expectEqual(
        [gib(quantisedBytes), gib(2 * ALL)],
        ['3.7', '12.6'],
        `${gib(quantisedBytes)} of ${gib(2 * ALL)} GiB`,
      ),
  },
  {
    step: CARD,
    says: 'With 5.1 GiB in all an 8 GB card is enough.',
    shows: () =>
      expectEqual([gib(qloraMemory()), smallestCard(qloraMemory())], ['5.1', 8], `${gib(qloraMemory())} GiB in all`),
  },
  {
    step: CARD,
    says: 'Activations grow from 1.3 to 9.9 GiB, in all three bars.',
    shows: () =>
      expectEqual(
        [true, false].map((one) => gib(activations(one))),
        ['1.3', '9.9'],
        '1.3 and 9.9 GiB for 2,048 tokens',
      ),
  },
  {
    step: CARD,
    says: 'LoRA now needs 22.7 GiB, a 24 GB card, and QLoRA 13.7, a 16 GB card.',
    shows: () =>
      expectEqual(
        [
          gib(loraMemory(false)),
          smallestCard(loraMemory(false)),
          gib(qloraMemory(false)),
          smallestCard(qloraMemory(false)),
        ],
        ['22.7', 24, '13.7', 16],
        `${gib(loraMemory(false))} and ${gib(qloraMemory(false))} GiB`,
      ),
  },
  {
    step: CARD,
    says: 'LoRA saves a little of this; the calculator assumes none.',
    shows: () => {
      const { full, lora } = memoryOf(readCost('checkpoints:0').cost);
      expect(lora.activations).toBe(full.activations);
      // A frozen matrix needs its input only for an uncomputed gradient: gate and up share one, down has another.
      const share = (TOKENS * LAYERS * (D + FF) * 2) / activations(false);
      expect(share).toBeLessThan(0.2);
      return `at most the inputs of gate, up and down, ${(100 * share).toFixed(0)}%; the board counts the same for all three`;
    },
  },
  {
    step: CARD,
    says: 'Full fine-tuning often keeps a float32 copy of the weights too: 25 GiB more.',
    shows: () => expectEqual(Math.round((4 * ALL) / GIB), 25, `${gib(4 * ALL)} GiB`),
  },
];

const KINDS = 'A rank for each kind of matrix';
const WHICH = 'Which matrices matter?';
const RUNNING = 'What does not get cheaper';
const VARIANTS = 'Variants';
const QUESTIONS = 'Questions';

claims(
  lesson,
  [
    ...NUMBER_CLAIMS,
    ...MEMORY_CLAIMS,
    {
      step: KINDS,
      says: 'One rank more costs 8,192 parameters in each q, and 15,104 in each up or down.',
      shows: () =>
        expectEqual(
          [trainedNumbers(D, D, 1), trainedNumbers(FF, D, 1), trainedNumbers(D, FF, 1)],
          [8192, 15_104, 15_104],
          'd + k',
        ),
    },
    {
      step: KINDS,
      says: 'Begin with all seven kinds at rank 16: 40.0 million parameters.',
      shows: () =>
        expectEqual(
          LAYERS * (4 * trainedNumbers(D, D, 16) + 3 * trainedNumbers(FF, D, 16)),
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
        return expectEqual(
          [/rank_pattern=\{"up_proj": 8\}/.test(text), /alpha_pattern=\{"up_proj": 16\}/.test(text)],
          [true, true],
          'α/r = 32/16 = 16/8',
        );
      },
    },
    {
      step: WHICH,
      says: 'About 10%; before training it was 6%, as by chance.',
      shows: () => {
        expect(recorded.measured).toMatch(/^before 6\.3% .* · up and down 10\.1% /);
        return expectEqual(Math.round(100 / 16), 6, `one in 16; ${recorded.measured}`);
      },
    },
    {
      step: WHICH,
      says: 'All symbols are right, with 4,096 trained parameters in the place of 6,144.',
      shows: () => {
        expect(recorded.measured).toMatch(/q and v 100\.0% .* · all six 100\.0% /);
        const [square, wide] = [trainedNumbers(64, 64, 8), trainedNumbers(128, 64, 8)];
        return expectEqual(
          [2 * 2 * square, 2 * 2 * wide],
          [4096, 6144],
          `two in each of two layers; ${recorded.measured}`,
        );
      },
    },
    {
      step: WHICH,
      says: 'Medians of five recorded runs of 400 steps; up and down ranged from 6% to 14%, all six from 89% to 100%.',
      shows: () => {
        expect(parseLink(presets.byName('which-matrices').link).experiment.steps).toBe(400);
        const ranges = [...recorded.measured.matchAll(/(?:up and down|all six) [\d.]+% \(([\d.]+)%–([\d.]+)%\)/g)];
        const ends = ranges.flatMap(([, low, high]) => [low, high]);
        return expectEqual(
          ends.map((share) => Math.round(Number(share))),
          [6, 14, 89, 100],
          ends.join(', '),
        );
      },
    },
    {
      step: RUNNING,
      says: 'multiply-adds, 0.78% more than before.',
      shows: () =>
        expectEqual(((100 * trainedNumbers(D, D, 16)) / (D * D)).toFixed(2), '0.78', '131,072 beside 16,777,216'),
    },
    {
      step: RUNNING,
      says: 'Nor does a training step become 128 times faster.',
      shows: () =>
        expectEqual(
          (3 * D * D) / (2 * D * D + 3 * trainedNumbers(D, D, 16)) < 1.5,
          true,
          '1.48 times fewer multiply-adds',
        ),
    },
    {
      step: RUNNING,
      says: 'Only the gradient of W₀ itself is left out: 67% of the multiply-adds of full fine-tuning remain in these matrices.',
      shows: () => {
        // Forward, the gradient of the inputs, the gradient of the weights: dk each, and r(d + k) each for A and B.
        const share = (2 * D * D + 3 * trainedNumbers(D, D, 16)) / (3 * D * D);
        return expectEqual(Math.round(100 * share), 67, `(2dk + 3r(d + k))/3dk = ${(100 * share).toFixed(1)}%`);
      },
    },
    {
      step: VARIANTS,
      says: 'QLoRA (arXiv 2305.14314) freezes the model in NF4: with the scales of its blocks, 4.127 bits for each number.',
      shows: () =>
        expectEqual((8 * (0.5 + 1 / 64 + 4 / (64 * 256))).toFixed(3), '4.127', '4 + 8/64 + 32/(64·256) = 4.127'),
    },
    {
      step: VARIANTS,
      says: 'DoRA (arXiv 2402.09353) trains the lengths of the weight’s columns apart: 3.1% more than rank 16 here.',
      shows: () => expectEqual(((100 * D) / trainedNumbers(D, D, 16)).toFixed(1), '3.1', '4,096 of 131,072'),
    },
    {
      step: VARIANTS,
      says: 'VeRA (arXiv 2310.11454) freezes random A and B for all layers and trains r + d parameters.',
      shows: () =>
        expectEqual(
          METHODS.map(({ trained }) => trained),
          // P, Λ, Q; a length for each output; two vectors; two pairs of factors.
          [2 * 4096 * 16, 4096 * 16 + 16 + 16 * 4096, 131_072 + 4096, 16 + 4096, 4 * 4096 * 16],
          '131,072, 131,088, 135,168, 4,112, 262,144 in the figure',
        ),
    },
    {
      step: QUESTIONS,
      says: 'One rank more costs 262,144 parameters for each of q, k, v and o in the 32 layers, and 483,328 for each of up and down.',
      shows: () => expectEqual([LAYERS * 2 * D, LAYERS * (D + FF)], [262_144, 483_328], '32 · 8,192 and 32 · 15,104'),
    },
    {
      step: QUESTIONS,
      says: '8 × (2,304 + 768) = 24,576.',
      shows: () => expectEqual(trainedNumbers(2304, 768, 8), 24_576, '8 · 3,072 = 24,576'),
    },
    {
      step: QUESTIONS,
      says: 'Its break-even rank is 512: r(d + k) is 1,228,800 at rank 600, and dk is 1,048,576.',
      shows: () =>
        expectEqual(
          [trainedNumbers(1024, 1024, 600), 1024 * 1024, trainedNumbers(1024, 1024, 512)],
          [1_228_800, 1_048_576, 1_048_576],
          '600 · 2,048, 1,024², and 512 · 2,048',
        ),
    },
    {
      step: QUESTIONS,
      says: '1,228,800 instead of 1,048,576: rank 600 is past the break-even rank, 512.',
      shows: () => expectEqual(savingFactor(1024, 1024, 600) < 1, true, '1,228,800 > 1,048,576'),
    },
    {
      step: QUESTIONS,
      says: 'Ranks up to 1,024 are possible.',
      shows: () => expectEqual(Math.min(1024, 1024), 1024, 'min(d, k)'),
    },
  ],
  {
    plain: [
      'How many of the 16,777,216 parameters does rank 16 train?',
      '1 in 8: 2,097,152',
      '1 in 16: 1,048,576',
      '1 in 128: 131,072',
      '16 × 16: 256',
      // Quoted to be refuted.
      'It is often said that ranks from 4 to 64 train over 100 times fewer parameters.',
      'Find the largest rank of q that still trains more than 100 times fewer parameters.',
      'How many times fewer parameters does rank 16 train in k and v?',
      'The bars 1 are for the 7B decoder.',
      // Claims of papers, with their numbers, not shown on the page.
      'If in doubt, adapt all: QLoRA’s authors found that necessary (arXiv 2305.14314).',
      'The authors of LoRA found very small ranks enough for q and v (arXiv 2106.09685); they did not adapt the feed-forward part.',
      'AdaLoRA (arXiv 2303.10512) trains PΛQ, like a singular value decomposition, and takes away the entries of Λ that matter least.',
      'LoHa multiplies two low-rank products entry by entry, LoKr takes a Kronecker product (arXiv 2309.14859).',
      'Take the 7B decoder with q, k, v and o.',
      'Adapt up and down as well, and train at most 20 million parameters.',
      'GPT-2 small has one matrix of 2,304 × 768 for q, k and v in each layer.',
      'How many parameters does rank 8 train in one of them?',
      'r(d + k), with r = 8.',
      'Count B and A: 8 columns of 2,304 numbers, and 8 rows of 768.',
      'Which of these is as large with LoRA as with full fine-tuning, if both use bfloat16 weights?',
      'A matrix of 1,024 × 1,024 gets an adapter of rank 600.',
    ],
  },
);

describe('the question that is answered on the calculator', () => {
  const answer = (text: string) => judgeCost(readCost(text).cost);
  it('knows what is missing, what is too much, and what is right', () => {
    expect(answer('')).toEqual({ right: false, says: 'up and down are still frozen.' });
    expect(answer('k:8,v:8,o:8,up:8,down:8').says).toBe('q is still frozen.');
    expect(answer('q:10,k:10,v:10,o:10,up:10,down:10').says).toContain('20,152,320 numbers: lower a rank');
    expect(answer('q:9,k:9,v:9,o:9,up:9,down:9')).toEqual({
      right: true,
      says: '18,137,088 parameters. With one rank for all six, 9 is the highest that fits.',
    });
    expect(answer('q:16,k:4,v:4,o:16,up:8,down:2').right).toBe(true);
    expect(answer('model:gpt2,o:8,up:8,down:8').right).toBe(false);
  });
});

it('the picture of the contents is the memory board', () => {
  const { full, lora, qlora } = memoryOf(readCost('').cost);
  for (const [i, parts] of [full, lora, qlora].entries()) {
    const drawn = [parts.weights, parts.gradients, parts.optimiser, parts.activations].map((b) => b / GIB);
    for (const [j, value] of drawn.entries()) expect(PICTURED_MEMORY[i]?.[j]).toBeCloseTo(value, 0);
  }
});
