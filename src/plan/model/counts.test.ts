import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activationsOf,
  breakEven,
  CARDS,
  countType,
  fileBytes,
  GIB,
  loraConfig,
  memoryOf,
  multiplyAdds,
  smallestCard,
  sumOf,
  totalsOf,
} from './counts.ts';
import { blockCount, MODELS, type Model, maxRank, moduleNumbers, nf4Bytes, sumOverShapes } from './models.ts';
import { type Cost, defaultCost } from './setting.ts';
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
        sumOverShapes(type, () => 1),
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
    const { trained, full, fewer, share } = totalsOf(defaultCost(model('llama-2-7b')));
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
        const rank = 1 + (any % maxRank(type));
        const { trained, full, fewer } = countType(type, rank);
        const [even = 0] = breakEven(type);
        expect(trained).toBe(3 * rank * (d + k));
        if (Math.abs(rank - even) > 1e-6) expect(trained > full).toBe(rank > even);
        expect(fewer).toBeGreaterThan(0);
      }),
    );
  });
});

const modelLoraConfig = (name: string) => MODELS.find((one) => one.name === name) ?? expect.fail(name);

describe('LoraConfig', () => {
  it('names what is adapted, and what has another rank', () => {
    const ranks = { q: 16, v: 16, up: 8, down: 4 };
    expect(loraConfig({ model: modelLoraConfig('llama-2-7b'), ranks })).toBe(`from peft import LoraConfig

config = LoraConfig(
    r=16,
    lora_alpha=32,
    target_modules=["q_proj", "v_proj", "up_proj", "down_proj"],
    rank_pattern={"up_proj": 8, "down_proj": 4},
    alpha_pattern={"up_proj": 16, "down_proj": 8},
    task_type="CAUSAL_LM",
)
`);
  });

  it('says that the matrices of GPT-2 are stored transposed, and has no task for a U-Net', () => {
    expect(loraConfig({ model: modelLoraConfig('gpt2'), ranks: { qkv: 8 } })).toContain(
      'target_modules=["attn.c_attn"],\n    fan_in_fan_out=True,',
    );
    const unet = loraConfig({ model: modelLoraConfig('sd15-unet'), ranks: { 'self-q': 4, up: 4 } });
    expect(unet).toContain('target_modules=["attn1.to_q", "ff.net.0.proj"]');
    expect(unet).not.toMatch(/task_type|pattern/);
  });

  it('is none where nothing is adapted', () => {
    expect(loraConfig({ model: modelLoraConfig('gpt2'), ranks: { qkv: 0 } })).toBeNull();
  });
});

const seven = defaultCost(model('llama-2-7b'));

describe('memory of a training step of the 7B decoder', () => {
  // By hand. Numbers: 6,738,415,616 in all, of which 32·(4·4096² + 3·4096·11008) = 6,476,005,376 are quantised.
  const ALL = 6_738_415_616;
  const LINEAR = 6_476_005_376;
  const TRAINED = 16_777_216;
  // Inputs of 32 layers, one layer of 18.75 widths, all in 2 bytes; logits and their gradient in 4 bytes each.
  const ACTIVATIONS = 2048 * (32 * 4096 * 2 + 18.75 * 4096 * 2 + 32_000 * 8);

  it('is 2 + 2 + 8 bytes for each number in full', () => {
    const { full } = memoryOf(seven);
    expect(full).toEqual({ weights: 2 * ALL, gradients: 2 * ALL, optimiser: 8 * ALL, activations: ACTIVATIONS });
  });

  it('keeps all weights with LoRA, and gradients and state of A and B alone', () => {
    expect(memoryOf(seven).lora).toEqual({
      weights: 2 * ALL + 4 * TRAINED,
      gradients: 4 * TRAINED,
      optimiser: 8 * TRAINED,
      activations: ACTIVATIONS,
    });
  });

  it('has 3.7 GiB of weights with QLoRA: 4 bits, one byte of scale in 64, 4 bytes more in 64·256', () => {
    const { qlora } = memoryOf(seven);
    const quantised = LINEAR / 2 + LINEAR / 64 + (4 * LINEAR) / (64 * 256);
    expect(qlora.weights).toBeCloseTo(quantised + 2 * (ALL - LINEAR) + 4 * TRAINED, 0);
    expect((qlora.weights / GIB).toFixed(1)).toBe('3.7');
  });

  it('adds up to about 76.6, 14.1 and 5.1 GiB: cards of 80, 16 and 8', () => {
    const { full, lora, qlora } = memoryOf(seven);
    const gib = [full, lora, qlora].map((parts) => (sumOf(parts) / GIB).toFixed(1));
    expect(gib).toEqual(['76.6', '14.1', '5.1']);
    expect([full, lora, qlora].map((parts) => smallestCard(sumOf(parts)))).toEqual([80, 16, 8]);
  });

  it('follows each assumption', () => {
    const of = (more: Partial<Cost>) => memoryOf({ ...seven, ...more });
    expect(of({ assumed: { copy: 4 } }).full.optimiser).toBe(12 * ALL);
    expect(of({ optimiser: 'sgd' }).full.optimiser).toBe(0);
    expect(of({ optimiser: 'adam8' }).lora.optimiser).toBe(TRAINED * 2 + (TRAINED / 256) * 8);
    expect(of({ weights: 'f32' }).full.weights).toBe(4 * ALL);
    expect(of({ adapter: 'bf16' }).lora.gradients).toBe(2 * TRAINED);
    // One byte a number, and a float32 for each row: 4·4096 + 2·11008 + 4096 rows a layer.
    const rows = 32 * (5 * 4096 + 2 * 11_008);
    expect(of({ base: 'int8' }).qlora.weights).toBe(LINEAR + 4 * rows + 2 * (ALL - LINEAR) + 4 * TRAINED);
    expect(of({ batch: 4 }).lora.activations).toBe(4 * ACTIVATIONS);
    expect(of({ assumed: { score: 2 } }).lora.activations - ACTIVATIONS).toBe(2 * 32 * 2048 ** 2);
    // Without checkpoints every layer is kept in full.
    expect(activationsOf({ ...seven, checkpoints: false })).toBe(2048 * (32 * 18.75 * 4096 * 2 + 32_000 * 8));
  });

  it('costs a frozen model no gradients', () => {
    const { lora } = memoryOf({ ...seven, ranks: {} });
    expect([lora.gradients, lora.optimiser, lora.weights]).toEqual([0, 0, 2 * ALL]);
  });
});

it('keeps what the layers of the published models keep', () => {
  // Norms 4, attention 4, GELU part 8 widths: 16; with two query heads in eight sharing keys and a gated part of 3.5 widths.
  expect(MODELS.map(({ kept }) => kept)).toEqual([16, 18.75, 20.5, 16, 28]);
});

it('NF4 has 4.127 bits with double quantisation, 4.5 without', () => {
  expect((8 * nf4Bytes(64, 256)).toFixed(3)).toBe('4.127');
  expect(8 * nf4Bytes(64, 0)).toBe(4.5);
});

it('a file of 16,777,216 numbers has 33.6 MB in bfloat16', () => {
  expect((fileBytes(16_777_216, 'bf16') / 1e6).toFixed(1)).toBe('33.6');
});

it('an unmerged layer costs dk + r(d + k) multiply-adds', () => {
  const { merged, unmerged } = multiplyAdds(seven);
  expect([merged, unmerged]).toEqual([2_147_483_648, 2_147_483_648 + 16_777_216]);
});

it('never asks for less memory when more is trained, and none of its parts is negative', () => {
  const name = fc.constantFrom(...MODELS);
  fc.assert(
    fc.property(name, fc.array(fc.integer({ min: 0, max: 128 }), { minLength: 10, maxLength: 10 }), (of, list) => {
      const ranks = Object.fromEntries(of.modules.map((type, i) => [type.name, list[i] ?? 0]));
      const cost = { ...defaultCost(of), ranks };
      const more = { ...cost, ranks: { ...ranks, [of.modules[0]?.name ?? '']: 200 } };
      expect(totalsOf(more).trained).toBeGreaterThan(totalsOf(cost).trained);
      for (const way of ['full', 'lora', 'qlora'] as const) {
        const [min, max] = [memoryOf(cost)[way], memoryOf(more)[way]];
        expect(sumOf(max)).toBeGreaterThanOrEqual(sumOf(min));
        for (const part of Object.values(min)) expect(part).toBeGreaterThanOrEqual(0);
      }
    }),
  );
  expect(CARDS).toEqual([8, 16, 24, 48, 80]);
});
