import type { FloorMethod } from '../floors/method-floor.ts';
import { divisorsOf } from '../method.ts';

/** A method with a column in the map, in its order: those that are made for a kind of update, then the others. */
export const ADAPTERS = ['lora', 'hira', 'lokr', 'oft', 'ia3', 'shira', 'dora', 'lora-xs', 'b-only'] as const;
export type AdapterName = (typeof ADAPTERS)[number] & FloorMethod;

interface AdapterWords {
  readonly label: string;
  readonly formula: string;
}

export const ADAPTER_WORDS = {
  lora: { label: 'LoRA', formula: 'B·A' },
  hira: { label: 'HiRA', formula: 'W₀ ∘ (B·A)' },
  lokr: { label: 'LoKr', formula: 'C ⊗ W₂' },
  oft: { label: 'OFT', formula: 'R·W₀ − W₀' },
  ia3: { label: 'IA³', formula: 'ℓ ∘ W₀ − W₀' },
  shira: { label: 'SHiRA', formula: 'chosen entries' },
  dora: { label: 'DoRA', formula: 'c ∘ W₀ + B·A' },
  'lora-xs': { label: 'LoRA-XS', formula: 'U·R·Vᵀ of W₀' },
  'b-only': { label: 'B only', formula: 'B·A, A frozen' },
} as const satisfies Record<AdapterName, AdapterWords>;

/** The size of an adapter. */
export interface CellSize {
  readonly parameters: number;
  /** lora, hira, dora, lora-xs, b-only */
  readonly rank?: number;
  /** Rows of a block: oft. */
  readonly block?: number;
  /** C is d₁ × k₁: lokr. */
  readonly factor?: readonly [d1: number, k1: number];
  /** Trained entries: shira. */
  readonly entries?: number;
}

/** LoKr may be above the budget by this share of it: 1,028 parameters for 1,024, since C comes on top. */
export const OVER = 1.02;

/** The one with the most parameters within the budget; if all are above it the smallest. Of equal ones the first. */
function largest(sizes: readonly CellSize[], budget: number): CellSize {
  const fitting = sizes.filter(({ parameters }) => parameters <= budget);
  const [better, among] = fitting.length > 0 ? ([1, fitting] as const) : ([-1, sizes] as const);
  return among.reduce((best, one) => (better * (one.parameters - best.parameters) > 0 ? one : best));
}

const ranksOf = (most: number, parameters: (rank: number) => number): readonly CellSize[] =>
  Array.from({ length: most }, (_, i) => ({ rank: i + 1, parameters: parameters(i + 1) }));

/** C no larger than W₂, the most square C first, then the one with more columns. */
function kroneckerSizes(d: number, k: number): readonly CellSize[] {
  const shapes = divisorsOf(d).flatMap((d1) => divisorsOf(k).map((k1) => [d1, k1] as const));
  const uneven = ([d1, k1]: readonly [number, number]) => Math.max(d1, k1) / Math.min(d1, k1);
  return shapes
    .filter(([d1, k1]) => d1 * k1 <= (d / d1) * (k / k1))
    .sort((a, b) => uneven(a) - uneven(b) || a[0] - b[0])
    .map((factor) => ({ factor, parameters: factor[0] * factor[1] + (d / factor[0]) * (k / factor[1]) }));
}

/** All sizes of each adapter on a d × k matrix. */
const SIZES = {
  lora: (d, k) => ranksOf(Math.min(d, k), (r) => r * (d + k)),
  hira: (d, k) => ranksOf(Math.min(d, k), (r) => r * (d + k)),
  lokr: kroneckerSizes,
  oft: (d) => divisorsOf(d).flatMap((block) => (block < 2 ? [] : [{ block, parameters: (d * (block - 1)) / 2 }])),
  ia3: (d) => [{ parameters: d }],
  shira: (d, k) => Array.from({ length: d * k }, (_, i) => ({ entries: i + 1, parameters: i + 1 })),
  dora: (d, k) => ranksOf(Math.min(d, k), (r) => r * (d + k) + d),
  'lora-xs': (d, k) => ranksOf(Math.min(d, k), (r) => r * r),
  'b-only': (d, k) => ranksOf(Math.min(d, k), (r) => r * d),
} as const satisfies Record<AdapterName, (d: number, k: number) => readonly CellSize[]>;

/** The largest size of an adapter on a d × k matrix within a budget of trained parameters. */
export const sizeWithin = (name: AdapterName, d: number, k: number, budget: number): CellSize =>
  // A matrix of one row has no block to turn.
  largest(
    [...SIZES[name](d, k), ...(name === 'oft' && d < 2 ? [{ block: 1, parameters: 0 }] : [])],
    name === 'lokr' ? OVER * budget : budget,
  );

/** The ranks of LoRA whose counts are the sizes at which adapters are compared: an axis of trained parameters. */
export const SIZE_RANKS = [1, 2, 4, 8, 16] as const;
export type SizeRank = (typeof SIZE_RANKS)[number];

/** Those whose counts are the budgets of the map. */
export const BUDGET_RANKS = [4, 8, 16] as const satisfies readonly SizeRank[];
export type BudgetRank = (typeof BUDGET_RANKS)[number];

export const budgetOf = (rank: SizeRank, d: number, k: number): number => rank * (d + k);
