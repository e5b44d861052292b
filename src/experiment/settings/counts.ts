import { frozenFactorOf } from './bounds.ts';
import type { LayerSize } from './kinds.ts';
import type { Experiment } from './params.ts';

export interface AdapterSize extends LayerSize {
  readonly frozenFactor: 'A' | 'B' | null;
}

/** Trained numbers of LoRA and of full fine-tuning, for one d × k matrix. */
export interface Counts {
  /** Numbers in A and B, and their cost: r(d + k) multiply-adds per input, trained or not. */
  readonly adapter: number;
  /** The trained ones: r(d + k), or rk if B is frozen, rd if A is. */
  readonly trained: number;
  /** dk */
  readonly full: number;
  readonly share: number;
  /** r*: the rank at which both train as much, dk/(d + k) in general not an integer; d if B is frozen, k if A is. */
  readonly breakEven: number;
}

export function trainedPerRank({ d, k, frozenFactor }: Omit<AdapterSize, 'rank'>): number {
  return (frozenFactor === 'B' ? 0 : d) + (frozenFactor === 'A' ? 0 : k);
}

export function perRankFormula(frozenFactor: AdapterSize['frozenFactor']): string {
  return frozenFactor === null ? '(d + k)' : frozenFactor === 'B' ? 'k' : 'd';
}

export function countsOf(adapter: AdapterSize): Counts {
  const { d, k, rank } = adapter;
  const perRank = trainedPerRank(adapter);
  const full = d * k;
  return {
    adapter: rank * (d + k),
    trained: rank * perRank,
    full,
    share: (rank * perRank) / full,
    breakEven: full / perRank,
  };
}

type AdapterSettings = Pick<Experiment, 'd' | 'k' | 'rank' | 'init' | 'target' | 'method' | 'train'>;

export function adapterOf(e: AdapterSettings): AdapterSize {
  const { d, k, rank } = e;
  return { d, k, rank, frozenFactor: frozenFactorOf(e) };
}

/** The factor of a whole trained d × k matrix that is its update: the other one is an identity. */
export const wholeUpdate = <M>({ A, B }: { readonly A: M; readonly B: M }, d: number, k: number): M => (d < k ? A : B);
