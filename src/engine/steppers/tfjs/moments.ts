import { clone, dispose, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { optimisers } from '../../../experiment/optimisers.ts';
import type { Moments, Settings } from '../stepper.ts';
import { MOMENT_UNITS } from './optimisers.ts';
import { packed, unpacked } from './packing.ts';

// Moments lie on the device as the factors do, (k + d) × r, in units of their own; here they come and go in PyTorch's form.

interface Sizes {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

export function freshMoments({ opt }: Settings, factors: Tensor): Tensor[] {
  return Array.from({ length: optimisers.byName(opt).moments }, () =>
    tensor(new Float32Array(factors.size), factors.shape),
  );
}

export function momentsFrom({ A, B }: Moments, { opt }: Settings, { d, k, rank }: Sizes): Tensor[] {
  const onDevice = (unit: number, i: number) => packed({ d, k, rank, A: A[i], B: B[i] }).map((x) => x / unit);
  return MOMENT_UNITS[opt].map((unit, i) => tensor(onDevice(unit, i), [k + d, rank]));
}

export async function readMoments(moments: Tensor[], { opt }: Settings, { d, k, rank }: Sizes): Promise<Moments> {
  // Cloned, so that a step meanwhile cannot take them away.
  const kept = moments.map((m) => clone(m));
  const data = await Promise.all(kept.map((m) => m.data<'float32'>())).finally(() => dispose(kept));
  const inUnits = (m: Float32Array, i: number) => m.map((x) => x * MOMENT_UNITS[opt][i]);
  const parts = data.map((m, i) => unpacked(inUnits(m, i), d, k, rank));
  return { A: parts.map(({ A }) => A), B: parts.map(({ B }) => B) };
}
