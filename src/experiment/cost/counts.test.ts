import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakEven, countType, totalsOf } from './counts.ts';
import { blockCount, largestRank, type Model, moduleNumbers, total } from './model.ts';
import { MODELS } from './models.ts';
import { usualCost } from './setting.ts';
import { GPT2, LLAMA2, LLAMA3, MISTRAL, numbersIn, QWEN, transformer, UNET, VIT } from './testing/tensors.ts';

const model = (name: string): Model => MODELS.find((one) => one.name === name) ?? expect.fail(name);
const square = (n: number) => ({ name: 'q', target: 'q_proj', shapes: [{ d: n, k: n, count: 1 }] }) as const;

describe('numbers of the models', () => {
  it.each([
    ['gpt2', GPT2, 124_439_808],
    ['llama-2-7b', LLAMA2, 6_738_415_616],
    ['llama-3-8b', LLAMA3, 8_030_261_248],
    ['vit-b16', VIT, 86_567_656],
    ['sd15-unet', UNET, 859_520_964],
  ] as const)('%s: as published, and as its tensors add up', (name, tensors, published) => {
    expect(numbersIn(tensors)).toBe(published);
    expect(model(name).parameters).toBe(published);
  });

  it('the tensors of two more models add up to what is published', () => {
    expect(numbersIn(MISTRAL)).toBe(7_241_732_096);
    expect(numbersIn(QWEN)).toBe(494_032_768);
  });

  it.each([
    ['gpt2', 12],
    ['llama-2-7b', 32],
    ['llama-3-8b', 32],
    ['vit-b16', 12],
    ['sd15-unet', 16],
  ])('%s has %i blocks, with one matrix of each kind in each', (name, blocks) => {
    expect(blockCount(model(name))).toBe(blocks);
    for (const type of model(name).modules)
      expect(
        total(type, () => 1),
        type.name,
      ).toBe(blocks);
    const { modules } = model(name);
    expect(new Set(modules.map((type) => type.target)).size).toBe(modules.length);
  });

  it('the matrices of a U-Net block are those of its tensors without norms, biases and convolutions', () => {
    const inBlock = [320, 640, 1280].map((c) =>
      numbersIn(transformer(c).filter(([, ...size], i) => size.length === 2 && i !== 1)),
    );
    const [narrow, middle, wide] = inBlock as [number, number, number];
    expect(moduleNumbers(model('sd15-unet'))).toBe(5 * narrow + 5 * middle + 6 * wide);
  });
});

describe('trained numbers', () => {
  it('are 131,072 of 16,777,216 at 4096 × 4096 and rank 16: 0.78%, 128 times fewer', () => {
    const { each, trained, full, fewer } = countType(square(4096), 16);
    expect([each, trained, full, fewer]).toEqual([[131_072], 131_072, 16_777_216, 128]);
    expect(((100 * trained) / full).toFixed(2)).toBe('0.78');
  });

  it('save 32 times at rank 64; over 100 times needs a rank of at most 20', () => {
    expect(countType(square(4096), 64).fewer).toBe(32);
    const over = Array.from({ length: 64 }, (_, i) => i + 1).filter((r) => countType(square(4096), r).fewer > 100);
    expect(over.at(-1)).toBe(20);
  });

  it('of q, k, v and o in 32 layers are 16,777,216 of 2,147,483,648, 0.25% of the model', () => {
    const { trained, full, fewer, share } = totalsOf(usualCost(model('llama-2-7b')));
    expect([trained, full, fewer]).toEqual([16_777_216, 2_147_483_648, 128]);
    expect((100 * share).toFixed(2)).toBe('0.25');
  });

  it('are none where all is frozen', () => {
    expect(totalsOf({ model: model('gpt2'), ranks: {} })).toMatchObject({ trained: 0, full: 0, share: 0 });
  });

  it('are as many as W₀ has at the break-even rank, and more than those beyond it', () => {
    expect(breakEven(square(4096))).toEqual([2048]);
    const [up] = breakEven({ name: 'up', target: 'up_proj', shapes: [{ d: 11_008, k: 4096, count: 1 }] });
    expect(Math.floor(up ?? 0)).toBe(2985);
    const size = fc.integer({ min: 2, max: 20_000 });
    fc.assert(
      fc.property(size, size, fc.nat(), (d, k, any) => {
        const type = { name: 'q', target: 'q', shapes: [{ d, k, count: 3 }] } as const;
        const rank = 1 + (any % largestRank(type));
        const { trained, full, fewer } = countType(type, rank);
        const [even = 0] = breakEven(type);
        expect(trained).toBe(3 * rank * (d + k));
        if (Math.abs(rank - even) > 1e-6) expect(trained > full).toBe(rank > even);
        expect(fewer).toBeGreaterThan(0);
      }),
    );
  });
});
