import { display } from '../numbers.ts';
import { type OptimiserName, optimisers, type RateFacts, ratioOf } from '../optimisers.ts';
import type { NetworkRates } from '../targets/target.ts';
import { isBesideLora } from './bounds.ts';
import type { LayerSize } from './kinds.ts';

/** The rules for s in ΔW = s·B·A, by name, as the page writes them. */
export const SCALINGS = { standard: 'α/r', rslora: 'α/√r', none: '1' } as const;
export type Scaling = keyof typeof SCALINGS;

const RULES: Record<Scaling, (alpha: number, rank: number) => number> = {
  standard: (alpha, rank) => alpha / rank, // arXiv 2106.09685
  rslora: (alpha, rank) => alpha / Math.sqrt(rank), // arXiv 2312.03732
  none: () => 1,
};

interface ScalingSettings {
  readonly scaling: Scaling;
  readonly alpha: number;
  readonly rank: number;
  /** Default: LoRA. */
  readonly method?: string;
}

/** s of ΔW = s·B·A, without unit: 1 for a method beside LoRA, whose ΔW is one of the factors as a whole. */
export function scalingOf(e: ScalingSettings): number {
  return e.method !== undefined && isBesideLora({ method: e.method }) ? 1 : RULES[e.scaling](e.alpha, e.rank);
}

/** s = α/r inside the formula of a method. */
export const innerScaling = (e: Omit<ScalingSettings, 'method'>): number => RULES[e.scaling](e.alpha, e.rank);

/** Bounds of learning rates in links, run files and controls. A derived one, which goes into links, keeps within. */
export const RATES = { least: 1e-20, most: 1e12 } as const;

/** One learning rate for all matrices; or text, a rate for each matrix of a network in their order: "0.0041,0.02". */
export type Rate = number | string;

/** The rate of each of n matrices. Throws if there are rates for another number of them. */
export function ratesOf(rate: Rate, n: number): readonly number[] {
  if (typeof rate === 'number') return Array.from({ length: n }, () => rate);
  const rates = listedRates(rate);
  if (rates.length !== n) throw new RangeError(`${rates.length} learning rates do not fit ${n} matrices.`);
  return rates;
}

/** The numbers of a rate: one, or one for each matrix. */
export const listedRates = (rate: Rate): readonly number[] =>
  typeof rate === 'number' ? [rate] : rate.split(',').map(Number);

export const leastOf = (rate: Rate): number => Math.min(...listedRates(rate));

/** "0.005", or "0.0041–0.02" if the matrices differ. */
export function rateText(rate: Rate): string {
  const rates = listedRates(rate);
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map((one) => display(one));
  return least === most ? least : `${least}–${most}`;
}

export const timesRate = (factor: number, rate: Rate): Rate =>
  typeof rate === 'number'
    ? factor * rate
    : listedRates(rate)
        .map((one) => factor * one)
        .join(',');

/** The starting matrices' facts for the derived learning rate; the worker sends them with the first frame. */
export interface Facts {
  /** Largest singular values of the initial A and B, and of ΔW*. */
  readonly a: number;
  readonly b: number;
  readonly sigma1: number;
  /** The factor that `train` keeps as it starts: the loss is quadratic in the other one. */
  readonly frozen?: 'A' | 'B' | null;
  /** Of the training inputs, samples per step and label noise; null, or left out, if they count as white. */
  readonly inputs?: (InputFacts & { readonly batch: number; readonly noise: number }) | null;
  /** Of a method beside LoRA. */
  readonly method?: MethodFacts;
  /** Of a network, whose rates have rules of their own; left out for a known ΔW*. */
  readonly network?: { readonly rates: NetworkRates; readonly full: boolean };
}

/** What the rates of a method beside LoRA are made of, for s of its formula (docs/model.md, "The learning rate"). */
export interface MethodFacts {
  /** The largest curvature on the way: `fixed` + `once`·s + `twice`·s². */
  readonly fixed: number;
  readonly once: number;
  readonly twice: number;
  /** That of a quadratic loss is the same everywhere: 2 over it is the edge of SGD. */
  readonly isQuadratic: boolean;
  /** Size of a step of 1 in every number, and how far ΔW moves by a step of size 1, over s. */
  readonly entries: number;
  readonly lever: number;
  /** r of α/r; null: the formula has no s. */
  readonly rank: number | null;
}

export interface InputFacts {
  /** The largest eigenvalue and the trace of the second moment X·Xᵀ/n. */
  readonly lambdaMax: number;
  readonly trace: number;
}

export interface RateSettings extends LayerSize {
  readonly opt: string;
  readonly ratio: number;
  readonly method?: string;
}

/** Label noise that pulls at the factors less than this share of the target's pull is ignored. */
const FELT_NOISE = 0.25;

/**
 * q = s²(λa² + b²) + 2s·√λ·σ₁(ΔW*): the largest curvature of the loss along the way, for white inputs; with inputs,
 * times λmax + tr/batch. The trace bounds how far the second moment of a small batch may lie above that of all samples;
 * without it batches of four diverge. SGD is surely stable up to 2/q; sgdEdge has its edge.
 *
 * Strong label noise N (d × b) pulls like a target of its own, with σ₁(N·Xᵀ)/b ≤ noise·(√d + √b)/√b·√h for a batch
 * whose second moment is at most h = λmax + tr/batch: its part above a share of σ₁(ΔW*)·h is added to that.
 *
 * With a frozen factor (`train`) the loss is quadratic, and q its largest curvature everywhere: s²λa² if A is frozen, s²b²
 * if B is.
 */
export function curvature(e: RateSettings, scaling: number, facts: Facts): number {
  const { a, b, sigma1, inputs, frozen } = facts;
  if (frozen === 'A' && a > 0) return scaling * scaling * e.ratio * a * a;
  if (frozen === 'B' && b > 0) return scaling * scaling * b * b;
  const both = 2 * scaling * Math.sqrt(e.ratio);
  const white = scaling * scaling * (e.ratio * a * a + b * b) + both * sigma1;
  if (!inputs) return white;
  const { batch, noise } = inputs;
  const moment = secondMoment(facts);
  const pull = noise * (Math.sqrt(e.d / batch) + 1) * Math.sqrt(moment);
  return white * moment + both * Math.max(0, pull - FELT_NOISE * sigma1 * moment);
}

/** Rates of A, ascending, at which SGD from B = 0 on a matrix target loses its hold. */
export interface SgdEdge {
  /** A step of this rate is the longest that the curvature at the start allows: 4η₁/(κ + √(κ² + 4)). */
  readonly first: number;
  /** η_end: where small rates end, this one is the first that is unstable. */
  readonly unstable: number;
  /** η₁: no minimum is stable above it. */
  readonly nothing: number;
}

/**
 * With κ = s·σ₁(A₀)²·√λ/σ₁(ΔW*) and η₁ = 1/(s·√λ·σ₁(ΔW*)): at a minimum the largest curvature is s²(λσ₁(A)² + σ₁(B)²),
 * at least 2s√λσ₁(ΔW*). Along slow training λσ₁(A)² − σ₁(B)² stays λσ₁(A₀)², so that it ends at √(κ² + 4)/η₁:
 * η_end = 2η₁/√(κ² + 4). 2/q = 2η₁/(κ + 2) lies below both: a safe bound (docs/model.md, "The learning rate").
 */
export function sgdEdge(scaling: number, ratio: number, { a, sigma1 }: Pick<Facts, 'a' | 'sigma1'>): SgdEdge {
  const root = Math.sqrt(ratio);
  const nothing = 1 / (scaling * root * sigma1);
  const kappa = (scaling * a * a * root) / sigma1;
  const width = Math.sqrt(kappa * kappa + 4);
  return { first: (4 * nothing) / (kappa + width), unstable: (2 * nothing) / width, nothing };
}

/** The proposed learning rate (docs/model.md, "The learning rate"), rounded down to two significant digits, within RATES. */
export function derivedRate(e: RateSettings, scaling: number, facts: Facts): number {
  const exact = facts.network
    ? networkRate(e, scaling, facts, facts.network)
    : optimisers
        .byName(e.opt)
        .rate(facts.method ? methodRates(facts.method, scaling, facts) : rateFacts(e, scaling, facts));
  const rate = roundDown(exact);
  return Math.min(RATES.most, Math.max(RATES.least, rate));
}

/** λmax + tr/batch of the inputs; 1 if they count as white. */
const secondMoment = ({ inputs }: Facts) => (inputs ? inputs.lambdaMax + inputs.trace / inputs.batch : 1);

const methodCurvature = ({ fixed, once, twice }: MethodFacts, s: number): number => fixed + s * (once + s * twice);

function methodRates(method: MethodFacts, s: number, { sigma1 }: Facts): RateFacts {
  const { entries, lever, isQuadratic } = method;
  const longest = isQuadratic ? lever : Math.max(lever, Math.sqrt(sigma1 / s));
  return {
    q: methodCurvature(method, s),
    ofUpdate: 1,
    entries,
    lever: s * lever,
    share: sigma1 === 0 ? Number.POSITIVE_INFINITY : (s * longest) / sigma1,
  };
}

const entriesOf = ({ d, k, rank }: LayerSize) => Math.sqrt(Math.max(d, k) * rank);

function rateFacts(e: RateSettings, scaling: number, facts: Facts): RateFacts {
  const { a, b, sigma1 } = facts;
  const longest = Math.max(e.ratio * a, b, Math.sqrt((e.ratio * sigma1) / scaling));
  return {
    q: curvature(e, scaling, facts),
    ofUpdate: ratioOf(e) * secondMoment(facts),
    entries: entriesOf(e),
    lever: scaling * Math.max(a, b),
    share: sigma1 === 0 ? Number.POSITIVE_INFINITY : (scaling * longest) / sigma1,
  };
}

const MOST_ADAM = 0.02;
/**
 * Of two methods in networks: the factors of IA³ stand at 1, others at 0 or near; and of the directions of W₀ that LoRA-XS
 * takes, most are shorter than the first (docs/networks.md).
 */
const OWN_ADAM: Readonly<Record<string, { readonly most?: number; readonly times?: number }>> = {
  ia3: { most: 0.05 },
  'lora-xs': { times: 3 },
};
/** One factor alone moves ΔW less: this many times the rate of both (docs/networks.md). */
const ALONE = { A: 2, B: 3 } as const;
/** Smaller factors grow to this a² + b² in a few steps, and would then be too fast. */
const LEAST_START = 0.4;

interface NetworkRateFacts extends Pick<NetworkRates['adapter'], 'sgd' | 'momentum' | 'adam'> {
  readonly entries: number;
  readonly lever: number;
  /** s²·max(0.4, λa² + b²). */
  readonly square: number;
  /** s·max(0.5, λ·a, b). */
  readonly longest: number;
  /** The rate of SGD in full fine-tuning, whose steps some rules imitate. */
  readonly full: number;
  readonly ratio: number;
  /** The largest rate of Adam. */
  readonly most: number;
}

const adamOfNetwork = ({ adam, entries, lever, most }: NetworkRateFacts) => Math.min(most, adam / (entries * lever));
const muonOfNetwork = ({ adam, longest }: NetworkRateFacts) => (0.2 * adam) / longest;

/** Of an adapter in a network, whose ΔW* is not known. */
const ADAPTER_RATES: Readonly<Record<OptimiserName, (of: NetworkRateFacts) => number>> = {
  sgd: ({ sgd, square }) => sgd / square,
  momentum: ({ momentum, square }) => momentum / square,
  adam: adamOfNetwork,
  adamw: adamOfNetwork,
  muon: muonOfNetwork,
  polar: muonOfNetwork,
  signsgd: (of) => 0.2 * adamOfNetwork({ ...of, lever: of.longest }),
  scaled: ({ full, ratio }) => full / ratio,
  'lora-pro': ({ full, ratio }) => full / ratio,
};

/** Of full fine-tuning, which has no pairs of factors: a rate of its target, times a factor. */
const FULL_RATES: Readonly<Record<OptimiserName, readonly [of: keyof NetworkRates['full'], by: number]>> = {
  ...{ sgd: ['sgd', 1], momentum: ['momentum', 1], adam: ['adam', 1], adamw: ['adam', 1] },
  ...{ muon: ['adam', 4], polar: ['adam', 4], signsgd: ['adam', 0.2], scaled: ['sgd', 1], 'lora-pro': ['sgd', 1] },
};

/** Of a method beside LoRA in a network, in the place of what is known of LoRA. */
function besideRateFacts(
  name: string,
  method: MethodFacts,
  scaling: number,
  { adapter, full }: NetworkRates,
): NetworkRateFacts {
  const q = methodCurvature(method, scaling);
  const { most = MOST_ADAM, times = 1 } = Object.hasOwn(OWN_ADAM, name) ? OWN_ADAM[name] : {};
  return {
    ...{ ...adapter, full: full.sgd, ratio: 1 },
    ...{ adam: adapter.adam * times, most },
    ...{ entries: method.entries, lever: scaling * method.lever, longest: scaling * method.lever },
    square: Math.max(LEAST_START, q),
  };
}

function networkRate(
  e: RateSettings,
  scaling: number,
  { a, b, method, frozen }: Facts,
  { rates, full }: NonNullable<Facts['network']>,
): number {
  const opt = optimisers.byName(e.opt).name;
  if (method) return ADAPTER_RATES[opt](besideRateFacts(e.method ?? '', method, scaling, rates));
  if (full) {
    const [of, by] = FULL_RATES[opt];
    return by * rates.full[of];
  }
  return ADAPTER_RATES[opt]({
    ...rates.adapter,
    adam: rates.adapter.adam * (frozen === 'A' ? ALONE.B : frozen === 'B' ? ALONE.A : 1),
    ...{ full: rates.full.sgd, ratio: ratioOf(e), most: MOST_ADAM },
    entries: entriesOf(e),
    lever: scaling * Math.max(a, b),
    square: scaling * scaling * Math.max(LEAST_START, e.ratio * a * a + b * b),
    longest: scaling * Math.max(0.5, e.ratio * a, b),
  });
}

export interface RatedModule extends LayerSize {
  readonly facts: Facts;
}

type RateRule = Omit<RateSettings, 'd' | 'k' | 'rank'> & Omit<Parameters<typeof scalingOf>[0], 'rank'>;

/**
 * The rates derived for these modules, each from its own size, rank and s. Matrices of a network keep one each, others
 * take the least.
 */
export function rateFor(e: RateRule, modules: readonly RatedModule[]): Rate {
  const rates = modules.map((m) => derivedRate({ ...e, ...m, method: e.method }, formulaScaling(e, m), m.facts));
  return rates.length > 1 && modules.every(({ facts }) => facts.network) ? rates.join(',') : Math.min(...rates);
}

/** s of a module's formula, its own or that of s·B·A. */
function formulaScaling(e: RateRule, { rank, facts: { method } }: RatedModule): number {
  if (!method) return scalingOf({ ...e, rank });
  return method.rank === null ? 1 : innerScaling({ ...e, rank: method.rank });
}

/** q of the modules; null if it is a bound and no more, which no rate should be judged by. */
export function largestCurvature(e: RateRule, modules: readonly RatedModule[]): number | null {
  if (modules.some(({ facts: { method } }) => method && !method.isQuadratic)) return null;
  const all = modules.map((m) => {
    const s = formulaScaling(e, m);
    return m.facts.method ? methodCurvature(m.facts.method, s) : curvature({ ...e, ...m }, s, m.facts);
  });
  return Math.max(...all);
}

/** x > 0 cut to two significant decimal digits, on the digits of its shortest decimal form. */
export function roundDown(x: number): number {
  const [digits, exponent] = x.toExponential().split('e');
  return Number(`${digits.slice(0, 3)}e${exponent}`);
}

/** How the learning rate continues after the warm-up, by the word of a link. */
export const SCHEDULES = { constant: 'constant', linear: 'linear', cosine: 'cosine' } as const;
type ScheduleName = keyof typeof SCHEDULES;

/** What the rate of each step follows, fixed for a run: `steps` is the budget that it was begun with. */
export interface Schedule {
  readonly kind: ScheduleName;
  readonly warmup: number;
  readonly steps: number;
}

interface ScheduleSettings {
  readonly schedule: ScheduleName;
  readonly warmup: number;
  readonly steps: number;
}

/** Null: the rate of every step is the one that is set. */
export function scheduleOf({ schedule, warmup, steps }: ScheduleSettings): Schedule | null {
  return schedule === 'constant' && warmup === 0 ? null : { kind: schedule, warmup, steps };
}

/** Whether the rates of all steps depend on how many there are: a longer run is then another run from its first step. */
export const followsBudget = ({ schedule }: Pick<ScheduleSettings, 'schedule'>): boolean => schedule !== 'constant';
