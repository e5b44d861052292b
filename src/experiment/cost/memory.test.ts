import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalsOf } from './counts.ts';
import { nf4Bytes } from './formats.ts';
import { activationsOf, CARDS, cardFor, fileBytes, GIB, memoryOf, multiplyAdds, sumOf } from './memory.ts';
import type { Model } from './model.ts';
import { MODELS } from './models.ts';
import { type Cost, usualCost } from './setting.ts';

const model = (name: string): Model => MODELS.find((one) => one.name === name) ?? expect.fail(name);
const seven = usualCost(model('llama-2-7b'));

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
    expect([full, lora, qlora].map((parts) => cardFor(sumOf(parts)))).toEqual([80, 16, 8]);
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
      const cost = { ...usualCost(of), ranks };
      const more = { ...cost, ranks: { ...ranks, [of.modules[0]?.name ?? '']: 200 } };
      expect(totalsOf(more).trained).toBeGreaterThan(totalsOf(cost).trained);
      for (const way of ['full', 'lora', 'qlora'] as const) {
        const [least, most] = [memoryOf(cost)[way], memoryOf(more)[way]];
        expect(sumOf(most)).toBeGreaterThanOrEqual(sumOf(least));
        for (const part of Object.values(least)) expect(part).toBeGreaterThanOrEqual(0);
      }
    }),
  );
  expect(CARDS).toEqual([8, 16, 24, 48, 80]);
});
