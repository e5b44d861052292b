import { expect } from 'vitest';
import { LLAMA2, numbersIn } from '../../../experiment/cost/testing/tensors.ts';

// Counts by hand, from the shapes of the model alone.

export const [D, FF, LAYERS, TOKENS] = [4096, 11_008, 32, 2048];
const VOCABULARY = 32_000;
export const trained = (d: number, k: number, r: number) => r * (d + k);
export const fewer = (d: number, k: number, r: number) => (d * k) / trained(d, k, r);
export const ALL = numbersIn(LLAMA2);
const LINEAR = LAYERS * (4 * D * D + 3 * D * FF);
export const ATTENTION = LAYERS * 4 * trained(D, D, 16);
export const GIB = 2 ** 30;
export const gib = (bytes: number) => (bytes / GIB).toFixed(1);

/** Inputs of all layers and one in full, or all in full, 2 bytes a number; logits and their gradient, 4 bytes each. */
const kept = 4 * D + 4 * D + 4 * FF;
export const activations = (checkpoints: boolean) =>
  TOKENS * ((checkpoints ? LAYERS * D + kept : LAYERS * kept) * 2 + VOCABULARY * 8);
export const full = (checkpoints = true) => (2 + 2 + 8) * ALL + activations(checkpoints);
export const lora = (checkpoints = true) => 2 * ALL + (4 + 4 + 8) * ATTENTION + activations(checkpoints);
export const quantised = LINEAR * (0.5 + 1 / 64 + 4 / (64 * 256)) + 2 * (ALL - LINEAR) + 4 * ATTENTION;
export const qlora = (checkpoints = true) => quantised + (4 + 8) * ATTENTION + activations(checkpoints);
export const on = (bytes: number) => [8, 16, 24, 48, 80].find((card) => bytes <= card * GIB);

export const same = (value: unknown, expected: unknown, said: string) => {
  expect(value).toEqual(expected);
  return said;
};
