import { visibleText } from './faults.ts';
import type { ModulePlace } from './model.ts';

interface LayerRow {
  /** "down 0·1", "mid", "layer 11"; preceded by `tower` if a model has several. */
  readonly word: string;
  readonly number: string;
  readonly tower: 'text encoder' | 'encoder' | 'decoder' | 'vision' | 'audio' | null;
  readonly order: readonly number[];
  /** The transformer block within an attention of a U-Net. */
  readonly sub: number | null;
  /** The rest of the name: the module within its row. */
  readonly rest: string;
}

const LONGEST_NAME = 400;

/** The order of a pipeline's parts in the forward pass. */
const [TEXT, INPUT, DOWN, MID, UP, OUTPUT] = [0, 1, 2, 3, 4, 9];

function rowOf(canonical: string): LayerRow | null {
  if (canonical.length > LONGEST_NAME) return null;
  for (const [pattern, read] of READERS) {
    const match = pattern.exec(canonical);
    const found = match && read(match);
    if (found) return found;
  }
  return null;
}

const row = (word: string, number: string, order: readonly number[], rest: string): LayerRow => ({
  ...{ word, number, order, rest },
  tower: null,
  sub: null,
});
const sideOf = (where: string) => (where === 'down' ? DOWN : UP);

const READERS: readonly (readonly [pattern: RegExp, row: (match: readonly string[]) => LayerRow | null])[] = [
  [
    /^te(\d?)_.*?(?:layers|block)_(\d{1,4})_(.+)$/,
    ([, encoder, n, rest]) => {
      const order = [TEXT, Number(encoder || 1), Number(n)];
      return { ...row('', encoder === '' ? n : `${encoder}·${n}`, order, rest), tower: 'text encoder' };
    },
  ],
  // Blocks of a U-Net. A resnet and the attention after it are one row.
  [
    /^(down|up)_blocks_(\d{1,3})_(attentions|resnets|motion_modules)_(\d{1,3})_(.+)$/,
    ([, where, block, what, i, rest]) => {
      const order = [sideOf(where), Number(block), Number(i)];
      return within(row(where, `${block}·${i}`, order, what === 'motion_modules' ? `motion_${rest}` : rest));
    },
  ],
  [
    /^(down|up)_blocks_(\d{1,3})_(?:down|up)samplers_0_(.+)$/,
    ([, where, block, rest]) => row(where, `${block}·${where}`, [sideOf(where), Number(block), 99], rest),
  ],
  [
    /^mid_block_(?:attentions|resnets)_(\d{1,3})_(.+)$/,
    ([, i, rest]) => within(row('mid', i === '0' ? '' : i, [MID, 0, Number(i)], rest)),
  ],
  [
    /^(conv_in|conv_out|time_embedding|time_embed|add_embedding|label_emb|time_in|vector_in|guidance_in|img_in|txt_in|x_embedder|context_embedder|time_text_embed|proj_out|norm_out|final_layer)(?:_(.+))?$/,
    ([, where, rest]) =>
      row(
        /out$|^final/.test(where) ? 'output' : 'input',
        '',
        [/out$|^final/.test(where) ? OUTPUT : INPUT],
        where.startsWith('conv') ? (rest ?? where) : `${where}${rest ? `_${rest}` : ''}`,
      ),
  ],
  [
    /^(transformer|double|single_transformer|single|joint)_blocks_(\d{1,4})_(.+)$/,
    ([, kind, n, rest]) => {
      const word = kind === 'double' || kind.startsWith('single') ? kind.replace('_transformer', '') : 'block';
      return row(word, n, [word === 'single' ? MID : DOWN, Number(n)], rest);
    },
  ],
  [
    /^(noise|context)_refiner_(\d{1,4})_(.+)$/,
    ([, kind, n, rest]) => row(`${kind} refiner`, n, [INPUT, Number(n)], rest),
  ],
  // Blocks of a stage: ConvNeXt and Swin, in timm and in transformers.
  [
    /^(.*?)(?:stages?|layers)_(\d{1,4})_(?:blocks?|layers?)_(\d{1,4})_(.+)$/,
    ([, before, stage, n, rest]) =>
      before === '' || before.endsWith('_')
        ? { ...row('block', `${stage}·${n}`, [DOWN, Number(stage), Number(n)], rest), tower: towerOf(before) }
        : null,
  ],
  [
    /^(.*?)(layers?|h|blocks?|resblocks)_(\d{1,4})_(.+)$/,
    ([, before, kind, n, rest]) => {
      if (before !== '' && !before.endsWith('_')) return null;
      const tower = towerOf(before);
      const first = tower === 'vision' || tower === 'audio' ? TEXT : tower === 'decoder' ? UP : DOWN;
      return { ...row(/blocks?$/.test(kind) ? 'block' : 'layer', n, [first, Number(n)], rest), tower };
    },
  ],
  // Our own decoders.
  [
    /^(\d{1,4})_(q|k|v|o|up|down)$/,
    ([, n, name]) => row('layer', n, [DOWN, Number(n)], `${/^(up|down)$/.test(name) ? 'mlp' : 'attn'}_${name}`),
  ],
];

function within(of: LayerRow): LayerRow {
  const match = /^(?:motion_)?transformer_blocks_(\d{1,3})_(.+)$/.exec(of.rest);
  if (!match) return of;
  const motion = of.rest.startsWith('motion_') ? 'motion_' : '';
  return { ...of, sub: Number(match[1]), rest: `${motion}${match[2]}` };
}

function towerOf(before: string): LayerRow['tower'] {
  if (/vision|visual|image/.test(before)) return 'vision';
  if (/audio|speech/.test(before)) return 'audio';
  if (/(?:^|_)decoder_$/.test(before)) return 'decoder';
  return /(?:^|_)encoder_$/.test(before) ? 'encoder' : null;
}

type TypeColumn = Pick<ModulePlace, 'group' | 'type'>;

const [SELF, CROSS, TEXT_ATTENTION, MLP] = ['self-attention', 'cross-attention', 'text attention', 'mlp'];

const PROJECTIONS = namesBy({
  q: ['to_q', 'q_proj', 'q', 'query', 'q_lin', 'wq', 'add_q_proj'],
  k: ['to_k', 'k_proj', 'k', 'key', 'k_lin', 'wk', 'add_k_proj'],
  v: ['to_v', 'v_proj', 'v', 'value', 'v_lin', 'wv', 'add_v_proj'],
  out: [
    ...['to_out_0', 'to_out', 'out_proj', 'o_proj', 'o', 'out_lin', 'wo'],
    ...['dense', 'output_dense', 'c_proj', 'proj', 'to_add_out'],
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
/** Names without an owner: those of an MLP, and others. */
const ALONE_IN_MLP = namesBy({ fc1: ['fc1', 'intermediate_dense', 'proj_mlp'], fc2: ['fc2', 'output_dense'] });
const ALONE = namesBy({
  'conv 1': ['conv1'],
  'conv 2': ['conv2'],
  shortcut: ['conv_shortcut'],
  time: ['time_emb_proj'],
  'linear 1': ['linear1'],
  'linear 2': ['linear2'],
});

/** Prefixes of a layer: the attention or MLP, by the names of U-Nets, decoders, BERT, ViT, T5, Flux, Wan. */
const OWNERS: readonly (readonly [owner: RegExp, group: string, types: ReadonlyMap<string, string>])[] = [
  [/^(?:mlp|block_sparse_moe|feed_forward|ffn)_experts_(\d{1,4})_/, 'expert', LAYERS],
  [/^(?:mlp|block_sparse_moe|feed_forward|ffn)_experts_/, 'experts', LAYERS],
  [
    /^(?:layer_\d_EncDecAttention|encoder_attn|attn2|cross_attn|crossattention(?:_self)?|cross_attention|multihead_attn)_/,
    CROSS,
    PROJECTIONS,
  ],
  [/^(?:txt_attn|context_block_attn|attn_(?=add_|to_add_))_?/, TEXT_ATTENTION, PROJECTIONS],
  [/^linear_attn_/, 'linear attention', PROJECTIONS],
  [/^(?:mixer|mamba)_/, 'mixer', PROJECTIONS],
  [
    /^(?:layer_\d_SelfAttention|attn1|img_attn|x_block_attn|self_attention|self_attn|attention_self|attention_attention|attn_attention|attention|attn)_/,
    SELF,
    PROJECTIONS,
  ],
  [/^(?:txt_mlp|ff_context|context_block_mlp)_/, 'text mlp', LAYERS],
  [/^(?:shared_experts?|mlp_shared_experts?)_/, 'shared expert', LAYERS],
  [/^(?:mlp|ffn|ff|feed_forward|img_mlp|x_block_mlp|layer_\d_DenseReluDense)_/, MLP, LAYERS],
];

function namesBy(types: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(types).flatMap(([type, names]) => names.map((name) => [name, type])));
}

/** Characters of a name that is its own type. */
const LONGEST_TITLE = 28;
const words = (name: string) => {
  const said = visibleText(name.replaceAll('_', ' '));
  return said.length > LONGEST_TITLE ? `${said.slice(0, LONGEST_TITLE - 1)}…` : said;
};

function columnOf(rest: string): TypeColumn {
  const motion = rest.startsWith('motion_');
  const name = motion ? rest.slice(7) : rest;
  const found = ofOwner(name) ?? withoutOwner(name);
  return motion ? { ...found, group: `motion ${found.group}`.trim() } : found;
}

function withoutOwner(name: string): TypeColumn {
  const layer = ALONE_IN_MLP.get(name);
  return layer ? { group: MLP, type: layer } : { group: '', type: ALONE.get(name) ?? words(name) };
}

function ofOwner(name: string): TypeColumn | null {
  for (const [owner, group, types] of OWNERS) {
    const [front, number] = owner.exec(name) ?? [];
    if (front === undefined) continue;
    const layer = name.slice(front.length);
    return { group: number === undefined ? group : `${group} ${number}`, type: types.get(layer) ?? words(layer) };
  }
  return null;
}

/** The places of modules in their model, one for each canonical name; null if unknown. */
export function modulePlaces(canonical: readonly string[]): readonly (ModulePlace | null)[] {
  const rows = canonical.map(rowOf);
  const columns = rows.map((row) => row && columnOf(row.rest));
  // Layers are named with their tower only if there are both, and with a sub-block only if there are several.
  const both = rows.some((row) => row?.tower === 'encoder') && rows.some((row) => row?.tower === 'decoder');
  const several = new Set(rows.flatMap((row) => (row?.sub ? [keyOf(row)] : [])));
  const crossed = columns.some((column) => column?.group === 'cross-attention');
  const taken = new Map<string, number>();
  return rows.map((row, i) => {
    const column = columns[i];
    if (!row || !column) return null;
    const sub = row.sub !== null && several.has(keyOf(row)) ? `·${row.sub}` : '';
    const layer = `${wordOf(row, both)} ${row.number}${sub}`.trim().replace(' ·', '·');
    const group = column.group === 'self-attention' && !crossed ? 'attention' : column.group;
    const cell = `${layer}\n${group}\n${column.type}`;
    const times = (taken.get(cell) ?? 0) + 1;
    taken.set(cell, times);
    const type = times === 1 ? column.type : `${column.type} (${times})`;
    return { layer, order: [...row.order, row.sub ?? -1], group, type };
  });
}

const keyOf = (row: LayerRow) => `${row.tower} ${row.word} ${row.number}`;

function wordOf({ tower, word }: LayerRow, both: boolean): string {
  if (tower === null || ((tower === 'encoder' || tower === 'decoder') && !both)) return word;
  return tower;
}

/** Groups and types of modules in the order in which a layer computes them. */
export const GROUPS: readonly string[] = [
  'self-attention',
  'attention',
  'text attention',
  'cross-attention',
  'linear attention',
  'mlp',
  'text mlp',
];
export const TYPES: readonly string[] = [
  ...['q', 'k', 'v', 'qkv', 'k image', 'v image', 'out'],
  ...['gate', 'up', 'gate and up', 'down', 'fc1', 'fc2'],
  ...['conv 1', 'time', 'conv 2', 'shortcut', 'proj in', 'proj out'],
];

const at = (list: readonly string[], name: string) => {
  const found = list.indexOf(name);
  return found < 0 ? list.length : found;
};

/** Lexicographic; a list that ends is before those that go on. */
export function compareOrders(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** In the order of the forward pass; modules without a known place come last, in their given order. */
export function comparePlaces(a: ModulePlace | null, b: ModulePlace | null): number {
  if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
  const byOrder = compareOrders(a.order, b.order);
  return byOrder || at(GROUPS, a.group) - at(GROUPS, b.group) || at(TYPES, a.type) - at(TYPES, b.type);
}
