import { type Entries, emptyEntries, type Start } from './stepper.ts';

/** [Aᵀ; B], (k + d) × r row by row. */
export function packed({ d, k, rank, A, B }: Start): Float32Array {
  const out = new Float32Array((k + d) * rank);
  for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) out[j * rank + p] = A[p * k + j];
  out.set(B, k * rank);
  return out;
}

export function unpacked(data: Float32Array, d: number, k: number, rank: number): { A: Float32Array; B: Float32Array } {
  const A = new Float32Array(rank * k);
  for (let p = 0; p < rank; p++) for (let j = 0; j < k; j++) A[p * k + j] = data[j * rank + p];
  return { A, B: data.slice(k * rank, (k + d) * rank) };
}

/** Sums up each step's sums over rows: d of the residual, k + d of the gradient, k + d of the update. */
export function entriesOf(data: Float32Array, n: number, d: number, k: number): Entries {
  const entries = emptyEntries(n);
  let at = 0;
  const next = (count: number) => {
    let total = 0;
    for (const end = at + count; at < end; at++) total += data[at];
    return total;
  };
  for (let i = 0; i < n; i++) {
    entries.loss[i] = next(d) / 2;
    entries.gradNormA[i] = Math.sqrt(next(k));
    entries.gradNormB[i] = Math.sqrt(next(d));
    entries.updateNormA[i] = Math.sqrt(next(k));
    entries.updateNormB[i] = Math.sqrt(next(d));
  }
  return entries;
}
