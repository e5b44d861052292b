import { inits } from '../inits/index.ts';
import type { Experiment } from './params.ts';

export interface AdapterSize {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
}

/** What LoRA trains against what full fine-tuning trains, for one d × k matrix. */
export interface Counts {
  /** Numbers in A and B, and what they cost: r(d + k) multiply-adds per input, whether they train or not. */
  readonly adapter: number;
  /** Of those the ones that train: r(d + k), or rk where B is frozen, rd where A is. */
  readonly trained: number;
  /** dk */
  readonly full: number;
  /** trained/full; above 1 LoRA trains more than full fine-tuning. */
  readonly share: number;
  /** r*: the rank at which both train as much, dk/(d + k) in general not a whole number; d where B is frozen, k where A is. */
  readonly breakEven: number;
}

/** How many more numbers train with each rank. */
export function trainedPerRank({ d, k, frozenFactor }: Omit<AdapterSize, 'rank'>): number {
  return (frozenFactor === 'B' ? 0 : d) + (frozenFactor === 'A' ? 0 : k);
}

/** The trained numbers a rank as a formula: "(d + k)". */
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

/** The adapter that an experiment asks for. */
export function adapterOf({ d, k, rank, init }: Pick<Experiment, 'd' | 'k' | 'rank' | 'init'>): AdapterSize {
  return { d, k, rank, frozenFactor: inits.byName(init).frozen ?? null };
}
