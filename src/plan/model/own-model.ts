import { count } from '../../experiment/numbers.ts';
import { type Json, parseJson } from '../../experiment/run-file/json-checks.ts';
import { type Decoder, decoderModel, type Model } from './models.ts';

/** Bounds of an imported model: beyond them its counts would not be exact integers. */
export const SHAPE_BOUNDS = {
  layers: [1, 1000],
  width: [1, 131_072],
  heads: [1, 1024],
  kvHeads: [1, 1024],
  head: [1, 1024],
  inner: [1, 1_048_576],
  vocabulary: [1, 10_000_000],
  positions: [0, 10_000_000],
  tied: [0, 1],
  extra: [0, 10_000_000],
} as const satisfies Record<Exclude<keyof Decoder, 'family'>, readonly [number, number]>;

export type ShapeKey = keyof typeof SHAPE_BOUNDS;
export const SHAPE_KEYS = Object.keys(SHAPE_BOUNDS) as ShapeKey[];

export const MAX_CONFIG_LENGTH = 100_000;

export function ownModel(shape: Decoder): Model {
  const { family, layers, width } = shape;
  const kind = family === 'gpt2' ? 'shapes of GPT-2' : 'shapes of Llama';
  return decoderModel('own', `Your model: ${count(layers)} layers, width ${count(width)}, ${kind}`, shape, 2048);
}

export type ConfigReading =
  | { readonly shape: Decoder; readonly remarks: readonly string[] }
  | { readonly fault: string };

/** Kinds of models with Llama's shapes, apart from biases and norms of heads. */
const LIKE_LLAMA = ['llama', 'mistral', 'qwen2', 'qwen3', 'gemma'];
/** A model with these keys has several feed-forward parts. */
const EXPERTS = ['num_local_experts', 'num_experts', 'n_routed_experts'];

/** Reads a transformers config.json, hostile until checked: nothing is clamped, wrong keys are named. */
export function readConfig(text: string): ConfigReading {
  if (text.length > MAX_CONFIG_LENGTH) return { fault: 'This file is too long for a config.json.' };
  if (text.trim() === '') return { fault: 'Nothing was pasted. Paste the text of a config.json.' };
  // Lines from the middle of the file are an object without its braces.
  const lines = text.trim().replace(/,$/, '');
  const parsed = parseJson(/^"\w+"\s*:/.test(lines) ? `{${lines}}` : text);
  if ('fault' in parsed) return { fault: `This is not JSON: ${parsed.fault}.` };
  if (typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value))
    return { fault: 'This JSON is not an object. A config.json begins with { and ends with }.' };
  const config = own(parsed.value);
  // A multimodal model keeps the shapes of its decoder apart.
  const inner = config.text_config;
  const root = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? own(inner) : config;
  const experts = EXPERTS.find((key) => typeof root[key] === 'number' && root[key] > 1);
  if (experts) return { fault: `${experts}: mixtures of experts are not counted here. Use a model without experts.` };
  return shapesOf(root);
}

/** Own keys only: a file cannot reach the prototype. */
const own = (value: object): Json => Object.assign(Object.create(null), value) as Json;

class Missing extends Error {}

function shapesOf(config: Json): ConfigReading {
  const kind = typeof config.model_type === 'string' ? config.model_type : '';
  const gpt2 = kind === 'gpt2' || (kind === '' && config.n_embd !== undefined);
  try {
    return gpt2 ? { shape: gpt2Shape(config), remarks: [] } : llamaShape(config, kind);
  } catch (error) {
    if (error instanceof Missing) return { fault: error.message };
    throw error;
  }
}

function llamaShape(config: Json, kind: string): ConfigReading {
  const width = need(config, 'hidden_size', 'width');
  const layers = need(config, 'num_hidden_layers', 'layers');
  const heads = need(config, 'num_attention_heads', 'heads');
  const kvHeads = may(config, 'num_key_value_heads', 'kvHeads') ?? heads;
  if (heads % kvHeads !== 0) refuse(`num_key_value_heads is ${kvHeads}: it must divide num_attention_heads, ${heads}`);
  const given = may(config, 'head_dim', 'head');
  if (given === null && width % heads !== 0)
    refuse(
      `hidden_size is ${width}: it must be a multiple of num_attention_heads, ${heads}, or head_dim must be there`,
    );
  const head = given ?? width / heads;
  const inner = need(config, 'intermediate_size', 'inner');
  const vocabulary = need(config, 'vocab_size', 'vocabulary');
  const tied = flag(config, 'tie_word_embeddings', kind.startsWith('gemma')) ? 1 : 0;
  const [q, kv] = [heads * head, kvHeads * head];
  const bias = flag(config, 'attention_bias', false);
  const extra =
    (bias ? q + 2 * kv + width : kind === 'qwen2' ? q + 2 * kv : 0) +
    (flag(config, 'mlp_bias', false) ? 2 * inner + width : 0) +
    (kind === 'qwen3' ? 2 * head : 0);
  const remarks = LIKE_LLAMA.includes(kind)
    ? []
    : [
        `${kind === '' ? 'model_type is missing' : `model_type is ${quote(kind)}`}: counted with the shapes of Llama: q, k, v, o, gate, up and down. If its matrices are others, numbers and names differ.`,
      ];
  const sizes = { layers, width, heads, kvHeads, head, inner, vocabulary };
  return { shape: { family: 'llama', ...sizes, positions: 0, tied, extra }, remarks };
}

function gpt2Shape(config: Json): Decoder {
  const width = need(config, 'n_embd', 'width');
  const heads = need(config, 'n_head', 'heads');
  if (width % heads !== 0) refuse(`n_embd is ${width}: it must be a multiple of n_head, ${heads}`);
  const inner = may(config, 'n_inner', 'inner') ?? 4 * width;
  return {
    ...{ family: 'gpt2', width, heads, kvHeads: heads, head: width / heads, inner, extra: 0 },
    layers: need(config, 'n_layer', 'layers'),
    vocabulary: need(config, 'vocab_size', 'vocabulary'),
    positions: may(config, 'n_positions', 'positions') ?? 1024,
    tied: flag(config, 'tie_word_embeddings', true) ? 1 : 0,
  };
}

function need(config: Json, key: string, of: ShapeKey): number {
  return may(config, key, of) ?? refuse(`${key} is missing. It must be a whole number ${range(of)}`);
}

/** An integer within its bounds; null if the key is missing or null. */
function may(config: Json, key: string, of: ShapeKey): number | null {
  const value = config[key];
  if (value === undefined || value === null) return null;
  const [min, max] = SHAPE_BOUNDS[of];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
    return refuse(`${key} is ${quote(JSON.stringify(value) ?? '')}: it must be a whole number ${range(of)}`);
  return value;
}

function flag(config: Json, key: string, usual: boolean): boolean {
  const value = config[key];
  return typeof value === 'boolean' ? value : usual;
}

function refuse(what: string): never {
  throw new Missing(`${what}.`);
}

const range = (of: ShapeKey) => `from ${count(SHAPE_BOUNDS[of][0])} to ${count(SHAPE_BOUNDS[of][1])}`;

/** Text from a file, cut, and without characters that control how text is shown. */
function quote(value: string): string {
  const clean = value.slice(0, 41).replace(/[^\x20-\x7e]/g, '�');
  return clean.length > 40 ? `${clean.slice(0, 40)}…` : clean;
}
