import type { InitName } from '../inits/index.ts';
import type { Experiment } from '../settings/params.ts';
import { SCALINGS, type Scaling, scalingOf } from '../settings/rate.ts';
import { targets } from '../targets/index.ts';

/** A of independent entries with variance v, B = 0, and the rate of B. */
export interface FirstStepRun {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly alpha: number;
  /** The rate of B. */
  readonly rate: number;
  readonly variance: number;
  /** Whether A's entries are uniform; else normal. */
  readonly uniform: boolean;
  /** ‖ΔW*‖_F. */
  readonly norm: number;
}

/** E‖ΔW₁‖² at a scale s. */
type Square = (run: FirstStepRun, s: number) => number;

/** ΔW₁ = lr·s²·ΔW*·AᵀA, and E‖m·AᵀA‖² = v²‖m‖²·r(r + k + κ₄) with κ₄ = 1 for normal entries, −0.2 for uniform ones. */
const gradient: Square = ({ k, rank: r, rate, variance: v, uniform, norm }, s) =>
  (rate * s * s * v * norm) ** 2 * r * (r + k + (uniform ? -0.2 : 1));

/** Every entry of B moves by the rate: ΔW₁ = lr·s·sign(ΔW*·Aᵀ)·A. Exact for normal entries, within 0.3% for uniform ones. */
const sign: Square = ({ d, k, rank: r, rate, variance: v }, s) =>
  (rate * s) ** 2 * d * v * (r * k + (2 / Math.PI) * r * (r - 1));

const RULES = { sgd: gradient, momentum: gradient, adam: sign, adamw: sign, signsgd: sign } as const;

const ruleOf = (opt: string): Square | null => RULES[opt as keyof typeof RULES] ?? null;

/** √E‖ΔW₁‖²/‖ΔW*‖ under each rule for s, all else as it is; null: not known for this optimiser. */
export function firstStepSizes(opt: string, run: FirstStepRun): Readonly<Record<Scaling, number>> | null {
  const square = ruleOf(opt);
  if (square === null) return null;
  const sizes = (Object.keys(SCALINGS) as Scaling[]).map((scaling) => {
    const s = scalingOf({ scaling, alpha: run.alpha, rank: run.rank });
    return [scaling, Math.sqrt(square(run, s)) / run.norm] as const;
  });
  return Object.fromEntries(sizes) as Record<Scaling, number>;
}

/** A's entries at the start, if they are independent, and B is zero: whether they are uniform, and their variance. */
const ENTRIES = {
  'kaiming-uniform': { uniform: true, variance: ({ k }) => 1 / (3 * k) },
  'kaiming-normal': { uniform: false, variance: ({ k }) => 1 / k },
  gaussian: { uniform: false, variance: ({ rank }) => 1 / rank },
  'gaussian-peft': { uniform: false, variance: ({ rank }) => 1 / (rank * rank) },
} as const satisfies Readonly<
  Partial<Record<InitName, { uniform: boolean; variance: (e: Pick<Experiment, 'k' | 'rank'>) => number }>>
>;

/**
 * The same for an experiment on a matrix target with ‖ΔW*‖ = norm; null if its start or optimiser is another, or if its
 * first step is none of the full rate.
 */
export function firstStepOf(e: Experiment, rate: number, norm: number): Readonly<Record<Scaling, number>> | null {
  const entries = Object.hasOwn(ENTRIES, e.init) ? ENTRIES[e.init as keyof typeof ENTRIES] : null;
  if (e.warmup > 0 || e.clip !== null) return null;
  if (!entries || e.method !== 'lora' || targets.byName(e.target).kind !== 'matrix') return null;
  const variance = e.size * e.size * entries.variance(e);
  return firstStepSizes(e.opt, { ...e, rate: e.ratio * rate, norm, uniform: entries.uniform, variance });
}
