import type { LinkFault } from '../../experiment/link/link.ts';
import { partFault, pieces, splitKey } from '../../experiment/plan/parts.ts';
import { adaptedModules, rankOf } from './counts.ts';
import {
  BASE_NAMES,
  DEFAULT_MODEL,
  type Decoder,
  MODELS,
  type Model,
  maxRank,
  NUMBER_BYTES,
  OPTIMISER_BYTES,
} from './models.ts';
import { ownModel, SHAPE_BOUNDS, SHAPE_KEYS } from './own-model.ts';
import {
  ASSUMPTION_NAMES,
  ASSUMPTIONS,
  type AssumptionName,
  type Cost,
  defaultCost,
  minOf,
  RUN_NAMES,
  RUN_NUMBERS,
  type RunNumber,
} from './setting.ts';

export const MAX_BATCH = 4096;
export const MAX_TOKENS = 1_048_576;

const DECIMAL = /^(\d+(\.\d*)?|\.\d+)$/;
const CHOICES = {
  weights: NUMBER_BYTES,
  adapter: NUMBER_BYTES,
  base: BASE_NAMES,
  optimiser: OPTIMISER_BYTES,
} as const;
type CostChoiceKey = keyof typeof CHOICES;

/** `cost` of a link: "model:llama-2-7b,q:16,v:16,weights:bf16,…"; changed assumptions; empty by default. */
export function writeCost(cost: Cost): string {
  const text = whole(cost);
  return text === whole(defaultCost()) ? '' : text;
}

function whole(cost: Cost): string {
  const { model, own, batch, tokens, checkpoints, assumed } = cost;
  const shape: readonly string[] = own
    ? [`family:${own.family}`, ...SHAPE_KEYS.flatMap((key) => (own[key] === 0 ? [] : [`${key}:${own[key]}`]))]
    : [];
  const ranks = adaptedModules(cost).map((type) => `${type.name}:${rankOf(cost, type)}`);
  return [
    `model:${model.name}`,
    ...shape,
    // Without any rank the defaults would apply.
    ...(ranks.length > 0 ? ranks : model.modules.slice(0, 1).map(({ name }) => `${name}:0`)),
    ...(Object.keys(CHOICES) as CostChoiceKey[]).map((key) => `${key}:${cost[key]}`),
    `batch:${batch}`,
    ...(model.tokens === null ? [] : [`tokens:${tokens}`]),
    `checkpoints:${Number(checkpoints)}`,
    ...ASSUMPTION_NAMES.flatMap((name) => (assumed[name] === undefined ? [] : [`${name}:${assumed[name]}`])),
    ...RUN_NAMES.flatMap((name) => (cost[name] === RUN_NUMBERS[name].usual ? [] : [`${name}:${cost[name]}`])),
  ].join(',');
}

export interface CostReading {
  readonly cost: Cost;
  readonly faults: readonly LinkFault[];
}

/** Reads `cost` of a link. It is hostile until checked: nothing is clamped, and a faulty part is left out. */
export function readCost(text: string): CostReading {
  const faults: LinkFault[] = [];
  const out = (part: string, said: string) => {
    faults.push(partFault('cost', part, `${said}; left out.`));
  };
  const given = new Map<string, string>();
  for (const piece of pieces(text, ',')) {
    const [key, value] = splitKey(piece);
    if (given.has(key)) out(piece, `${key} is given more than once`);
    else given.set(key, value ?? '');
  }
  const { model, own } = readModel(given, out);
  const usual = defaultCost(model, own);
  const used = new Set(['model', ...(given.get('model') === 'own' ? ['family', ...SHAPE_KEYS] : [])]);
  const take = (key: string): string | undefined => {
    used.add(key);
    return given.get(key);
  };
  const ranks = readRanks(model, take, out);
  const pick = <T extends string>(key: CostChoiceKey, fallback: T): T => {
    const value = take(key);
    if (value === undefined || Object.hasOwn(CHOICES[key], value)) return (value as T | undefined) ?? fallback;
    out(`${key}:${value}`, `must be ${Object.keys(CHOICES[key]).join(', ')}`);
    return fallback;
  };
  const number = (key: string, min: number, max: number, isWhole: boolean): number | null => {
    const value = take(key);
    return value === undefined ? null : readNumber(key, value, min, max, isWhole, out);
  };
  const assumed: Partial<Record<AssumptionName, number>> = {};
  const run = Object.fromEntries(
    RUN_NAMES.map((name) => {
      const { min, max, whole: isWhole, usual } = RUN_NUMBERS[name];
      return [name, number(name, min, max, isWhole) ?? usual];
    }),
  ) as Record<RunNumber, number>;
  const cost: Cost = {
    ...run,
    model,
    own,
    ranks: ranks ?? usual.ranks,
    weights: pick('weights', usual.weights),
    adapter: pick('adapter', usual.adapter),
    base: pick('base', usual.base),
    optimiser: pick('optimiser', usual.optimiser),
    batch: number('batch', 1, MAX_BATCH, true) ?? usual.batch,
    tokens: (model.tokens === null ? null : number('tokens', 1, MAX_TOKENS, true)) ?? usual.tokens,
    checkpoints: (number('checkpoints', 0, 1, true) ?? 1) === 1,
    assumed,
  };
  for (const name of ASSUMPTION_NAMES) {
    const { max, whole: isWhole, usual: usually } = ASSUMPTIONS[name];
    const value = number(name, minOf(name), max, isWhole);
    if (value !== null && value !== usually(cost)) assumed[name] = value;
  }
  for (const [key, value] of given)
    if (!used.has(key)) out(value === '' ? key : `${key}:${value}`, `not a setting of the cost of ${model.name}`);
  return { cost, faults };
}

type FaultReport = (part: string, said: string) => void;

function readModel(given: ReadonlyMap<string, string>, out: FaultReport): { model: Model; own: Decoder | null } {
  const name = given.get('model');
  const known = MODELS.find((model) => model.name === name);
  if (known) return { model: known, own: null };
  const fallback = { model: DEFAULT_MODEL, own: null };
  if (name === undefined) return fallback;
  if (name !== 'own') {
    out(`model:${name}`, `must be ${MODELS.map((model) => model.name).join(', ')} or own`);
    return fallback;
  }
  const own = readShape(given, out);
  return own ? { model: ownModel(own), own } : fallback;
}

/** The shapes of an imported model; null if one is missing or impossible. */
function readShape(given: ReadonlyMap<string, string>, out: FaultReport): Decoder | null {
  const family = given.get('family');
  if (family !== 'llama' && family !== 'gpt2') {
    out(`family:${family ?? ''}`, 'must be llama or gpt2 for a model of your own');
    return null;
  }
  const shape = {} as Record<(typeof SHAPE_KEYS)[number], number>;
  for (const key of SHAPE_KEYS) {
    const [min, max] = SHAPE_BOUNDS[key];
    const value = given.get(key);
    const n = value === undefined && min === 0 ? 0 : readNumber(key, value ?? '', min, max, true, out);
    if (n === null) return null;
    shape[key] = n;
  }
  return { family, ...shape, tied: shape.tied === 1 ? 1 : 0 };
}

function readRanks(
  model: Model,
  take: (key: string) => string | undefined,
  out: FaultReport,
): Readonly<Record<string, number>> | null {
  const ranks: Record<string, number> = {};
  let named = false;
  for (const type of model.modules) {
    const value = take(type.name);
    if (value === undefined) continue;
    named = true;
    const rank = readNumber(type.name, value, 0, maxRank(type), true, out);
    if (rank !== null && rank > 0) ranks[type.name] = rank;
  }
  return named ? ranks : null;
}

function readNumber(
  key: string,
  value: string,
  min: number,
  max: number,
  isWhole: boolean,
  out: FaultReport,
): number | null {
  const n = value.length <= 20 && DECIMAL.test(value) ? Number(value) : Number.NaN;
  if (n >= min && n <= max && (!isWhole || Number.isInteger(n))) return n;
  out(`${key}:${value}`, `must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`);
  return null;
}
