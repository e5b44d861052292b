import type { Adapter, ConvertTo, Module, Part } from '../model.ts';
import {
  isUnderscored,
  kohyaName,
  type Network,
  networkOf,
  type Pipeline,
  pipelineOf,
  withoutFront,
  withoutNetwork,
} from './networks.ts';
import { dotted } from './words.ts';

/** What a module is called in another naming. */
export interface NewName {
  /** What stands in front of the marks of its tensors. */
  readonly prefix: string;
  /** The module, as config and patterns call it. */
  readonly module: string;
  /** The table that its dots come from; null where the old name had them. */
  readonly table: string | null;
  readonly network: Network;
}

/** What names depend on beside their own module. */
export interface Naming extends Pipeline {
  readonly to: ConvertTo;
  /** More than one network in the file: PEFT's names then begin with the network's too. */
  readonly several: boolean;
}

export function namingFor(adapter: Adapter, to: ConvertTo): Naming {
  return { to, ...pipelineOf([adapter]), several: new Set(adapter.modules.map(networkOf)).size > 1 };
}

/** The new name, or why there is none: a sentence. */
export function newName(module: Module, naming: Naming): NewName | string {
  const { to, several } = naming;
  const network = networkOf(module);
  if (to === 'kohya') {
    const name = kohyaName(module, naming);
    return 'none' in name ? name.none : { prefix: name.name, module: name.name, table: null, network };
  }
  const own = ownName(module);
  if (own === null) {
    return `${module.name} has underscores for dots, and no table here knows its words.`;
  }
  const inNetwork = network === '' ? own.name : `${network}.${own.name}`;
  const name = to === 'diffusers' || several ? inNetwork : own.name;
  return {
    prefix: to === 'peft' ? `base_model.model.${name}` : name,
    module: name,
    table: own.table,
    network,
  };
}

/** The name with its dots, without its network in front: its own, or by a table. */
function ownName(module: Module): { readonly name: string; readonly table: string | null } | null {
  const first = /(?:^|[._])(?:input_blocks|output_blocks|middle_block)[._]\d/.test(module.name);
  if (!isUnderscored(module) && !first) return { name: withoutNetwork(module.name), table: null };
  const found = dotted(first ? module.canonical : withoutFront(module.name));
  return found && { name: found.name, table: found.called };
}

/** Marks of the parts; a tensor is called by its module's prefix and one of these. */
const MARKS: Readonly<Record<ConvertTo, Readonly<Partial<Record<Part, string>>>>> = {
  peft: {
    down: '.lora_A.weight',
    up: '.lora_B.weight',
    bias: '.lora_B.bias',
    magnitude: '.lora_magnitude_vector',
  },
  diffusers: {
    down: '.lora_A.weight',
    up: '.lora_B.weight',
    bias: '.lora_B.bias',
    magnitude: '.lora_magnitude_vector',
  },
  kohya: {
    down: '.lora_down.weight',
    up: '.lora_up.weight',
    mid: '.lora_mid.weight',
    bias: '.lora_up.bias',
    alpha: '.alpha',
    magnitude: '.dora_scale',
  },
};
/** Tables of words: their A and B are parameters of their own in PEFT, without ".weight". */
const EMBEDDING = /(?:^|[._])(?:embed_tokens|token_embedding|word_embeddings|wte|embed_in)$/;
const EMBEDDED: Readonly<Partial<Record<Part, string>>> = { down: '.lora_embedding_A', up: '.lora_embedding_B' };

/** The new name of a tensor of a module; null where the naming has none for such a part. */
export function tensorName(name: NewName, part: Part, to: ConvertTo): string | null {
  const mark = (to === 'peft' && EMBEDDING.test(name.module) && EMBEDDED[part]) || MARKS[to][part];
  return mark ? name.prefix + mark : null;
}
