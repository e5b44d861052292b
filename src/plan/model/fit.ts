import { count } from '../../experiment/numbers.ts';
import { memoryText } from './cost-text.ts';
import { GIB, mainRank, memoryOf, sumOf } from './counts.ts';
import { attentionRanks, type Model, maxRank } from './models.ts';
import { type Cost, USUAL_RANK } from './setting.ts';

/** Memory of usual GPUs in GB, as they are sold, with some of their names. */
export const GPUS: readonly (readonly [gb: number, names: string])[] = [
  [8, 'RTX 4060'],
  [12, 'RTX 3060, 4070'],
  [16, 'T4, RTX 4080'],
  [24, 'RTX 3090, 4090, L4'],
  [32, 'RTX 5090, V100'],
  [40, 'A100'],
  [48, 'RTX A6000, L40S'],
  [80, 'A100, H100'],
];

/** GiB that buffers and the program take besides what is counted. */
export const SPARE = 2;

/** Bytes of the plan on one GPU, with the weights as they are stored or quantised. */
export const planBytes = (cost: Cost): number => sumOf(memoryOf(cost)[cost.quantised === 1 ? 'qlora' : 'lora']);

interface Fit {
  /** "tight": less than SPARE is left. */
  readonly verdict: 'fits' | 'tight' | 'no';
  /** Bytes. */
  readonly needs: number;
  /** Bytes; negative if it needs more than the GPU has. */
  readonly left: number;
}

export function fitOf(cost: Cost): Fit {
  const needs = planBytes(cost);
  const left = cost.card * GIB - needs;
  return { verdict: left >= SPARE * GIB ? 'fits' : left >= 0 ? 'tight' : 'no', needs, left };
}

const fits = (cost: Cost) => fitOf(cost).verdict === 'fits';

/** The largest whole number from 1 to `max` that holds, if all below a number that holds do; 0 if none does. */
function largest(max: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, max];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The same rank for the named kinds of modules; the largest that fits, if it is too high for one. */
export function ranksFor({ modules }: Pick<Model, 'modules'>, names: readonly string[], rank: number) {
  const types = modules.filter(({ name }) => names.includes(name));
  return Object.fromEntries(types.map((type) => [type.name, Math.min(rank, maxRank(type))]));
}

export type ModuleChoice = 'attention' | 'all';
export const MODULE_CHOICES: readonly ModuleChoice[] = ['attention', 'all'];
export const METHODS = [0, 1] as const;

export const namesOf = (model: Model, modules: ModuleChoice): readonly string[] =>
  modules === 'all' ? model.modules.map(({ name }) => name) : Object.keys(attentionRanks(model, 1));

const withRank = (cost: Cost, modules: ModuleChoice, rank: number): Cost => ({
  ...cost,
  ranks: ranksFor(cost.model, namesOf(cost.model, modules), rank),
});

/** The largest rank of these modules that fits on the GPU; 0 if none does. */
export function largestRank(cost: Cost, modules: ModuleChoice, quantised: 0 | 1): number {
  const names = namesOf(cost.model, modules);
  const max = Math.max(...cost.model.modules.filter(({ name }) => names.includes(name)).map(maxRank));
  return largest(max, (rank) => fits({ ...withRank(cost, modules, rank), quantised }));
}

interface Advice {
  readonly modules: ModuleChoice;
  readonly rank: number;
  readonly cost: Cost;
}

/** Checkpoints, and one sample at a time: the same steps with the least memory. */
const sparing = (cost: Cost): Cost => ({
  ...cost,
  checkpoints: true,
  batch: 1,
  accumulate: Math.min(4096, cost.batch * cost.accumulate),
});

/** Rank and modules for the GPU, with the plan's batch, or with one sample at a time if nothing else fits. */
export const adviceOf = (cost: Cost): Advice | null => bestOf(cost) ?? bestOf(sparing(cost));

/** All linear modules and unquantised weights first; null if nothing fits. */
function bestOf(cost: Cost): Advice | null {
  const ways = METHODS.flatMap((quantised) =>
    (['all', 'attention'] as const).map((modules) => {
      const most = largestRank(cost, modules, quantised);
      const rank = Math.min(USUAL_RANK, most);
      return { modules, rank, cost: { ...withRank(cost, modules, rank), quantised } };
    }),
  );
  const best = ways.find(({ rank }) => rank === USUAL_RANK) ?? ways.toSorted((a, b) => b.rank - a.rank)[0];
  return best && best.rank > 0 ? best : null;
}

/** A change after which the plan fits. */
export interface Fix {
  readonly text: string;
  readonly cost: Cost;
}

type PlanChange = (cost: Cost) => Fix | null;

const checkpoints: PlanChange = (cost) =>
  cost.checkpoints ? null : { text: 'checkpoints', cost: { ...cost, checkpoints: true } };

const quantise: PlanChange = (cost) =>
  cost.quantised === 1
    ? null
    : { text: cost.base === 'nf4' ? 'QLoRA' : '8-bit weights', cost: { ...cost, quantised: 1 } };

/** The smaller batch is repeated, so that a step still learns from as many samples or more. */
const batch: PlanChange = (cost) => {
  const n = Math.max(
    1,
    largest(cost.batch, (size) => fits({ ...cost, batch: size })),
  );
  if (n >= cost.batch) return null;
  const accumulate = Math.min(4096, Math.ceil((cost.batch * cost.accumulate) / n));
  return {
    text: `a batch of ${count(n)}, ${count(accumulate)} times per step`,
    cost: { ...cost, batch: n, accumulate },
  };
};

const LEAST_TOKENS = 128;

const shorten: PlanChange = (cost) => {
  if (cost.model.tokens === null || cost.tokens <= LEAST_TOKENS) return null;
  const steps = largest(Math.floor(cost.tokens / LEAST_TOKENS), (n) => fits({ ...cost, tokens: LEAST_TOKENS * n }));
  const tokens = LEAST_TOKENS * Math.max(1, steps);
  return tokens >= cost.tokens ? null : { text: `${count(tokens)} tokens`, cost: { ...cost, tokens } };
};

const lowerRank: PlanChange = (cost) => {
  const rank = mainRank(cost) ?? 1;
  const capped = (most: number): Cost => ({
    ...cost,
    ranks: Object.fromEntries(Object.entries(cost.ranks).map(([name, r]) => [name, Math.min(r, most)])),
  });
  const most = Math.max(
    1,
    largest(Math.max(rank, ...Object.values(cost.ranks)), (r) => fits(capped(r))),
  );
  return most >= Math.max(...Object.values(cost.ranks)) ? null : { text: `rank ${count(most)}`, cost: capped(most) };
};

/** The cheapest for what is learned first. */
const CHANGES: readonly PlanChange[] = [checkpoints, batch, quantise, shorten, lowerRank];

/**
 * Single changes that make the plan fit; if none does, changes one after the other until it fits, as one. Empty if it
 * fits already, or if nothing here makes it fit.
 */
export function fixesOf(cost: Cost): readonly Fix[] {
  if (fits(cost) || mainRank(cost) === null) return [];
  const single = CHANGES.flatMap((change) => change(cost) ?? []).filter((fix) => fits(fix.cost));
  if (single.length > 0) return single;
  const texts: string[] = [];
  let now = cost;
  for (const change of CHANGES) {
    const fix = change(now);
    if (!fix) continue;
    texts.push(fix.text);
    now = fix.cost;
    if (fits(now)) return [{ text: texts.join(', '), cost: now }];
  }
  return [];
}

/** The verdict: in bold, and in numbers. */
export function fitWords(cost: Cost): readonly [title: string, text: string] {
  const { verdict, needs, left } = fitOf(cost);
  const on = `on ${cost.card} GB`;
  if (mainRank(cost) === null) return ['Nothing is adapted yet.', 'Check a module.'];
  if (verdict === 'fits') return [`Fits ${on}:`, `${memoryText(needs)} GiB, ${memoryText(left)} left.`];
  if (verdict === 'tight')
    return [
      `Only just fits ${on}:`,
      `${memoryText(needs)} GiB, ${memoryText(left)} left, and buffers take 1 to ${SPARE} GiB.`,
    ];
  return [`Does not fit ${on}:`, `${memoryText(needs)} GiB, ${memoryText(-left)} too many.`];
}

/** "rank 16 on all linear modules with LoRA, 14.4 GiB." */
export function adviceWords(cost: Cost): string {
  const advice = adviceOf(cost);
  if (!advice) return `nothing fits. Take a larger GPU, or several that share the weights (FSDP, DeepSpeed ZeRO).`;
  const where = advice.modules === 'all' ? 'all linear modules' : 'the attention';
  const spared = bestOf(cost) === null ? ', checkpoints and a batch of 1' : '';
  return `rank ${advice.rank} on ${where} with ${methodName(advice.cost)}${spared}, ${memoryText(planBytes(advice.cost))} GiB.`;
}

/** 8 bits are not what QLoRA means. */
export const methodName = ({ quantised, base }: Pick<Cost, 'quantised' | 'base'>): string =>
  quantised === 0 ? 'LoRA' : base === 'nf4' ? 'QLoRA' : '8-bit';
