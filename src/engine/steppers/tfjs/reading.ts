import { concat, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Pack } from '../stepper.ts';
import { entriesOf, type Layout, sumsPerStep, unpacked } from './packing.ts';

/** Sums of some steps and the factors of the last of them in one tensor, since every read costs a wait for the device. */
export function gathered(rows: readonly Tensor[], factors: Tensor): Tensor {
  return tidy(() => concat([...rows, reshape(factors, [factors.size])], 0));
}

/** Reads what was gathered of n steps, and disposes of it. */
export async function readPack(all: Tensor, n: number, layout: Layout, rank: number): Promise<Pack> {
  const { d, k } = layout;
  let data: Float32Array;
  try {
    data = await all.data<'float32'>();
  } finally {
    all.dispose();
  }
  const at = n * sumsPerStep(layout);
  const factors = unpacked(data.subarray(at, at + (k + d) * rank), d, k, rank);
  return { entries: entriesOf(data, n, layout), modules: [factors] };
}
