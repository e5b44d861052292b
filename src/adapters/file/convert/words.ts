/**
 * Kohya's names have underscores for dots, so "down_blocks_0_attentions_0_proj_in" could be many names. Each family of models
 * has its words, and a name that is made of one family's words alone, the longest first, is read as theirs.
 */
interface Family {
  /** For a sentence: "by the table for …". */
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

/** The name with its dots, and the family it is of; null where no family has all its words. */
export function dotted(name: string): { readonly name: string; readonly called: string } | null {
  for (const { called, words: known } of FAMILIES) {
    const parts = inWords(name.split('_'), known);
    if (parts !== null) return { name: parts.join('.'), called };
  }
  return null;
}

/** No word has more parts. */
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
