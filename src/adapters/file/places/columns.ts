import { visible } from '../faults.ts';

/** The column of a module: what it does within its layer, from what its name has after the layer. */
export interface Column {
  readonly group: string;
  readonly type: string;
}

const [SELF, CROSS, TEXT, MLP] = ['self-attention', 'cross-attention', 'text attention', 'mlp'];

/** What stands in front of a projection: an attention, by the names of U-Nets, decoders, BERT, ViT, T5, Flux, Wan. */
const ATTENTIONS: readonly (readonly [owner: RegExp, group: string])[] = [
  [
    /^(?:layer_\d_EncDecAttention|encoder_attn|attn2|cross_attn|crossattention(?:_self)?|cross_attention|multihead_attn)_/,
    CROSS,
  ],
  [/^(?:txt_attn|context_block_attn|attn_(?=add_|to_add_))_?/, TEXT],
  [/^linear_attn_/, 'linear attention'],
  [/^(?:mixer|mamba)_/, 'mixer'],
  [
    /^(?:layer_\d_SelfAttention|attn1|img_attn|x_block_attn|self_attention|self_attn|attention_self|attention_attention|attention|attn)_/,
    SELF,
  ],
];
const MLPS: readonly (readonly [owner: RegExp, group: string])[] = [
  [/^(?:txt_mlp|ff_context|context_block_mlp)_/, 'text mlp'],
  [/^(?:shared_experts?|mlp_shared_experts?)_/, 'shared expert'],
  [/^(?:mlp|ffn|ff|feed_forward|img_mlp|x_block_mlp|layer_\d_DenseReluDense)_/, MLP],
];
const EXPERT = /^(?:mlp|block_sparse_moe|feed_forward|ffn)_experts_(\d{1,4})_/;

type Names = Readonly<Record<string, readonly string[]>>;
const PROJECTIONS = namesBy({
  q: ['to_q', 'q_proj', 'q', 'query', 'q_lin', 'wq', 'add_q_proj'],
  k: ['to_k', 'k_proj', 'k', 'key', 'k_lin', 'wk', 'add_k_proj'],
  v: ['to_v', 'v_proj', 'v', 'value', 'v_lin', 'wv', 'add_v_proj'],
  out: [
    'to_out_0',
    'to_out',
    'out_proj',
    'o_proj',
    'o',
    'out_lin',
    'wo',
    'dense',
    'output_dense',
    'c_proj',
    'proj',
    'to_add_out',
  ],
  qkv: ['c_attn', 'qkv', 'qkv_proj', 'query_key_value', 'Wqkv', 'to_qkv', 'in_proj_weight'],
  'k image': ['k_img'],
  'v image': ['v_img'],
});
const LAYERS = namesBy({
  gate: ['gate_proj', 'w1', 'wi_0'],
  up: ['up_proj', 'w3', 'wi_1'],
  down: ['down_proj', 'w2'],
  'gate and up': ['gate_up_proj'],
  fc1: ['fc1', 'c_fc', 'net_0_proj', 'lin1', 'dense_h_to_4h', '0', 'linear_1', 'wi'],
  fc2: ['fc2', 'c_proj', 'net_2', 'lin2', 'dense_4h_to_h', '2', 'linear_2', 'wo'],
});
/** Names without an owner. */
const ALONE: Readonly<Record<string, Column>> = {
  fc1: { group: MLP, type: 'fc1' },
  fc2: { group: MLP, type: 'fc2' },
  intermediate_dense: { group: MLP, type: 'fc1' },
  output_dense: { group: MLP, type: 'fc2' },
  proj_mlp: { group: MLP, type: 'fc1' },
  conv1: { group: '', type: 'conv 1' },
  conv2: { group: '', type: 'conv 2' },
  conv_shortcut: { group: '', type: 'shortcut' },
  time_emb_proj: { group: '', type: 'time' },
  linear1: { group: '', type: 'linear 1' },
  linear2: { group: '', type: 'linear 2' },
};

function namesBy(types: Names): ReadonlyMap<string, string> {
  return new Map(Object.entries(types).flatMap(([type, names]) => names.map((name) => [name, type])));
}

/** Characters of a name that is its own type. */
const LONGEST = 28;
const words = (name: string) => {
  const said = visible(name.replaceAll('_', ' '));
  return said.length > LONGEST ? `${said.slice(0, LONGEST - 1)}…` : said;
};

export function columnOf(rest: string): Column {
  const motion = rest.startsWith('motion_');
  const name = motion ? rest.slice(7) : rest;
  const column = ofExpert(name) ?? ofOwner(name, ATTENTIONS, PROJECTIONS) ?? ofOwner(name, MLPS, LAYERS);
  const found = column ?? (Object.hasOwn(ALONE, name) ? ALONE[name] : { group: '', type: words(name) });
  return motion ? { ...found, group: `motion ${found.group}`.trim() } : found;
}

function ofExpert(name: string): Column | null {
  const expert = EXPERT.exec(name);
  if (!expert) return null;
  const layer = name.slice(expert[0].length);
  return { group: `expert ${expert[1]}`, type: LAYERS.get(layer) ?? words(layer) };
}

function ofOwner(
  name: string,
  owners: readonly (readonly [owner: RegExp, group: string])[],
  types: ReadonlyMap<string, string>,
): Column | null {
  for (const [owner, group] of owners) {
    const match = owner.exec(name);
    if (!match) continue;
    const layer = name.slice(match[0].length);
    return { group, type: types.get(layer) ?? words(layer) };
  }
  return null;
}
