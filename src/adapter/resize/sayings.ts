import type { Adapter } from '../model.ts';
import { alphaAt } from './alpha-at.ts';
import { type Patterned, patternsFor } from './patterns.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Key of __metadata__ under which diffusers keeps the config of each component of a pipeline. */
const KEPT = 'lora_adapter_metadata';
/** Hashes of the old numbers, which a new file must not carry. */
const HASHES = ['sshs_model_hash', 'sshs_legacy_hash', 'modelspec.hash_sha256'];

/** What a new file says of ranks and α outside its tensors. */
export interface Sayings {
  readonly metadata: Readonly<Record<string, string>>;
  /** adapter_config.json; null where there is none. */
  readonly config: string | null;
}

/** Metadata and config of the file with these ranks; all else of them is kept. */
export function newSayings(adapter: Adapter, ranks: readonly number[]): Sayings {
  return { metadata: newMetadata(adapter, ranks), config: newConfig(adapter, ranks) };
}

/** Whether what is beside the tensors tells α of this module: then it is changed there, and no tensor is added. */
export function isSaidBeside(adapter: Adapter, name: string): boolean {
  if (adapter.config !== null || adapter.naming === 'peft' || adapter.naming === 'mlx') return true;
  return componentsOf(adapter.header.metadata[KEPT]).some((component) => name.startsWith(component));
}

/** The metadata of the file with these ranks; all else of it is kept. */
export function newMetadata(adapter: Adapter, ranks: readonly number[]): Readonly<Record<string, string>> {
  const { metadata } = adapter.header;
  const entries = new Map(Object.entries(metadata).filter(([key]) => !HASHES.includes(key)));
  // What kohya's own script writes where ranks differ from module to module.
  if (adapter.naming === 'kohya' || entries.has('ss_network_dim')) {
    entries.set('ss_network_dim', 'Dynamic');
    entries.set('ss_network_alpha', 'Dynamic');
  }
  const text = entries.get(KEPT);
  const json = text === undefined || adapter.config !== null ? null : parsed(text);
  if (json) {
    const fields = new Map(Object.entries(json));
    for (const component of componentsOf(text)) {
      for (const [key, value] of peftFields(adapter, ranks, component)) fields.set(`${component}${key}`, value);
    }
    entries.set(KEPT, JSON.stringify(Object.fromEntries(fields), null, 2));
  }
  return Object.fromEntries(entries);
}

/** The text of its adapter_config.json, of which all else is kept too; null where there is none. */
export function newConfig(adapter: Adapter, ranks: readonly number[]): string | null {
  const { config, naming } = adapter;
  if (config === null) {
    if (naming !== 'peft' || adapter.alphaFrom !== 'person') return null;
    const targets = [...new Set(adapter.modules.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)))];
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
function mlxParameters(parameters: Json, ranks: readonly number[]): Json {
  const rank = Math.max(...ranks);
  const { alpha, rank: before } = parameters;
  const older = typeof alpha === 'number' && typeof before === 'number' && before > 0;
  return older ? { ...parameters, rank, alpha: (alpha * rank) / before } : { ...parameters, rank };
}

/** r, lora_alpha and the patterns of the modules whose names begin with the name of a component. */
function peftFields(adapter: Adapter, ranks: readonly number[], component: string): [string, unknown][] {
  const within = adapter.modules.filter(({ name, kind }) => name.startsWith(component) && kind === 'lora');
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
  const alpha: Patterned = patternsFor(
    names,
    alphas.map((of) => of ?? 0),
  );
  return [...fields, ['lora_alpha', alpha.usual], ['alpha_pattern', alpha.pattern]];
}

function componentsOf(text: string | undefined): string[] {
  const json = text === undefined ? null : parsed(text);
  return json === null ? [] : [...new Set(Object.keys(json).map((key) => key.slice(0, key.indexOf('.') + 1)))];
}

function parsed(text: string): Json | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}
