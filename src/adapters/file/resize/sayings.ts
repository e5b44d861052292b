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
  return componentsOf(adapter).some((component) => name.startsWith(component));
}

/** Parts of a pipeline whose config diffusers looks for in the metadata. */
const COMPONENT = /^(?:unet|transformer|transformer_2|prior|text_encoder|text_encoder_2|text_encoder_3)\./;

/**
 * The parts of a pipeline that the metadata tell of. Where diffusers' names have α neither there nor in tensors, it goes to the
 * metadata, since diffusers reads no tensor of it beside such names; and both together it refuses.
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
  // What kohya's own script writes where ranks differ from module to module.
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

/** What the metadata say of a part of a pipeline, beside what stays of `before`. */
function componentSays(adapter: Adapter, ranks: readonly number[], component: string, before: Json) {
  const keys = Object.keys(before);
  const has = adapter.modules.some(({ name }) => name.startsWith(component));
  // A part that no name has, and the only one, stands for them all.
  const front = has || keys.some((key) => !key.startsWith(component)) ? component : '';
  const within = adapter.modules.filter(({ name }) => name.startsWith(front));
  const says = peftFields(adapter, ranks, front);
  const isNew = !keys.some((key) => key.startsWith(component));
  const targets = isNew ? [] : before[`${component}target_modules`];
  if (Array.isArray(targets)) {
    const names = within.map(({ name }) => name.slice(front.length));
    says.push(['target_modules', [...targets, ...missingTargets(targets, names)]]);
  }
  // The config beside the file counts: its rule is that of every α here.
  const rslora = within.some(({ rule }) => rule === 'α/√r');
  if (adapter.config !== null && rslora !== (before[`${component}use_rslora`] === true))
    says.push(['use_rslora', rslora]);
  return says.map(([key, value]) => [`${component}${key}`, value] as const);
}

/** Layers that target_modules do not name: whole, or by their ends. */
export const missingTargets = (targets: readonly unknown[], names: readonly string[]): readonly string[] =>
  names.filter((name) => !targets.some((end) => name === end || name.endsWith(`.${end}`)));

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

function parsed(text: string): Json | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}
