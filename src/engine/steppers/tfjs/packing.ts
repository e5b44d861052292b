import { concat, dispose, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { emptyEntries, type Factors, type ModuleStart, type Pack, type StepEntries } from '../stepper.ts';
import type { DeviceTask } from './device-task.ts';

/** [Aᵀ; B], (k + d) × r row by row. */
export function packTensor({ d, k, rank, A, B }: Pick<ModuleStart, 'd' | 'k' | 'rank' | 'A' | 'B'>): Float32Array {
  const out = new Float32Array((k + d) * rank);
  for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) out[j * rank + p] = A[p * k + j];
  out.set(B, k * rank);
  return out;
}

export function unpackTensor(data: Float32Array, d: number, k: number, rank: number): Factors {
  const A = new Float32Array(rank * k);
  for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) A[p * k + j] = data[j * rank + p];
  return { A, B: data.slice(k * rank, (k + d) * rank) };
}

/** Rows of a matrix per sum of squares on the device. */
export interface Grouping {
  /** Of the residual, d rows. */
  readonly residual: number;
  /** Of [Aᵀ; B], k + d rows: never across their border. */
  readonly factors: number;
  /** Of the errors of a batch, a row a sample. */
  readonly samples: number;
}

export interface MatrixSums {
  readonly d: number;
  readonly k: number;
  /** Samples per batch; null for a matrix target. */
  readonly batch: number | null;
  readonly grouping: Grouping;
}

/** One row per sum: short float32 sums do not drift. */
export const ROW_GROUPING: Grouping = { residual: 1, factors: 1, samples: 1 };
/** A tree sum by many threads does not drift; each costs a workgroup, so about this many. */
const GROUPS = 8;

export function coarseGrouping(d: number, k: number, batch: number | null): Grouping {
  return {
    residual: largestDivisor(d, Math.floor(d / GROUPS)),
    factors: largestDivisor(commonDivisor(d, k), Math.floor((k + d) / GROUPS)),
    samples: batch === null ? 1 : largestDivisor(batch, Math.floor(batch / GROUPS)),
  };
}

export function largestDivisor(n: number, max: number): number {
  for (let g = Math.max(1, max); g > 1; g--) if (n % g === 0) return g;
  return 1;
}

export function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Adds up in float64, step by step, the device's sums of squares over groups of rows. */
export function entriesOfMatrix(data: Float32Array, n: number, { d, k, batch, grouping }: MatrixSums): StepEntries {
  const { residual, factors, samples } = grouping;
  const entries = emptyEntries(n, 1, batch !== null);
  const {
    series: { loss, distance },
    modules: [own],
  } = entries;
  const next = sumsIn(data);
  for (let i = 0; i < n; i++) {
    loss[i] = batch === null ? next(d / residual) / 2 : next(batch / samples) / (2 * batch);
    own.gradNormA[i] = Math.sqrt(next(k / factors));
    own.gradNormB[i] = Math.sqrt(next(d / factors));
    own.updateNormA[i] = Math.sqrt(next(k / factors));
    own.updateNormB[i] = Math.sqrt(next(d / factors));
    if (distance) distance[i] = Math.sqrt(next(d / residual));
  }
  return entries;
}

/** Adds up the next numbers of a list, as many as each call asks for. */
export function sumsIn(data: Float32Array): (count: number) => number {
  let at = 0;
  return (count) => {
    let total = 0;
    for (const end = at + count; at < end; at++) total += data[at];
    return total;
  };
}

interface StepPiece {
  readonly first: number;
  readonly count: number;
  readonly tensors: readonly Tensor[];
}

/** Data of steps on the device: one step's, made inside the caller's tidy, or that of the next steps if announced. */
export function stepPieces<T extends StepPiece>(upload: (first: number, max: number) => T) {
  let piece: T | null = null;
  const holds = (step: number) => piece !== null && step >= piece.first && step < piece.first + piece.count;
  const release = () => {
    if (piece) dispose([...piece.tensors]);
    piece = null;
  };
  return {
    with: (step: number): T => (piece && holds(step) ? piece : upload(step, 1)),
    ahead(from: number, count: number) {
      if (holds(from)) return;
      release();
      piece = upload(from, count);
    },
    release,
  };
}

export function sumsOfMatrix({ d, k, batch, grouping: { residual, factors, samples } }: MatrixSums): number {
  return d / residual + (2 * (k + d)) / factors + (batch === null ? 0 : batch / samples);
}

/** Sums of some steps and the last factors in one tensor, since every read costs a wait for the device. */
export function gatherSums(rows: readonly Tensor[], factors: Tensor): Tensor {
  return tidy(() => concat([...rows, reshape(factors, [factors.size])], 0));
}

export async function readPack(all: Tensor, n: number, task: DeviceTask): Promise<Pack> {
  let data: Float32Array;
  try {
    data = await all.data<'float32'>();
  } finally {
    all.dispose();
  }
  const { layout, absent, sumsPerStep } = task;
  const at = n * sumsPerStep;
  return { entries: task.entriesOf(data, n), modules: layout.unpack(data.subarray(at), absent) };
}
