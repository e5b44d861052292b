import { namingFor, newName } from '../convert/names.ts';
import { safeName } from '../faults.ts';
import type { Adapter, Fault, Module, TensorEntry } from '../model.ts';
import { canonicalName } from '../namings.ts';
import { comparePlaces, modulePlaces } from '../places.ts';
import { countOf } from '../safetensors/numbers.ts';
import { type Checkpoint, type CheckpointTensor, hasNumbers } from './checkpoint.ts';

/** A tensor of both models, of one shape. */
export interface TensorPair {
  /** As in the model with the longer names. */
  readonly name: string;
  readonly base: CheckpointTensor;
  readonly fine: CheckpointTensor;
  readonly shape: readonly number[];
  /** Rows and columns: of a convolution out × in·height·width. null: a bias, a norm, a single number, or more than 65,536 columns. */
  readonly matrix: { readonly d: number; readonly k: number } | null;
}

/** The tensors of a base and a fine-tuned model, by name. */
export interface TensorMatches {
  readonly pairs: readonly TensorPair[];
  readonly onlyBase: readonly CheckpointTensor[];
  readonly onlyFine: readonly CheckpointTensor[];
  /** Of one name and different shapes. */
  readonly unlike: readonly (readonly [base: CheckpointTensor, fine: CheckpointTensor])[];
  /** Integers, quantised numbers: no difference is formed. */
  readonly notFloat: readonly (readonly [base: CheckpointTensor, fine: CheckpointTensor])[];
  /** Stands before every name of one model, and of the other not: "transformer."; '' if names are the same. */
  readonly prefix: string;
}

/** Lists by name. A Fault if the two have no tensor in common. */
export function matchTensors(base: Checkpoint, fine: Checkpoint): TensorMatches | Fault {
  const { prefix, of } = commonPrefix(base, fine);
  const prefixed = of === 'base' ? base : fine;
  const nameIn = ({ name }: CheckpointTensor, model: 'base' | 'fine') => {
    const short = of === model && name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return short !== name && prefixed.tensors.has(short) ? name : short;
  };
  const others = new Map([...fine.tensors.values()].map((tensor) => [nameIn(tensor, 'fine'), tensor]));
  const [pairs, onlyBase, unlike, notFloat] = [
    [] as TensorPair[],
    [] as CheckpointTensor[],
    [] as TensorMatches['unlike'][number][],
    [] as TensorMatches['notFloat'][number][],
  ];
  for (const tensor of base.tensors.values()) {
    const name = nameIn(tensor, 'base');
    const other = others.get(name);
    if (!other) {
      onlyBase.push(tensor);
      continue;
    }
    others.delete(name);
    if (String(tensor.shape) !== String(other.shape)) unlike.push([tensor, other]);
    else if (!hasNumbers(tensor) || !hasNumbers(other)) notFloat.push([tensor, other]);
    else {
      const { shape } = tensor;
      const longer = tensor.name.length > other.name.length ? tensor.name : other.name;
      pairs.push({ name: longer, base: tensor, fine: other, shape, matrix: matrixShape(shape) });
    }
  }
  if (pairs.length + unlike.length + notFloat.length === 0) return strangers(base, fine);
  return { pairs, onlyBase, onlyFine: [...others.values()], unlike, notFloat, prefix };
}

/** Columns of a matrix whose directions are looked for, at most: each takes as much memory as 138 of its rows, some times. */
const MOST_COLUMNS = 65_536;

/** Whether a shape is that of a matrix with too many columns. */
const isTooWide = (shape: readonly number[]): boolean => shape[0] > 1 && countOf(shape.slice(1)) > MOST_COLUMNS;

/** null for one row or column, which has one direction at most, for tensors without numbers, and if it is too wide. */
function matrixShape(shape: readonly number[]): TensorPair['matrix'] {
  if (shape.length < 2) return null;
  const [d, k] = [shape[0], countOf(shape.slice(1))];
  return d > 1 && k > 1 && !isTooWide(shape) ? { d, k } : null;
}

const WORDS = 2;

/** The first words of the names of one model without which most tensors of both match: "transformer.", "bert.". */
function commonPrefix(base: Checkpoint, fine: Checkpoint): { prefix: string; of: 'base' | 'fine' } {
  const names = { base: [...base.tensors.keys()], fine: [...fine.tensors.keys()] };
  let best = { prefix: '', of: 'fine' as 'base' | 'fine' };
  let most = names.base.filter((name) => fine.tensors.has(name)).length;
  for (const of of ['base', 'fine'] as const) {
    const other = of === 'base' ? fine : base;
    for (const prefix of firstWords(names[of])) {
      const hits = names[of].filter((name) =>
        other.tensors.has(name.startsWith(prefix) ? name.slice(prefix.length) : name),
      ).length;
      if (hits > most) {
        most = hits;
        best = { prefix, of };
      }
    }
  }
  return best;
}

function firstWords(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of names) {
    const words = name.split('.');
    for (let n = 1; n <= WORDS && n < words.length && found.size < 100; n++)
      found.add(`${words.slice(0, n).join('.')}.`);
  }
  return found;
}

function strangers(base: Checkpoint, fine: Checkpoint): Fault {
  const adapter = [...base.tensors.keys(), ...fine.tensors.keys()].find((name) =>
    /lora_(?:A|B|down|up|embedding)/.test(name),
  );
  if (adapter)
    return {
      fault: 'One of the two is an adapter.',
      details: `${safeName(adapter)} is a factor of a LoRA. Two whole models are compared here; open an adapter by itself.`,
    };
  const [first] = base.tensors.keys();
  const [second] = fine.tensors.keys();
  return {
    fault: 'The two models have no tensor in common.',
    details: `${safeName(base.name)} has names such as ${safeName(first ?? '')}, ${safeName(fine.name)} such as ${safeName(second ?? '')}.`,
  };
}

export type LoraNames = 'peft' | 'kohya';

/** A matrix as a module of a LoRA. */
export interface LoraLayer {
  readonly pair: TensorPair;
  /** Without ".weight", and for kohya without the part of a single file that it belongs to. */
  readonly name: string;
  /** B·A is ΔWᵀ of the tensor: embeddings of PEFT, and GPT-2's weights, which lie [in, out]. */
  readonly turned: boolean;
  readonly embedding: boolean;
}

/** Layers that PEFT adapts as embeddings, by the ends of their names. */
const EMBEDDING =
  /(?:^|[._])(?:embed_tokens|token_embedding|word_embeddings|wte|wpe|embed_in|shared|position_embeddings?|token_type_embeddings|embed_positions|tok_embeddings|relative_attention_bias)$/;
const CONV1D = /\.(?:c_attn|c_proj|c_fc|q_attn)$/;

/** Parts of a single file of Stable Diffusion, and what stands for them in files of adapters; null: no LoRA adapts it. */
const PARTS: readonly (readonly [front: string, becomes: string | null])[] = [
  ['model.diffusion_model.', 'unet.'],
  ['cond_stage_model.transformer.', 'text_encoder.'],
  ['conditioner.embedders.0.transformer.', 'text_encoder.'],
  ['conditioner.embedders.1.model.', null],
  ['cond_stage_model.model.', null],
  ['first_stage_model.', null],
];

/** A layer's name as files of adapters have it, without the part of a single file of Stable Diffusion; null: no LoRA adapts it. */
export function layerName(name: string): string | null {
  const part = PARTS.find(([front]) => name.startsWith(front));
  if (!part) return name;
  return part[1] === null ? null : `${part[1]}${name.slice(part[0].length)}`;
}

/** Whether a layer of this name has its weight [in, out], in a model that has such layers. */
export const isConv1d = (name: string): boolean => CONV1D.test(name);

/** The matrix as a layer of a LoRA, or the sentence why no LoRA can hold it. */
export function loraLayer(pair: TensorPair, names: LoraNames, hasConv1d: boolean): LoraLayer | string {
  const { name: tensor, shape, matrix } = pair;
  const called = safeName(tensor);
  if (!matrix && isTooWide(shape))
    return `${called} is ${shape.join(' × ')}; matrices of up to 65,536 columns are taken apart.`;
  if (!matrix) return `${called} is no matrix; a LoRA has pairs for matrices alone.`;
  if (!tensor.endsWith('.weight')) return `${called} is no “weight” of a layer, and tools adapt layers.`;
  if (shape.length > 5 || (shape.length > 2 && isDepthwise(shape)))
    return `${called} is ${shape.join(' × ')}, each channel by itself; a LoRA of it would not be this difference.`;
  const name = tensor.slice(0, -'.weight'.length);
  const inPart = layerName(name);
  if (inPart === null) return `${called} belongs to a part of the model that tools adapt under no name known here.`;
  const embedding = shape.length === 2 && EMBEDDING.test(name);
  if (embedding && names === 'kohya') return `${called} is an embedding, which kohya’s tools do not adapt.`;
  const turned = embedding || (hasConv1d && shape.length === 2 && isConv1d(name));
  return { pair, name: names === 'kohya' ? inPart : name, turned, embedding };
}

const isDepthwise = (shape: readonly number[]) => shape[1] === 1 && shape[0] > 1 && shape.slice(2).some((n) => n > 1);

/** Whether weights lie [in, out] as in GPT-2: its q, k, v and first layers have more outputs than inputs. */
export const storesConv1d = (tensors: Iterable<Pick<TensorEntry, 'name' | 'shape'>>): boolean =>
  [...tensors].some(
    ({ name, shape }) => shape.length === 2 && /\.(?:c_attn|c_fc)\.weight$/.test(name) && shape[1] > shape[0],
  );

/** An entry of a file that is not there yet. */
const planned = (name: string, dtype: string, shape: readonly number[]): TensorEntry => ({
  name,
  dtype,
  shape,
  from: 0,
  to: 0,
});

/** A layer with its rank, as a module with s = α/r = 1 and the names of its tensors. Places are not known yet. */
function moduleOf({ pair, name, turned, embedding }: LoraLayer, rank: number, dtype: string): Omit<Module, 'index'> {
  const { matrix, shape } = pair;
  const { d: rows, k: cols } = matrix ?? { d: 0, k: 0 };
  const [d, k] = turned ? [cols, rows] : [rows, cols];
  const marks = embedding ? ['.lora_embedding_A', '.lora_embedding_B'] : ['.lora_A.weight', '.lora_B.weight'];
  const kernel = shape.slice(2);
  const [down, up] = [
    [rank, turned ? k : shape[1], ...kernel],
    [d, rank, ...kernel.map(() => 1)],
  ];
  return {
    ...{ name, canonical: canonicalName(name), kind: 'lora', d, k, rank, dtype, alpha: rank, scaling: 1, rule: 'α/r' },
    kernel: kernel.length > 0 ? [kernel.slice(0, -1).reduce((x, y) => x * y, 1), kernel[kernel.length - 1]] : null,
    transposed: false,
    magnitude: null,
    place: null,
    tensors: {
      down: planned(`base_model.model.${name}${marks[0]}`, dtype, down),
      up: planned(`base_model.model.${name}${marks[1]}`, dtype, up),
    },
  };
}

/** A LoRA that is not written yet: all its modules with all their directions. */
export interface PlannedLora {
  readonly adapter: Adapter;
  /** Of each module. */
  readonly layers: readonly LoraLayer[];
  /** Layers without a name in this naming, with the sentence why. */
  readonly nameless: readonly (readonly [pair: TensorPair, why: string])[];
}

/** The modules in the order of the forward pass, under PEFT's or kohya's names, with so many directions each. */
export function plannedLora(
  layers: readonly LoraLayer[],
  ranks: readonly number[],
  dtypes: readonly string[],
  names: LoraNames,
): PlannedLora {
  const places = modulePlaces(layers.map(({ name }) => canonicalName(name)));
  const all = layers
    .map((layer, i) => ({ layer, module: { ...moduleOf(layer, ranks[i], dtypes[i]), place: places[i] } }))
    .sort((a, b) => comparePlaces(a.module.place, b.module.place));
  const peft = adapterOf(
    all.map(({ module }) => module),
    'peft',
  );
  if (names === 'peft') return { adapter: peft, layers: all.map(({ layer }) => layer), nameless: [] };
  const naming = namingFor(peft, 'kohya');
  const nameless: [TensorPair, string][] = [];
  const found = peft.modules.flatMap((module, i) => {
    const name = newName(module, naming);
    if (typeof name !== 'string') return [{ layer: all[i].layer, module: inKohya(module, name.prefix) }];
    nameless.push([all[i].layer.pair, name]);
    return [];
  });
  return {
    adapter: adapterOf(
      found.map(({ module }) => module),
      'kohya',
    ),
    layers: found.map(({ layer }) => layer),
    nameless,
  };
}

function inKohya(module: Module, name: string): Module {
  const { down, up } = module.tensors;
  if (!down || !up) throw new Error(`${name} has no pair`);
  const tensors = {
    down: { ...down, name: `${name}.lora_down.weight` },
    up: { ...up, name: `${name}.lora_up.weight` },
    alpha: planned(`${name}.alpha`, 'F32', []),
  };
  return { ...module, name, canonical: canonicalName(name), tensors };
}

function adapterOf(modules: readonly Omit<Module, 'index'>[], naming: LoraNames): Adapter {
  return {
    ...{ name: '', bytes: 0, naming, namesLike: '', config: null, others: [], unpaired: [], alphaFrom: 'person' },
    header: {
      metadata: naming === 'peft' ? { format: 'pt' } : { ss_network_module: 'networks.lora' },
      tensors: modules.flatMap(({ tensors }) => Object.values(tensors)),
      dataFrom: 0,
    },
    modules: modules.map((module, index) => ({ ...module, index })),
  };
}
