import { rankOf, totalsOf } from './counts.ts';
import { NUMBER_BYTES, nf4Bytes } from './formats.ts';
import { moduleNumbers, total } from './model.ts';
import { assume, type Cost } from './setting.ts';

/** Bytes of a training step, by what they are for. */
export interface Parts {
  readonly weights: number;
  readonly gradients: number;
  readonly optimiser: number;
  readonly activations: number;
}

export type Way = 'full' | 'lora' | 'qlora';
export const WAYS: readonly Way[] = ['full', 'lora', 'qlora'];
export type Memory = Readonly<Record<Way, Parts>>;

export const GIB = 1_073_741_824;

/** Sizes of graphics cards, in GiB. */
export const CARDS: readonly number[] = [8, 16, 24, 48, 80];

export function sumOf({ weights, gradients, optimiser, activations }: Parts): number {
  return weights + gradients + optimiser + activations;
}

/** The smallest card with so many bytes; null where none has. */
export function cardFor(bytes: number): number | null {
  return CARDS.find((gib) => bytes <= gib * GIB) ?? null;
}

/** Bytes of training all numbers, A and B alone, and A and B beside quantised weights. */
export function memoryOf(cost: Cost): Memory {
  const { model, weights, adapter } = cost;
  const { trained } = totalsOf(cost);
  const number = NUMBER_BYTES[weights];
  const copy = assume(cost, 'copy');
  const state = assume(cost, 'state');
  const activations = activationsOf(cost);
  const all = model.parameters;
  const lora = {
    gradients: trained * assume(cost, 'loragrad'),
    optimiser: trained * (state + copy),
    activations,
  };
  const own = trained * NUMBER_BYTES[adapter];
  return {
    full: {
      weights: all * number,
      gradients: all * assume(cost, 'fullgrad'),
      optimiser: all * (state + copy),
      activations,
    },
    lora: { ...lora, weights: all * number + own },
    qlora: { ...lora, weights: quantised(cost) + (all - moduleNumbers(model)) * number + own },
  };
}

/** Bytes of the quantised matrices with their scales. */
function quantised(cost: Cost): number {
  const { model, base } = cost;
  if (base === 'nf4') return moduleNumbers(model) * nf4Bytes(assume(cost, 'block'), assume(cost, 'group'));
  // One float32 scale for each row.
  return moduleNumbers(model) + 4 * model.modules.reduce((sum, type) => sum + total(type, ({ d }) => d), 0);
}

/**
 * What is kept for the backward pass. With checkpoints: the input of every block, and one block in full while its backward
 * pass is made. Without: every block in full. Scores of attention are tokens² for each head where they are kept.
 */
export function activationsOf(cost: Cost): number {
  const { model, batch, checkpoints, tokens } = cost;
  const [kept, act, score] = [assume(cost, 'kept'), assume(cost, 'act'), assume(cost, 'score')];
  const blocks = model.blocks.map(({ count, width, heads, tokens: fixed }) => {
    const n = fixed ?? tokens;
    return { count, input: n * width * act, whole: n * width * kept * act + heads * n * n * score };
  });
  const inside = checkpoints
    ? sum(blocks.map(({ count, input }) => count * input)) + Math.max(...blocks.map(({ whole }) => whole))
    : sum(blocks.map(({ count, whole }) => count * whole));
  const output = model.logits * tokens * assume(cost, 'logit');
  return batch * (inside + output);
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Bytes of the file that holds A and B, its header apart. */
export function fileBytes(trained: number, format: keyof typeof NUMBER_BYTES): number {
  return trained * NUMBER_BYTES[format];
}

/** Multiply-adds of all adapted matrices for one token: merged, or W₀ as it was; and with A and B beside it. */
export function multiplyAdds(cost: Cost): { readonly merged: number; readonly unmerged: number } {
  const adapted = cost.model.modules.filter((type) => rankOf(cost, type) > 0);
  const merged = sum(adapted.map((type) => total(type, ({ d, k }) => d * k)));
  return { merged, unmerged: merged + totalsOf(cost).trained };
}
