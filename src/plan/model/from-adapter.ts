import { adaptedModules } from './counts.ts';
import { MODELS, type Model, type ModuleType, maxRank } from './models.ts';
import { type Cost, defaultCost } from './setting.ts';

/** A module of an adapter, or a kind of module that a config names: then its shape is unknown. */
export interface AdaptedModule {
  readonly name: string;
  readonly shape: { readonly d: number; readonly k: number } | null;
  readonly rank: number;
  readonly alpha: number | null;
}

export interface AdapterPlan {
  readonly cost: Cost;
  /** Whether the shapes are those of the plan's model; else only kinds, rank and α are taken over. */
  readonly sameModel: boolean;
}

const plain = (name: string) => name.replaceAll('.', '_');
/** Whether a module is of this kind by the end of its name, or of a config's pattern by the end of the kind's. */
function isNamed({ target }: ModuleType, name: string, shaped: boolean): boolean {
  const [kind, module] = [plain(target), plain(name)];
  if (module === kind || module.endsWith(`_${kind}`)) return true;
  return !shaped && kind.endsWith(`_${module}`);
}

/**
 * A plan with an adapter's model, kinds of modules, ranks and α. The model is the smallest one that has all of its
 * modules with their shapes; else the plan's own model keeps its shapes. Null if none of the kinds is known there.
 */
export function planLike(modules: readonly AdaptedModule[], present: Cost): AdapterPlan | null {
  const shaped = modules.filter(({ shape }) => shape !== null);
  const same = shaped.length > 0 ? MODELS.filter((model) => holds(model, shaped)) : [];
  const model = same.toSorted((a, b) => a.parameters - b.parameters).at(0);
  const base: Cost = model ? { ...present, ...defaultCost(model), ...kept(present) } : present;
  const ranks: Record<string, number> = {};
  for (const type of base.model.modules) {
    const found = modules.filter(({ name, shape }) => isNamed(type, name, shape !== null));
    if (found.length > 0) ranks[type.name] = Math.min(maxRank(type), Math.max(...found.map(({ rank }) => rank)));
  }
  if (Object.keys(ranks).length === 0) return null;
  const cost = { ...base, ranks };
  return { cost: { ...cost, alpha: alphaFor(cost, modules) }, sameModel: model !== undefined };
}

/** Of the plan before, if an adapter brings another model. */
const kept = ({ weights, adapter, base, card, quantised }: Cost) => ({ weights, adapter, base, card, quantised });

function holds(model: Model, modules: readonly AdaptedModule[]): boolean {
  const left = new Map(model.modules.flatMap(({ shapes }) => shapes.map((shape) => [shape, shape.count] as const)));
  return modules.every(({ name, shape }) => {
    const type = model.modules.find((one) => isNamed(one, name, true));
    const size = type?.shapes.find(({ d, k }) => d === shape?.d && k === shape.k);
    const count = size ? (left.get(size) ?? 0) : 0;
    if (!size || count === 0) return false;
    left.set(size, count - 1);
    return true;
  });
}

/** One α for all; 0, twice the rank of each, if that is what they have or if they differ. */
function alphaFor(cost: Cost, modules: readonly AdaptedModule[]): number {
  const alphas = new Set(modules.map(({ alpha }) => alpha));
  const [alpha] = alphas;
  const twice = adaptedModules(cost).every((type) => alpha === 2 * (cost.ranks[type.name] ?? 0));
  return alphas.size === 1 && alpha !== null && alpha > 0 && !twice ? alpha : 0;
}

/** The kinds, ranks and α of PEFT's adapter_config.json; null if it is no such file. */
export function readAdapterConfig(text: string): readonly AdaptedModule[] | null {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof config !== 'object' || config === null) return null;
  const { r, lora_alpha: alpha, target_modules: targets, ...more } = config as Readonly<Record<string, unknown>>;
  if (!isRank(r)) return null;
  const names = Array.isArray(targets) ? targets.filter((one) => typeof one === 'string') : [];
  // "all-linear" is every kind of the model.
  const kinds = targets === 'all-linear' ? MODELS.flatMap((model) => model.modules.map(({ target }) => target)) : names;
  const ranks = patternOf(more.rank_pattern, isRank);
  const alphas = patternOf(more.alpha_pattern, isAlpha);
  const usual = isAlpha(alpha) ? alpha : null;
  return kinds.length === 0
    ? null
    : kinds.map((name) => ({ name, shape: null, rank: ranks.get(name) ?? r, alpha: alphas.get(name) ?? usual }));
}

const isRank = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;
const isAlpha = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= 65_536;

/** The values of whole kinds; those of single modules, or by regular expression, are left out. */
const patternOf = (pattern: unknown, is: (value: unknown) => value is number): ReadonlyMap<string, number> =>
  new Map(Object.entries(pattern ?? {}).filter((one): one is [string, number] => is(one[1])));
