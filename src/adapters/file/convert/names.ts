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

/**
 * Kohya's names have underscores for dots ("down_blocks_0_attentions_0_proj_in"), so a name is parsed as that of a
 * model family if it consists of this family's words alone, the longest first.
 */
interface Family {
  /** In a sentence: "by the table for …". */
  readonly called: string;
  readonly words: ReadonlySet<string>;
}

const ATTENTION = 'to_q to_k to_v to_out to_out_lora';
const FAMILIES: readonly Family[] = [
  {
    called: "Stable Diffusion's U-Nets",
    words: words(
      `down_blocks up_blocks mid_block attentions resnets downsamplers upsamplers transformer_blocks attn1 attn2 ${ATTENTION}`,
      'ff net proj proj_in proj_out norm norm1 norm2 norm3 conv conv1 conv2 conv_in conv_out conv_shortcut time_emb_proj',
      'time_embedding add_embedding linear_1 linear_2',
    ),
  },
  {
    called: 'CLIP text encoders',
    words: words(
      'text_model encoder layers self_attn q_proj k_proj v_proj out_proj mlp fc1 fc2 layer_norm1 layer_norm2',
      'embeddings token_embedding position_embedding text_projection final_layer_norm',
    ),
  },
  {
    called: 'decoders like Llama',
    words: words(
      'model language_model decoder layers self_attn q_proj k_proj v_proj o_proj out_proj qkv_proj mlp gate_proj up_proj',
      'down_proj gate_up_proj fc1 fc2 dense embed_tokens lm_head experts block_sparse_moe w1 w2 w3 gate linear_attn in_proj',
      'shared_expert',
    ),
  },
  {
    called: 'decoders like GPT-2',
    words: words(
      'transformer h attn mlp c_attn c_proj c_fc q_attn crossattention wte wpe lm_head gpt_neox layers attention',
      'query_key_value dense dense_h_to_4h dense_4h_to_h embed_in embed_out',
    ),
  },
  {
    called: 'encoders like BERT and ViT',
    words: words(
      'bert roberta distilbert deberta electra albert vit beit dinov2 encoder transformer layer attention self query key value output',
      'dense intermediate q_lin k_lin v_lin out_lin ffn lin1 lin2 query_proj key_proj value_proj embeddings word_embeddings',
      'pooler classifier pre_classifier',
    ),
  },
  {
    called: "diffusers' diffusion transformers",
    words: words(
      `transformer_blocks single_transformer_blocks blocks attn attn1 attn2 attn2_ ${ATTENTION} to_add_out add_q_proj add_k_proj add_v_proj`,
      'to_qkv ff ff_context ffn net proj norm norm1 norm2 norm1_context norm_out linear linear_1 linear_2 proj_in proj_out proj_mlp',
      'x_embedder context_embedder pos_embed time_text_embed timestep_embedder guidance_embedder text_embedder img_mlp txt_mlp',
      'img_mod txt_mod',
    ),
  },
];

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(' ')));
}

/** The name with its dots and its family; null if no family has all its words. */
function dotted(name: string): { readonly name: string; readonly called: string } | null {
  for (const { called, words: known } of FAMILIES) {
    const parts = inWords(name.split('_'), known);
    if (parts !== null) return { name: parts.join('.'), called };
  }
  return null;
}

/** Parts of a word, at most. */
const LONGEST = 4;

function inWords(parts: readonly string[], known: ReadonlySet<string>): readonly string[] | null {
  const found: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let length = /^\d+$/.test(parts[at]) ? 1 : 0;
    for (let n = Math.min(LONGEST, parts.length - at); n > 0 && length === 0; n--) {
      if (known.has(parts.slice(at, at + n).join('_'))) length = n;
    }
    if (length === 0) return null;
    found.push(parts.slice(at, at + length).join('_'));
    at += length;
  }
  return found.some((part) => !/^\d+$/.test(part)) ? found : null;
}

export interface NewName {
  readonly prefix: string;
  readonly module: string;
  /** The table that its dots come from; null if the old name had them. */
  readonly table: string | null;
  readonly network: Network;
}

interface PipelineNaming extends Pipeline {
  readonly to: ConvertTo;
  /** More than one network in the file: PEFT's names then begin with the network's too. */
  readonly several: boolean;
}

export function namingFor(adapter: Adapter, to: ConvertTo): PipelineNaming {
  return { to, ...pipelineOf([adapter]), several: new Set(adapter.modules.map(networkOf)).size > 1 };
}

/** The new name, or the reason why there is none: a sentence. */
export function newName(module: Module, naming: PipelineNaming): NewName | string {
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

/** Marks of the parts: a tensor's name is its module's prefix and one of these. */
type PartMarks = Readonly<Partial<Record<Part, string>>>;
const PEFT_MARKS: PartMarks = {
  down: '.lora_A.weight',
  up: '.lora_B.weight',
  bias: '.lora_B.bias',
  magnitude: '.lora_magnitude_vector',
};
const MARKS: Readonly<Record<ConvertTo, PartMarks>> = {
  peft: PEFT_MARKS,
  diffusers: PEFT_MARKS,
  kohya: {
    down: '.lora_down.weight',
    up: '.lora_up.weight',
    mid: '.lora_mid.weight',
    bias: '.lora_up.bias',
    alpha: '.alpha',
    magnitude: '.dora_scale',
  },
};
/** Word tables: their A and B are parameters themselves in PEFT, without ".weight". */
const EMBEDDING = /(?:^|[._])(?:embed_tokens|token_embedding|word_embeddings|wte|embed_in)$/;
const EMBEDDED: PartMarks = { down: '.lora_embedding_A', up: '.lora_embedding_B' };

/** The new name of a module's tensor; null if the naming has none for such a part. */
export function tensorName(name: NewName, part: Part, to: ConvertTo): string | null {
  const mark = (to === 'peft' && EMBEDDING.test(name.module) && EMBEDDED[part]) || MARKS[to][part];
  return mark ? name.prefix + mark : null;
}
