import type { ReadyModule } from '../../state/run/run.ts';

type MovedModule = Pick<ReadyModule, 'd' | 'k' | 'rank' | 'A' | 'B' | 'baseNorm' | 'moved'>;

const shares = new WeakMap<MovedModule, number | null>();
/** Multiply-adds that may be spent on it, once a run. */
const MOST_WORK = 2e8;

/** ‖s₀·B₀·A₀‖_F/‖W₀‖_F that an initialisation has moved out of W₀; null elsewhere, and of factors too large to multiply here. */
export function movedShare(ready: MovedModule | null): number | null {
  if (!ready?.moved || !(ready.baseNorm > 0)) return null;
  const known = shares.get(ready);
  if (known !== undefined) return known;
  const { d, k, rank, A, B, baseNorm, moved } = ready;
  const share = (rank * rank * (d + k)) / 2 > MOST_WORK ? null : (moved.scaling * productNorm(B, A, rank)) / baseNorm;
  shares.set(ready, share);
  return share;
}

/** ‖B·A‖_F, from ‖B·A‖²_F = Σ_pq (BᵀB)_pq·(AAᵀ)_pq: no d × k entries. */
function productNorm(B: Float32Array, A: Float32Array, rank: number): number {
  const [d, k] = [B.length / rank, A.length / rank];
  let sum = 0;
  for (let p = 0; p < rank; p++) {
    for (let q = 0; q <= p; q++) {
      let [ofB, ofA] = [0, 0];
      for (let i = 0; i < d; i++) ofB += B[i * rank + p] * B[i * rank + q];
      for (let j = 0; j < k; j++) ofA += A[p * k + j] * A[q * k + j];
      sum += (p === q ? 1 : 2) * ofB * ofA;
    }
  }
  return Math.sqrt(Math.max(0, sum));
}
