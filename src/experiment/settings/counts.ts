import { methods, trainedBy } from '../methods/index.ts';
import { besideLora, frozenFactorOf } from './bounds.ts';
import type { LayerSize } from './kinds.ts';
import type { Experiment } from './params.ts';

export interface AdapterSize extends LayerSize {
  readonly frozenFactor: 'A' | 'B' | null;
  /** Trained numbers of a method beside LoRA. */
  readonly own?: number;
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
  const trained = adapter.own ?? rank * perRank;
  return {
    adapter: rank * (d + k),
    trained,
    full,
    share: trained / full,
    breakEven: full / perRank,
  };
}

type AdapterSettings = Pick<
  Experiment,
  'd' | 'k' | 'rank' | 'init' | 'target' | 'method' | 'train' | 'block' | 'factor' | 'entries' | 'side'
>;

export function adapterOf(e: AdapterSettings): AdapterSize {
  const { d, k, rank } = e;
  const beside = besideLora(e);
  if (!beside) return { d, k, rank, frozenFactor: frozenFactorOf(e) };
  const method = methods.byName(beside);
  return { d, k, rank: method.largestRank(e, Math.min(d, k)), frozenFactor: null, own: trainedBy(method, e) };
}

/** The rank at which LoRA trains as many numbers: the place of a run beside LoRA on an axis of ranks; null for LoRA. */
export function placeAmongRanks(e: AdapterSettings): number | null {
  const { own, d, k } = adapterOf(e);
  return own === undefined ? null : own / (d + k);
}

/** The factor of a whole trained d × k matrix that is its update: the other one is an identity. */
export const wholeUpdate = <M>({ A, B }: { readonly A: M; readonly B: M }, d: number, k: number): M => (d < k ? A : B);
