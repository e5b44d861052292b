/** The row of a module: its block or layer, read from its canonical name. */
export interface Row {
  /** "down 0·1", "mid", "layer 11"; `tower` in front of it where a model has several. */
  readonly word: string;
  readonly number: string;
  readonly tower: 'text encoder' | 'encoder' | 'decoder' | 'vision' | 'audio' | null;
  /** In the order of the forward pass, up to this row. */
  readonly order: readonly number[];
  /** The transformer block within an attention of a U-Net. */
  readonly sub: number | null;
  /** What is left of the name: the module within its row. */
  readonly rest: string;
}

/** Names beyond this length are not taken apart. */
const LONGEST = 400;

/** Where the parts of a pipeline come in the forward pass. */
const [TEXT, INPUT, DOWN, MID, UP, OUTPUT] = [0, 1, 2, 3, 4, 9];

export function rowOf(canonical: string): Row | null {
  if (canonical.length > LONGEST) return null;
  for (const read of READERS) {
    const row = read(canonical);
    if (row) return row;
  }
  return null;
}

const row = (word: string, number: string, order: readonly number[], rest: string): Row => ({
  word,
  number,
  tower: null,
  order,
  sub: null,
  rest,
});

const READERS: readonly ((name: string) => Row | null)[] = [
  // Text encoders of a pipeline.
  (name) => {
    const match = /^te(\d?)_.*?(?:layers|block)_(\d{1,4})_(.+)$/.exec(name);
    if (!match) return null;
    const [, encoder, n, rest] = match;
    const number = encoder === '' ? n : `${encoder}·${n}`;
    return { ...row('', number, [TEXT, Number(encoder || 1), Number(n)], rest), tower: 'text encoder' };
  },
  // Blocks of a U-Net. A resnet and the attention after it are one row.
  (name) => {
    const match = /^(down|up)_blocks_(\d{1,3})_(attentions|resnets|motion_modules)_(\d{1,3})_(.+)$/.exec(name);
    if (!match) return null;
    const [, where, block, what, i, rest] = match;
    const order = [where === 'down' ? DOWN : UP, Number(block), Number(i)];
    return within(row(where, `${block}·${i}`, order, what === 'motion_modules' ? `motion_${rest}` : rest));
  },
  (name) => {
    const match = /^(down|up)_blocks_(\d{1,3})_(?:down|up)samplers_0_(.+)$/.exec(name);
    if (!match) return null;
    const [, where, block, rest] = match;
    return row(where, `${block}·${where}`, [where === 'down' ? DOWN : UP, Number(block), 99], rest);
  },
  (name) => {
    const match = /^mid_block_(?:attentions|resnets)_(\d{1,3})_(.+)$/.exec(name);
    if (!match) return null;
    const [, i, rest] = match;
    return within(row('mid', i === '0' ? '' : i, [MID, 0, Number(i)], rest));
  },
  (name) => {
    const match =
      /^(conv_in|conv_out|time_embedding|time_embed|add_embedding|label_emb|time_in|vector_in|guidance_in|img_in|txt_in|x_embedder|context_embedder|proj_out)(?:_(.+))?$/.exec(
        name,
      );
    if (!match) return null;
    const [, where, rest] = match;
    return /out$/.test(where)
      ? row('output', '', [OUTPUT], rest ?? where)
      : row('input', '', [INPUT], where.startsWith('conv') ? (rest ?? where) : `${where}${rest ? `_${rest}` : ''}`);
  },
  // Numbered blocks of transformers.
  (name) => {
    const match = /^(transformer|double|single_transformer|single|joint)_blocks_(\d{1,4})_(.+)$/.exec(name);
    if (!match) return null;
    const [, kind, n, rest] = match;
    const word = kind === 'double' || kind.startsWith('single') ? kind.replace('_transformer', '') : 'block';
    return row(word, n, [word === 'single' ? MID : DOWN, Number(n)], rest);
  },
  (name) => {
    const match = /^(noise|context)_refiner_(\d{1,4})_(.+)$/.exec(name);
    return match && row(`${match[1]} refiner`, match[2], [INPUT, Number(match[2])], match[3]);
  },
  (name) => {
    const match = /^(.*?)(?:layers?|h|blocks?|resblocks)_(\d{1,4})_(.+)$/.exec(name);
    if (!match) return null;
    const [, before, n, rest] = match;
    if (before !== '' && !before.endsWith('_')) return null;
    const tower = towerOf(before);
    const word = /blocks?_$/.test(name.slice(0, name.length - rest.length - n.length - 1)) ? 'block' : 'layer';
    const first = tower === 'vision' || tower === 'audio' ? TEXT : tower === 'decoder' ? UP : DOWN;
    return { ...row(word, n, [first, Number(n)], rest), tower };
  },
];

/** A row with the transformer block within it, if there is one. */
function within(of: Row): Row {
  const match = /^(?:motion_)?transformer_blocks_(\d{1,3})_(.+)$/.exec(of.rest);
  if (!match) return of;
  const motion = of.rest.startsWith('motion_') ? 'motion_' : '';
  return { ...of, sub: Number(match[1]), rest: `${motion}${match[2]}` };
}

function towerOf(before: string): Row['tower'] {
  if (/vision|visual|image/.test(before)) return 'vision';
  if (/audio|speech/.test(before)) return 'audio';
  if (/(?:^|_)decoder_$/.test(before)) return 'decoder';
  return /(?:^|_)encoder_$/.test(before) ? 'encoder' : null;
}
