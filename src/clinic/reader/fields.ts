import type { Leaf, Span, ValueNode } from './syntax/node.ts';

/** Whose words the settings are written in. Trainer: Hugging Face's TrainingArguments, which PEFT and LLaMA-Factory use. */
export const TOOLS = {
  peft: 'PEFT',
  kohya: 'kohya',
  axolotl: 'axolotl',
  llamafactory: 'LLaMA-Factory',
} as const;
export type Tool = keyof typeof TOOLS;

interface FieldValues {
  number: number;
  flag: boolean;
  text: string;
  list: readonly string[];
  numbers: readonly number[];
}

interface Field {
  readonly type: keyof FieldValues;
  /** In the table of docs/clinic-readers.md. */
  readonly what: string;
  readonly keys: { readonly [T in Tool | 'trainer']?: readonly string[] };
}

/** Settings that the rules read, in the words of each tool. */
export const FIELDS = {
  method: {
    type: 'text',
    what: 'kind of adapter',
    keys: {
      peft: ['peft_type'],
      kohya: ['network_module', 'LoRA_type'],
      axolotl: ['adapter'],
      llamafactory: ['finetuning_type'],
    },
  },
  rank: {
    type: 'number',
    what: 'rank r',
    keys: { peft: ['r', 'rank', 'lora_r'], kohya: ['network_dim'], axolotl: ['lora_r'], llamafactory: ['lora_rank'] },
  },
  alpha: {
    type: 'number',
    what: 'α',
    keys: {
      peft: ['lora_alpha', 'alpha'],
      kohya: ['network_alpha'],
      axolotl: ['lora_alpha'],
      llamafactory: ['lora_alpha'],
    },
  },
  rslora: {
    type: 'flag',
    what: 's = α/√r',
    keys: { peft: ['use_rslora'], axolotl: ['peft_use_rslora'], llamafactory: ['use_rslora'] },
  },
  dora: {
    type: 'flag',
    what: 'DoRA',
    keys: { peft: ['use_dora'], axolotl: ['peft_use_dora'], llamafactory: ['use_dora'] },
  },
  targets: {
    type: 'list',
    what: 'target modules',
    keys: { peft: ['target_modules'], axolotl: ['lora_target_modules'], llamafactory: ['lora_target'] },
  },
  allLinear: { type: 'flag', what: 'all linear layers', keys: { axolotl: ['lora_target_linear'] } },
  textOnly: { type: 'flag', what: 'text encoder only', keys: { kohya: ['network_train_text_encoder_only'] } },
  init: {
    type: 'text',
    what: 'initialisation',
    keys: { peft: ['init_lora_weights'], axolotl: ['peft_init_lora_weights'], llamafactory: ['pissa_init'] },
  },
  dropout: {
    type: 'number',
    what: 'dropout',
    keys: {
      peft: ['lora_dropout'],
      kohya: ['network_dropout'],
      axolotl: ['lora_dropout'],
      llamafactory: ['lora_dropout'],
    },
  },
  networkArgs: { type: 'list', what: 'arguments of the network', keys: { kohya: ['network_args'] } },
  saved: {
    type: 'list',
    what: 'modules saved whole',
    keys: { peft: ['modules_to_save'], axolotl: ['lora_modules_to_save'], llamafactory: ['additional_target'] },
  },
  saveEmbeddings: { type: 'flag', what: 'embeddings saved', keys: { peft: ['save_embedding_layers'] } },
  savePrecision: { type: 'text', what: 'precision of the file', keys: { kohya: ['save_precision'] } },
  optimiser: {
    type: 'text',
    what: 'optimiser',
    keys: { kohya: ['optimizer_type', 'optimizer'], axolotl: ['optimizer'], trainer: ['optim'], peft: ['optimizer'] },
  },
  rate: {
    type: 'number',
    what: 'learning rate',
    keys: { kohya: ['learning_rate'], axolotl: ['learning_rate'], trainer: ['learning_rate'], peft: ['lr'] },
  },
  unetRate: { type: 'number', what: 'rate of the U-Net', keys: { kohya: ['unet_lr'] } },
  textRate: {
    type: 'number',
    what: 'rate of the text encoder',
    keys: { kohya: ['text_encoder_lr', 'text_encoder_lr1'] },
  },
  schedule: {
    type: 'text',
    what: 'schedule of the rate',
    keys: { kohya: ['lr_scheduler'], axolotl: ['lr_scheduler'], trainer: ['lr_scheduler_type'] },
  },
  warmupSteps: {
    type: 'number',
    what: 'steps of warm-up',
    keys: {
      kohya: ['lr_warmup_steps'],
      axolotl: ['warmup_steps'],
      trainer: ['warmup_steps'],
      peft: ['lr_warmup_steps'],
    },
  },
  warmupRatio: {
    type: 'number',
    what: 'share of warm-up',
    keys: { axolotl: ['warmup_ratio'], trainer: ['warmup_ratio'] },
  },
  epochs: {
    type: 'number',
    what: 'epochs',
    keys: { kohya: ['max_train_epochs'], axolotl: ['num_epochs'], trainer: ['num_train_epochs'] },
  },
  steps: {
    type: 'number',
    what: 'steps',
    keys: { kohya: ['max_train_steps'], axolotl: ['max_steps'], trainer: ['max_steps'], peft: ['max_train_steps'] },
  },
  batch: {
    type: 'number',
    what: 'batch size',
    keys: { kohya: ['train_batch_size'], axolotl: ['micro_batch_size'], trainer: ['per_device_train_batch_size'] },
  },
  accumulation: {
    type: 'number',
    what: 'batches of a step',
    keys: {
      kohya: ['gradient_accumulation_steps'],
      axolotl: ['gradient_accumulation_steps'],
      trainer: ['gradient_accumulation_steps'],
    },
  },
  samples: {
    type: 'number',
    what: 'samples',
    keys: { llamafactory: ['max_samples'], trainer: ['max_train_samples'] },
  },
  heldOut: {
    type: 'number',
    what: 'held-out samples or their share',
    keys: { axolotl: ['val_set_size'], llamafactory: ['val_size'] },
  },
  repeats: {
    type: 'number',
    what: 'repeats of a picture',
    keys: { kohya: ['num_repeats', 'dataset_repeats'] },
  },
  clip: {
    type: 'number',
    what: 'largest norm of the gradient',
    keys: { kohya: ['max_grad_norm'], axolotl: ['max_grad_norm'], trainer: ['max_grad_norm'] },
  },
  decay: {
    type: 'number',
    what: 'weight decay',
    keys: { kohya: ['weight_decay'], axolotl: ['weight_decay'], trainer: ['weight_decay'] },
  },
  fp16: { type: 'flag', what: 'float16', keys: { kohya: ['full_fp16'], axolotl: ['fp16'], trainer: ['fp16'] } },
  bf16: { type: 'flag', what: 'bfloat16', keys: { kohya: ['full_bf16'], axolotl: ['bf16'], trainer: ['bf16'] } },
  precision: {
    type: 'text',
    what: 'precision of training',
    keys: {
      kohya: ['mixed_precision'],
      peft: ['torch_dtype', 'dtype', 'mixed_precision'],
      llamafactory: ['infer_dtype'],
    },
  },
  fourBits: { type: 'flag', what: '4-bit weights', keys: { peft: ['load_in_4bit'], axolotl: ['load_in_4bit'] } },
  bits: { type: 'number', what: 'bits of the weights', keys: { llamafactory: ['quantization_bit'] } },
  stage: { type: 'text', what: 'what is trained', keys: { axolotl: ['rl'], llamafactory: ['stage'] } },
  preference: {
    type: 'flag',
    what: 'training on preferences',
    keys: { peft: ['DPOConfig()', 'ORPOConfig()', 'KTOConfig()', 'GRPOConfig()', 'PPOConfig()', 'RewardConfig()'] },
  },
  merge: {
    type: 'flag',
    what: 'merges',
    keys: { peft: ['merge_and_unload()', 'fuse_lora()', 'merge_before_push'], axolotl: ['merge_lora'] },
  },
  exported: { type: 'text', what: 'folder of the merged model', keys: { llamafactory: ['export_dir'] } },
  adapter: {
    type: 'text',
    what: 'adapter to merge',
    keys: { llamafactory: ['adapter_name_or_path'], axolotl: ['lora_model_dir'] },
  },
  mergedModels: { type: 'list', what: 'adapters to merge', keys: { kohya: ['models'] } },
  mergePrecision: { type: 'text', what: 'precision of the merge', keys: { kohya: ['precision'] } },
  weights: {
    type: 'numbers',
    what: 'weights of adapters',
    keys: { peft: ['weights', 'adapter_weights'], kohya: ['ratios'] },
  },
  together: { type: 'list', what: 'adapters in use at once', keys: { peft: ['adapter_names'] } },
  combination: { type: 'text', what: 'way of adding', keys: { peft: ['combination_type'] } },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** A setting as it was read, from its key to the end of its value. */
export interface Setting<T> extends Span {
  readonly value: T;
  /** The key as it is written: "lora_alpha". */
  readonly key: string;
  /** The call or program it belongs to: "LoraConfig"; '' if there is none. */
  readonly place: string;
}

export type PastedSettings = { readonly [F in FieldName]?: Setting<FieldValues[(typeof FIELDS)[F]['type']]> };

export interface ToolSettings {
  readonly tool: Tool;
  readonly settings: PastedSettings;
  readonly count: number;
}

interface KeyPlace {
  readonly field: FieldName;
  /** A key of the tool itself, which tells it from the others. */
  readonly own: boolean;
}

/** Keys of more than one tool say nothing of whose they are. */
const SHARED: ReadonlySet<string> = new Set([
  ...['learning_rate', 'weight_decay', 'max_grad_norm', 'gradient_accumulation_steps', 'lora_alpha'],
  ...['lora_dropout', 'lora_r', 'fp16', 'bf16', 'warmup_steps', 'warmup_ratio', 'max_steps', 'lr', 'load_in_4bit'],
  ...['lr_warmup_steps', 'max_train_steps', 'train_batch_size', 'mixed_precision'],
  ...['optimizer', 'dtype', 'alpha', 'rank', 'weights', 'models', 'precision', 'adapter', 'lr_scheduler'],
]);

const KEYS: Readonly<Record<Tool, ReadonlyMap<string, KeyPlace>>> = {
  peft: keysOf('peft'),
  kohya: keysOf('kohya'),
  axolotl: keysOf('axolotl'),
  llamafactory: keysOf('llamafactory'),
};

function keysOf(tool: Tool): ReadonlyMap<string, KeyPlace> {
  const places = new Map<string, KeyPlace>();
  for (const field of FIELD_NAMES) {
    const { keys }: Field = FIELDS[field];
    if (tool === 'peft' || tool === 'llamafactory')
      for (const key of keys.trainer ?? []) places.set(key, { field, own: false });
    for (const key of keys[tool] ?? []) places.set(key, { field, own: !SHARED.has(key) });
  }
  return places;
}

/** Settings lie at most this deep: under a table, a section, a call. */
const DEEPEST = 4;

/** The settings in the words of the tool that knows most of them; later ones replace earlier ones. */
export function settingsOf(leaves: readonly Leaf[]): ToolSettings | null {
  let best: (ToolSettings & { readonly score: number }) | null = null;
  for (const tool of Object.keys(TOOLS) as readonly Tool[]) {
    const settings = new Map<FieldName, Setting<unknown>>();
    const own = new Set<FieldName>();
    for (const leaf of leaves) {
      if (leaf.path.length > DEEPEST) continue;
      const key = keyOf(leaf);
      const place = KEYS[tool].get(key);
      if (!place || (leaf.inList && place.field !== 'repeats')) continue;
      // An empty `adapter:` of axolotl says that the whole model is trained.
      const value = readValue(leaf.node, FIELDS[place.field].type) ?? (key === 'adapter' ? 'none' : null);
      // 1e999 is no setting.
      if (value === null || (typeof value === 'number' && !Number.isFinite(value))) continue;
      settings.set(place.field, { value, key, place: leaf.place, start: leaf.start, end: leaf.end });
      if (place.own) own.add(place.field);
    }
    const score = 3 * own.size + settings.size;
    // SAFETY of the cast: each value was made by `readValue` for its field's type.
    if (settings.size > 0 && score > (best?.score ?? 0))
      best = { tool, settings: Object.fromEntries(settings) as PastedSettings, count: settings.size, score };
  }
  return best;
}

/** Positional arguments of the two calls that have settings there. */
function keyOf({ path, place }: Leaf): string {
  // A config of Weights & Biases has a map with a value for each setting.
  const key = path[path.length - 1 - Number(path.length > 1 && path[path.length - 1] === 'value')];
  if (place === 'set_adapters' && key === '0') return 'adapter_names';
  if (key === '1' && (place === 'add_weighted_adapter' || place === 'set_adapters')) return 'weights';
  return key;
}

function readValue(node: ValueNode, type: keyof FieldValues): unknown {
  const single = node.kind === 'name' ? node.name : node.kind === 'scalar' ? node.value : null;
  switch (type) {
    case 'number': {
      const number = typeof single === 'string' ? Number(single.trim() || 'x') : single;
      return typeof number === 'number' && !Number.isNaN(number) ? number : null;
    }
    case 'flag':
      if (typeof single === 'boolean') return single;
      if (typeof single === 'number') return single !== 0;
      return typeof single === 'string' && /^(true|auto)$/i.test(single) ? true : null;
    case 'text':
      return typeof single === 'string' && single !== '' && single.length <= 300
        ? single
        : typeof single === 'boolean'
          ? String(single)
          : null;
    case 'list': {
      const items =
        node.kind === 'list' ? node.items.slice(0, 500).map(textOf) : [single === null ? '' : String(single)];
      const parts = node.kind === 'list' ? items : items[0].split(',');
      const named = parts.map((part) => part.trim()).filter((part) => part !== '');
      return named.length > 0 ? named : null;
    }
    case 'numbers': {
      const items = node.kind === 'list' ? node.items.slice(0, 100).map(textOf) : [String(single ?? '')];
      const numbers = items.map(Number);
      return numbers.length > 0 && numbers.every(Number.isFinite) && items.every((item) => item !== '')
        ? numbers
        : null;
    }
    default:
      return type satisfies never;
  }
}

const textOf = (node: ValueNode): string =>
  node.kind === 'scalar' && node.value !== null ? String(node.value) : node.kind === 'name' ? node.name : '';
