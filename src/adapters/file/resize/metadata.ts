import { safeName } from '../faults.ts';
import type { Adapter, Fault, Module, OutputType } from '../model.ts';
import { roundToType, toBytes } from '../safetensors/numbers.ts';
import { type ConfigJson, isObject, MAX_ALPHA } from '../scaling.ts';
import { hasPairs } from '../shapes.ts';
import { countsOf, digits } from '../warnings/check.ts';

/** Why a file cannot be written, found while it is written: thrown through its writer. */
export class WriteError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.fault} ${fault.details}`);
    this.fault = fault;
  }
}

/** Why a file is read and not written under its own names; null if it is. */
export function readOnlyFault({ naming, modules }: Adapter): Fault | null {
  const [first] = modules;
  if (naming === 'other')
    return {
      fault: 'The names are of no known tool.',
      details: `Pairs were found by their ends and shapes, as ${safeName(first.name)}. What reads this file, and its rule for s, is not known, so none is written.`,
    };
  const adaLora = modules.find(({ tensors }) => tensors.diagonal);
  if (adaLora)
    return {
      fault: 'AdaLoRA is read, and not written.',
      details: `${safeName(adaLora.name)} has a factor E between B and A. As a further file of a merge it takes the names of the first, as plain LoRA.`,
    };
  const begun = modules.find(({ start }) => start !== undefined);
  if (begun)
    return {
      fault: `An adapter that began from W₀ (${begun.start}) is read, and not written.`,
      details: `PEFT takes its start off W₀ by the rank and α of the file: with others, s·B·A of ${safeName(begun.name)} would change another W₀. ${PLAIN_LORA}`,
    };
  return null;
}

/** The way from a start from W₀ to a file that can be changed. */
export const PLAIN_LORA = 'PEFT saves it as plain LoRA of twice the rank (path_initial_model_for_weight_conversion).';

export const tooLargeFault = (module: Module, type: string): Fault => ({
  fault: 'A number is too large for its type.',
  details: `${module.name} has numbers beyond the range of ${type}. ${type === 'F16' ? 'Write the file as float32 or bfloat16' : 'No type holds more than 3.4·10³⁸'}.`,
});

export const tooSmallFault = ({ name }: Module, type: OutputType): Fault => ({
  fault: 'Numbers are too small for their type.',
  details: `All numbers of a factor of ${safeName(name)} would be 0 in ${type}. ${type === 'F16' ? 'Write the file as float32 or bfloat16, which hold numbers down to 10⁻⁴⁰' : 'float32 holds the smallest, down to 10⁻⁴⁵'}.`,
});

/** A Fault if an α of a new file is larger than any that is read. */
export function alphaFault(modules: readonly Pick<Module, 'name' | 'alpha'>[]): Fault | null {
  const large = modules.find(({ alpha }) => Math.abs(alpha ?? 0) > MAX_ALPHA);
  return large
    ? {
        fault: 'α would be too large.',
        details: `α of ${safeName(large.name)} would be ${digits(large.alpha ?? 0)}; numbers up to 10¹² are read. Choose a lower rank.`,
      }
    : null;
}

/** α at which a module of another rank has the same s: s·r′, with rsLoRA s·√r′. null if s needs none or is unknown. */
export function alphaAt(module: Module, rank: number): number | null {
  const { alpha, rule } = module;
  if (alpha === null || rule === 'scale') return null;
  if (rank === module.rank) return alpha;
  // α·r′/r first: α = 8 of rank 8 becomes exactly 5 at rank 5.
  const nearest = rule === 'α/r' ? (alpha * rank) / module.rank : alpha * Math.sqrt(rank / module.rank);
  const step = Math.abs(nearest) * 2 ** -53;
  const around = [0, 1, -1, 2, -2].map((n) => nearest + n * step);
  return around.find((value) => scalingAt(module, value, rank) === module.scaling) ?? nearest;
}

export function scalingAt(module: Module, alpha: number | null, rank: number): number {
  if (alpha === null || module.rule === 'scale') return module.scaling ?? 1;
  return module.rule === 'α/r' ? alpha / rank : alpha / Math.sqrt(rank);
}

/** Whether α is neither infinite nor 0 in a type, which would lose s. */
export function canHoldAlpha(alpha: number, type: OutputType): boolean {
  const [kept] = roundToType([alpha], type);
  return Number.isFinite(kept) && (kept !== 0 || alpha === 0);
}

/** The bytes of an α tensor. Throws WriteError if its type has no such number. */
export function alphaBytes({ name }: Pick<Module, 'name'>, alpha: number, type: OutputType): Uint8Array<ArrayBuffer> {
  if (canHoldAlpha(alpha, type)) return toBytes([alpha], type);
  throw new WriteError({
    fault: 'α does not fit its type.',
    details: `α of ${safeName(name)} is ${alpha}, beyond the range of ${type}.`,
  });
}

/**
 * Ranks and α as PEFT's config has them: one default, and patterns for modules that differ. PEFT takes the first with
 * re.match("(.*\.)?(pattern)$", name), older versions only ".*\.pattern$" or the name itself: a module's whole name,
 * dots unescaped, works in all of them.
 */
interface RankPatterns {
  readonly usual: number;
  readonly pattern: Readonly<Record<string, number>>;
}

/** The default is the commonest value, the largest of several. Every name gets its own value back by PEFT's rule. */
export function patternsFor(names: readonly string[], values: readonly number[]): RankPatterns {
  const usual = commonest(values);
  const wanted = new Map(names.map((name, index) => [name, values[index]]));
  // The longest name first: it may end with another one.
  const byLength = [...wanted.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const differing = shapesOf(byLength.filter((name) => wanted.get(name) !== usual));
  const taken = takenBySeveral(byLength);
  const pattern: [string, number][] = [];
  for (const name of byLength) {
    const value = wanted.get(name) ?? usual;
    // A module with the default value needs a pattern too if a shorter one would match it.
    if (value !== usual || endsOf(name).some((end) => isTaken(differing, end))) {
      pattern.push([escaped(name, taken.has(name)), value]);
    }
  }
  return { usual, pattern: Object.fromEntries(pattern) };
}

/** Keys by length, then by the places of their dots: those of one shape are looked up at once. */
type Shapes = ReadonlyMap<number, ReadonlyMap<string, ReadonlySet<string>>>;

/** If a length has more shapes, every name counts as taken: at worst it gets an unneeded pattern. */
const MOST = 32;

function shapesOf(keys: readonly string[]): Shapes {
  const shapes = new Map<number, Map<string, Set<string>>>();
  for (const key of keys) {
    const ofLength = shapes.get(key.length) ?? new Map<string, Set<string>>();
    shapes.set(key.length, ofLength);
    const shape = dotsOf(key).join();
    const alike = ofLength.get(shape) ?? new Set<string>();
    ofLength.set(shape, alike.add(key));
  }
  return shapes;
}

/** Whether a key with its dots as wildcards matches the whole of a text. */
function isTaken(shapes: Shapes, text: string): boolean {
  const ofLength = shapes.get(text.length);
  if (!ofLength) return false;
  if (ofLength.size > MOST) return true;
  for (const [shape, keys] of ofLength) if (keys.has(withDots(text, shape))) return true;
  return false;
}

/** The names that, as keys, match another name of their length too. */
function takenBySeveral(names: readonly string[]): ReadonlySet<string> {
  const shapes = shapesOf(names);
  const several = new Set<string>();
  for (const name of names) {
    const ofLength = shapes.get(name.length) ?? new Map<string, ReadonlySet<string>>();
    if (ofLength.size > MOST) several.add(name);
    else {
      for (const [shape, keys] of ofLength) {
        const key = withDots(name, shape);
        if (key !== name && keys.has(key)) several.add(key);
      }
    }
  }
  return several;
}

const dotsOf = (name: string): readonly number[] => [...name.matchAll(/\./g)].map(({ index }) => index);

const endsOf = (name: string): readonly string[] => dotsOf(name).map((dot) => name.slice(dot + 1));

function withDots(text: string, shape: string): string {
  if (shape === '') return text;
  const letters = text.split('');
  for (const place of shape.split(',')) letters[Number(place)] = '.';
  return letters.join('');
}

function escaped(name: string, dots: boolean): string {
  // As keys of an object, names that are numbers would come before all others.
  if (/^\d+$/.test(name)) return `(?:${name})`;
  const safe = name.replace(/[\\^$*+?()[\]{}|]/g, '\\$&');
  return dots ? safe.replaceAll('.', '\\.') : safe;
}

function commonest(values: readonly number[]): number {
  return [...countsOf(values)].reduce(
    (best, of) => (of[1] > best[1] || (of[1] === best[1] && of[0] > best[0]) ? of : best),
    [0, 0],
  )[0];
}

/** Key of __metadata__ under which diffusers keeps the config of each component of a pipeline. */
const KEPT = 'lora_adapter_metadata';
/** Hashes of the old numbers, which a new file must not carry. */
const HASHES = ['sshs_model_hash', 'sshs_legacy_hash', 'modelspec.hash_sha256'];

export function newMetadataAndConfig(adapter: Adapter) {
  const ranks = adapter.modules.map(({ rank }) => rank);
  return { metadata: newMetadata(adapter, ranks), config: newConfig(adapter, ranks) };
}

/** Whether α of this module is in the config or the metadata: then it is changed there, and no tensor is added. */
export function isAlphaInMetadata(adapter: Adapter, name: string): boolean {
  if (adapter.config !== null || adapter.naming === 'peft' || adapter.naming === 'mlx') return true;
  return componentsOf(adapter).some((component) => name.startsWith(component));
}

/** Components of a pipeline whose config diffusers looks for in the metadata. */
const COMPONENT = /^(?:unet|transformer|transformer_2|prior|text_encoder|text_encoder_2|text_encoder_3)\./;

/**
 * The components that the metadata describe. With diffusers' names a new α goes there, since diffusers reads no α
 * tensor with such names, and refuses both together.
 */
function componentsOf({ naming, config, header, modules }: Adapter): string[] {
  const json = parsed(header.metadata[KEPT] ?? '');
  const said = json === null ? [] : Object.keys(json).map((key) => key.slice(0, key.indexOf('.') + 1));
  const free = naming === 'diffusers' && config === null && !modules.some(({ tensors }) => tensors.alpha);
  const added = free ? modules.flatMap(({ name, alpha }) => (alpha === null ? [] : (COMPONENT.exec(name) ?? []))) : [];
  return [...new Set([...said, ...added])];
}

/** The metadata of the file with these ranks; all else of it is kept. */
export function newMetadata(adapter: Adapter, ranks: readonly number[]): Readonly<Record<string, string>> {
  const { metadata } = adapter.header;
  const entries = new Map(Object.entries(metadata).filter(([key]) => !HASHES.includes(key)));
  // As kohya's own script writes it if ranks differ from module to module.
  if (adapter.naming === 'kohya' || entries.has('ss_network_dim')) {
    entries.set('ss_network_dim', 'Dynamic');
    entries.set('ss_network_alpha', 'Dynamic');
  }
  const components = componentsOf(adapter);
  if (components.length > 0) {
    const before = parsed(metadata[KEPT] ?? '') ?? {};
    const said = components.map((component) => componentSays(adapter, ranks, component, before));
    entries.set(KEPT, JSON.stringify({ ...before, ...Object.fromEntries(said.flat()) }, null, 2));
  }
  return Object.fromEntries(entries);
}

function componentSays(adapter: Adapter, ranks: readonly number[], component: string, before: ConfigJson) {
  const keys = Object.keys(before);
  const has = adapter.modules.some(({ name }) => name.startsWith(component));
  // A component that no name has, if it is the only one, means all modules.
  const front = has || keys.some((key) => !key.startsWith(component)) ? component : '';
  const within = adapter.modules.filter(({ name }) => name.startsWith(front));
  const says = peftFields(adapter, ranks, front);
  const isNew = !keys.some((key) => key.startsWith(component));
  const targets = isNew ? [] : before[`${component}target_modules`];
  if (Array.isArray(targets)) {
    const names = within.map(({ name }) => name.slice(front.length));
    says.push(['target_modules', [...targets, ...missingTargets(targets, names)]]);
  }
  // The config next to the file counts: its rule is that of every α here.
  const rslora = within.some(({ rule }) => rule === 'α/√r');
  if (adapter.config !== null && rslora !== (before[`${component}use_rslora`] === true))
    says.push(['use_rslora', rslora]);
  return says.map(([key, value]) => [`${component}${key}`, value] as const);
}

/** Layers that target_modules name neither whole nor by their ends. */
export const missingTargets = (targets: readonly unknown[], names: readonly string[]): readonly string[] =>
  names.filter((name) => !targets.some((end) => name === end || name.endsWith(`.${end}`)));

/** The text of the new adapter_config.json, all else of it kept; null if there is none. */
export function newConfig(adapter: Adapter, ranks: readonly number[]): string | null {
  const { config, naming } = adapter;
  if (config === null) {
    if (naming !== 'peft' || adapter.alphaFrom !== 'person') return null;
    const plain = adapter.modules.filter(({ parameter }) => parameter === undefined);
    const targets = [...new Set(plain.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)))];
    const json = { peft_type: 'LORA', target_modules: targets, ...Object.fromEntries(peftFields(adapter, ranks, '')) };
    return `${JSON.stringify(json, null, 2)}\n`;
  }
  const json = parsed(config.text.replace(/^\uFEFF/, ''));
  if (json === null) return config.text;
  const changed = isObject(json.lora_parameters)
    ? { ...json, lora_parameters: mlxParameters(json.lora_parameters, ranks) }
    : { ...json, ...Object.fromEntries(peftFields(adapter, ranks, '')) };
  return `${JSON.stringify(changed, null, 2)}\n`;
}

/** MLX multiplies by its scale whatever the rank; versions that multiplied by α/r too keep that quotient. */
function mlxParameters(parameters: ConfigJson, ranks: readonly number[]): ConfigJson {
  const rank = Math.max(...ranks);
  const { alpha, rank: before } = parameters;
  const older = typeof alpha === 'number' && typeof before === 'number' && before > 0;
  return older ? { ...parameters, rank, alpha: (alpha * rank) / before } : { ...parameters, rank };
}

/** r, lora_alpha and the patterns of the modules whose names begin with the name of a component. */
function peftFields(adapter: Adapter, ranks: readonly number[], component: string): [string, unknown][] {
  const within = adapter.modules.filter(({ name, kind }) => name.startsWith(component) && hasPairs({ kind }));
  if (within.length === 0) return [];
  const names = within.map(({ name }) => name.slice(component.length));
  const rank = patternsFor(
    names,
    within.map(({ index }) => ranks[index]),
  );
  const fields: [string, unknown][] = [
    ['r', rank.usual],
    ['rank_pattern', rank.pattern],
  ];
  const alphas = within.map((module) => alphaAt(module, ranks[module.index]));
  if (alphas.some((alpha) => alpha === null)) return fields;
  const alpha: RankPatterns = patternsFor(
    names,
    alphas.map((of) => of ?? 0),
  );
  return [...fields, ['lora_alpha', alpha.usual], ['alpha_pattern', alpha.pattern]];
}

function parsed(text: string): ConfigJson | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}
