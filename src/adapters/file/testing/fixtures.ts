import type { Matrix64 } from '../../../math/matrix.ts';
import type { Module, Naming } from '../model.ts';
import { makeFile, mlxFile, normalMatrix, type TestFile, type TestTensor } from './make-file.ts';

/** Small files, one for each row of the table of namings in docs/adapters.md, with the numbers they were made from. */
export interface Fixture {
  readonly row: string;
  readonly naming: Naming;
  readonly file: TestFile;
  readonly alphaFrom: string;
  readonly others: readonly string[];
  readonly modules: readonly ExpectedModule[];
}

export interface ExpectedModule extends Pick<Module, 'name' | 'canonical' | 'kind' | 'rank'> {
  /** ΔW without s, summed in plain loops from the definition. */
  readonly update: Matrix64;
  readonly scaling: number | null;
  readonly alpha?: number;
  readonly kernel?: readonly [number, number];
  readonly magnitude?: Module['magnitude'];
}

function matrixOf(rows: number, cols: number, entry: (i: number, j: number) => number): Matrix64 {
  const data = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = entry(i, j);
  return { rows, cols, data };
}

const sumOver = (n: number, term: (p: number) => number) => {
  let sum = 0;
  for (let p = 0; p < n; p++) sum += term(p);
  return sum;
};

/** Σ_p b(i, p)·a(p, j). */
const product = (b: Matrix64, a: Matrix64) =>
  matrixOf(b.rows, a.cols, (i, j) => sumOver(a.rows, (p) => b.data[i * b.cols + p] * a.data[p * a.cols + j]));

const tensor = (name: string, { data }: Matrix64, ...shape: number[]): TestTensor => ({ name, shape, values: data });
const one = (name: string, value: number): TestTensor => ({ name, shape: [], values: [value] });

/** Stored factors of a linear layer, B·A and its sizes. */
function linear(d: number, k: number, r: number, seed: number) {
  const [b, a] = [normalMatrix(d, r, seed, 'B'), normalMatrix(r, k, seed, 'A')];
  return { d, k, r, a, b, update: product(b, a) };
}

async function peft(): Promise<Fixture> {
  const query = linear(6, 4, 2, 11);
  const value = linear(3, 4, 1, 12);
  const embedding = linear(4, 9, 2, 13);
  const prefix = 'base_model.model.model';
  const { a, b } = query;
  const file = await makeFile(
    'peft.safetensors',
    [
      tensor(`${prefix}.layers.0.self_attn.q_proj.lora_A.weight`, a, 2, 4),
      tensor(`${prefix}.layers.0.self_attn.q_proj.lora_B.weight`, b, 6, 2),
      tensor(`${prefix}.layers.0.self_attn.q_proj.lora_magnitude_vector`, normalMatrix(1, 6, 1, 'm'), 6),
      tensor(`${prefix}.layers.1.self_attn.v_proj.lora_A.weight`, value.a, 1, 4),
      tensor(`${prefix}.layers.1.self_attn.v_proj.lora_B.weight`, value.b, 3, 1),
      tensor(`${prefix}.embed_tokens.lora_embedding_A`, embedding.a, 2, 9),
      tensor(`${prefix}.embed_tokens.lora_embedding_B`, embedding.b, 4, 2),
      tensor('base_model.model.lm_head.modules_to_save.weight', normalMatrix(9, 4, 1, 'head'), 9, 4),
    ],
    {
      config: {
        peft_type: 'LORA',
        r: 2,
        lora_alpha: 16,
        use_rslora: false,
        use_dora: true,
        rank_pattern: { v_proj: 1 },
        alpha_pattern: { 'layers\\.[1-3]\\.self_attn\\.v_proj': 3 },
      },
    },
  );
  return {
    row: 'PEFT',
    naming: 'peft',
    file,
    alphaFrom: 'config',
    others: ['base_model.model.lm_head.modules_to_save.weight'],
    modules: [
      {
        name: 'model.layers.0.self_attn.q_proj',
        canonical: 'layers_0_self_attn_q_proj',
        kind: 'lora',
        rank: 2,
        update: query.update,
        alpha: 16,
        scaling: 8,
        magnitude: 'per output',
      },
      {
        name: 'model.layers.1.self_attn.v_proj',
        canonical: 'layers_1_self_attn_v_proj',
        kind: 'lora',
        rank: 1,
        update: value.update,
        alpha: 3,
        scaling: 3,
      },
      {
        name: 'model.embed_tokens',
        canonical: 'model_embed_tokens',
        kind: 'lora',
        rank: 2,
        update: embedding.update,
        alpha: 16,
        scaling: 8,
      },
    ],
  };
}

/** PEFT's names in memory, with an adapter's in between, and α/√r. */
async function peftNamed(): Promise<Fixture> {
  const query = linear(6, 4, 4, 14);
  const file = await makeFile(
    'peft-named.safetensors',
    [
      tensor('base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.mine.weight', query.a, 4, 4),
      tensor('base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.mine.weight', query.b, 6, 4),
    ],
    { config: { r: 4, lora_alpha: 8, use_rslora: true } },
  );
  const name = 'bert.encoder.layer.0.attention.self.query';
  return {
    row: 'PEFT, with the name of an adapter',
    naming: 'peft',
    file,
    alphaFrom: 'config',
    others: [],
    modules: [
      { name, canonical: name.replaceAll('.', '_'), kind: 'lora', rank: 4, update: query.update, alpha: 8, scaling: 4 },
    ],
  };
}

async function kohya(): Promise<Fixture> {
  const text = linear(5, 4, 2, 21);
  const [r, inputs, outputs, h, w] = [2, 3, 4, 3, 2];
  const conv = linear(outputs, inputs * h * w, r, 22);
  const [up, down] = [normalMatrix(outputs, r, 23, 'up'), normalMatrix(r, inputs, 23, 'down')];
  const mid = normalMatrix(r * r, h * w, 23, 'mid');
  const [te, block] = ['lora_te1_text_model_encoder_layers_0_mlp_fc1', 'lora_unet_input_blocks_4_0_in_layers_2'];
  const other = 'lora_unet_output_blocks_3_0_out_layers_3';
  const file = await makeFile(
    'kohya.safetensors',
    [
      tensor(`${te}.lora_down.weight`, text.a, 2, 4),
      tensor(`${te}.lora_up.weight`, text.b, 5, 2),
      one(`${te}.alpha`, 1),
      tensor(`${te}.dora_scale`, normalMatrix(5, 1, 1, 'm'), 5, 1),
      tensor(`${block}.lora_down.weight`, conv.a, r, inputs, h, w),
      tensor(`${block}.lora_up.weight`, conv.b, outputs, r, 1, 1),
      one(`${block}.alpha`, 4),
      tensor(`${other}.lora_down.weight`, down, r, inputs, 1, 1),
      tensor(`${other}.lora_mid.weight`, mid, r, r, h, w),
      tensor(`${other}.lora_up.weight`, up, outputs, r, 1, 1),
      one(`${other}.alpha`, 2),
    ],
    { metadata: { ss_network_dim: '2', ss_network_alpha: '1' } },
  );
  return {
    row: 'kohya',
    naming: 'kohya',
    file,
    alphaFrom: 'file',
    others: [],
    modules: [
      {
        name: te,
        canonical: 'te_text_model_encoder_layers_0_mlp_fc1',
        kind: 'lora',
        rank: 2,
        update: text.update,
        alpha: 1,
        scaling: 0.5,
        magnitude: 'per output',
      },
      {
        name: block,
        canonical: 'down_blocks_1_resnets_0_conv1',
        kind: 'lora',
        rank: 2,
        update: conv.update,
        alpha: 4,
        scaling: 2,
        kernel: [h, w],
      },
      {
        name: other,
        canonical: 'up_blocks_1_resnets_0_conv2',
        kind: 'lora',
        rank: 2,
        // Column j is the input i and the place x in the kernel.
        update: matrixOf(outputs, inputs * h * w, (o, j) => {
          const [i, x] = [Math.floor(j / (h * w)), j % (h * w)];
          return sumOver(r, (p) =>
            sumOver(r, (q) => up.data[o * r + p] * mid.data[(p * r + q) * h * w + x] * down.data[q * inputs + i]),
          );
        }),
        alpha: 2,
        scaling: 1,
        kernel: [h, w],
      },
    ],
  };
}

async function diffusers(): Promise<Fixture> {
  const [key, out, text] = [linear(4, 6, 2, 31), linear(4, 4, 2, 32), linear(3, 3, 1, 33)];
  const attention = 'unet.down_blocks.0.attentions.0.transformer_blocks.0';
  const q = 'text_encoder.text_model.encoder.layers.0.self_attn.q_proj';
  const file = await makeFile('diffusers.safetensors', [
    tensor(`${attention}.attn2.to_k.lora.down.weight`, key.a, 2, 6),
    tensor(`${attention}.attn2.to_k.lora.up.weight`, key.b, 4, 2),
    tensor(`${attention}.attn1.processor.to_out_lora.down.weight`, out.a, 2, 4),
    tensor(`${attention}.attn1.processor.to_out_lora.up.weight`, out.b, 4, 2),
    tensor(`${q}.lora_linear_layer.down.weight`, text.a, 1, 3),
    tensor(`${q}.lora_linear_layer.up.weight`, text.b, 3, 1),
  ]);
  return {
    row: 'diffusers',
    naming: 'diffusers',
    file,
    alphaFrom: 'diffusers',
    others: [],
    modules: [
      {
        name: q,
        canonical: q.replace('text_encoder', 'te').replaceAll('.', '_'),
        kind: 'lora',
        rank: 1,
        update: text.update,
        alpha: 1,
        scaling: 1,
      },
      {
        name: `${attention}.attn1.to_out.0`,
        canonical: 'down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_out_0',
        kind: 'lora',
        rank: 2,
        update: out.update,
        alpha: 2,
        scaling: 1,
      },
      {
        name: `${attention}.attn2.to_k`,
        canonical: 'down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k',
        kind: 'lora',
        rank: 2,
        update: key.update,
        alpha: 2,
        scaling: 1,
      },
    ],
  };
}

async function flux(): Promise<Fixture> {
  const [query, single] = [linear(4, 4, 2, 41), linear(8, 4, 4, 42)];
  const file = await makeFile(
    'flux.safetensors',
    [
      tensor('transformer.transformer_blocks.0.attn.to_q.lora_A.default.weight', query.a, 2, 4),
      tensor('transformer.transformer_blocks.0.attn.to_q.lora_B.default.weight', query.b, 4, 2),
      tensor('transformer.transformer_blocks.0.attn.to_q.magnitude', normalMatrix(1, 4, 1, 'm'), 4),
      tensor('transformer.single_transformer_blocks.0.proj_mlp.lora_A.weight', single.a, 4, 4),
      tensor('transformer.single_transformer_blocks.0.proj_mlp.lora_B.weight', single.b, 8, 4),
    ],
    {
      metadata: {
        lora_adapter_metadata: JSON.stringify({
          'transformer.r': 2,
          'transformer.lora_alpha': 1,
          'transformer.alpha_pattern': { proj_mlp: 6 },
        }),
      },
    },
  );
  return {
    row: 'diffusers, Flux, Wan',
    naming: 'diffusers',
    file,
    alphaFrom: 'metadata',
    others: [],
    modules: [
      {
        name: 'transformer.transformer_blocks.0.attn.to_q',
        canonical: 'transformer_blocks_0_attn_to_q',
        kind: 'lora',
        rank: 2,
        update: query.update,
        alpha: 1,
        scaling: 0.5,
        magnitude: 'per output',
      },
      {
        name: 'transformer.single_transformer_blocks.0.proj_mlp',
        canonical: 'single_transformer_blocks_0_proj_mlp',
        kind: 'lora',
        rank: 4,
        update: single.update,
        alpha: 6,
        scaling: 1.5,
      },
    ],
  };
}

/** ComfyUI's names, with α as tensors next to PEFT's factors. */
async function wan(): Promise<Fixture> {
  const query = linear(4, 6, 2, 43);
  const name = 'diffusion_model.blocks.0.self_attn.q';
  const file = await makeFile('wan.safetensors', [
    tensor(`${name}.lora_A.weight`, query.a, 2, 6),
    tensor(`${name}.lora_B.weight`, query.b, 4, 2),
    one(`${name}.alpha`, 8),
  ]);
  return {
    row: 'diffusers, with α in the file',
    naming: 'diffusers',
    file,
    alphaFrom: 'file',
    others: [],
    modules: [
      { name, canonical: 'blocks_0_self_attn_q', kind: 'lora', rank: 2, update: query.update, alpha: 8, scaling: 4 },
    ],
  };
}

async function lycoris(): Promise<Fixture> {
  const at = (i: number) => `lora_unet_down_blocks_0_attentions_${i}_proj_in`;
  const [d, k, r, size] = [4, 6, 2, 3];
  const [first, second] = [linear(d, k, r, 51), linear(d, k, r, 52)];
  // Tucker's form: a core [r, r, 3, 1] between a [r, d] and b [r, in].
  const cores = [53, 54].map((seed) => ({
    t: normalMatrix(r * r, size, seed, 't'),
    a: normalMatrix(r, d, seed, 'a'),
    b: normalMatrix(r, 5, seed, 'b'),
  }));
  const tucker = ({ t, a, b }: (typeof cores)[number]) =>
    matrixOf(d, 5 * size, (o, j) => {
      const [i, x] = [Math.floor(j / size), j % size];
      return sumOver(r, (p) =>
        sumOver(r, (q) => t.data[(p * r + q) * size + x] * a.data[p * d + o] * b.data[q * 5 + i]),
      );
    });
  const [one1, other1] = cores.map(tucker);
  const w1 = normalMatrix(2, 3, 55, 'w1');
  const w2 = linear(3, 2, 1, 55);
  const [whole1, whole2] = [normalMatrix(2, 2, 56, 'w1'), normalMatrix(2, 3, 56, 'w2')];
  const kron = (left: Matrix64, right: Matrix64) =>
    matrixOf(left.rows * right.rows, left.cols * right.cols, (i, j) => {
      const entry = left.data[Math.floor(i / right.rows) * left.cols + Math.floor(j / right.cols)];
      return entry * right.data[(i % right.rows) * right.cols + (j % right.cols)];
    });
  const diff = normalMatrix(3, 4, 57, 'diff');
  const times = (a: Matrix64, b: Matrix64) =>
    matrixOf(a.rows, a.cols, (i, j) => a.data[i * a.cols + j] * b.data[i * a.cols + j]);
  const file = await makeFile('lycoris.safetensors', [
    tensor(`${at(0)}.hada_w1_a`, first.b, d, r),
    tensor(`${at(0)}.hada_w1_b`, first.a, r, k),
    tensor(`${at(0)}.hada_w2_a`, second.b, d, r),
    tensor(`${at(0)}.hada_w2_b`, second.a, r, k),
    one(`${at(0)}.alpha`, 1),
    tensor(`${at(0)}.dora_scale`, normalMatrix(1, k, 1, 'm'), 1, k),
    ...cores.flatMap(({ t, a, b }, i) => [
      tensor(`${at(1)}.hada_t${i + 1}`, t, r, r, size, 1),
      tensor(`${at(1)}.hada_w${i + 1}_a`, a, r, d),
      tensor(`${at(1)}.hada_w${i + 1}_b`, b, r, 5),
    ]),
    one(`${at(1)}.alpha`, 4),
    tensor(`${at(2)}.lokr_w1`, w1, 2, 3),
    tensor(`${at(2)}.lokr_w2_a`, w2.b, 3, 1),
    tensor(`${at(2)}.lokr_w2_b`, w2.a, 1, 2),
    one(`${at(2)}.alpha`, 3),
    tensor(`${at(3)}.lokr_w1`, whole1, 2, 2),
    tensor(`${at(3)}.lokr_w2`, whole2, 2, 3),
    one(`${at(3)}.alpha`, 7),
    tensor(`${at(4)}.diff`, diff, 3, 4),
    tensor('lora_unet_time_embedding_linear_1.w_norm', normalMatrix(1, 4, 1, 'norm'), 4),
  ]);
  const named = (i: number) => ({ name: at(i), canonical: `down_blocks_0_attentions_${i}_proj_in` });
  return {
    row: 'LyCORIS',
    naming: 'lycoris',
    file,
    alphaFrom: 'file',
    others: ['lora_unet_time_embedding_linear_1.w_norm'],
    modules: [
      {
        ...named(0),
        kind: 'loha',
        rank: r,
        update: times(first.update, second.update),
        alpha: 1,
        scaling: 0.5,
        magnitude: 'per input',
      },
      { ...named(1), kind: 'loha', rank: r, update: times(one1, other1), alpha: 4, scaling: 2, kernel: [size, 1] },
      { ...named(2), kind: 'lokr', rank: 1, update: kron(w1, w2.update), alpha: 3, scaling: 3 },
      // Both factors whole: LyCORIS takes s = 1, whatever α is.
      { ...named(3), kind: 'lokr', rank: 4, update: kron(whole1, whole2), scaling: 1 },
      { ...named(4), kind: 'full', rank: 3, update: diff, scaling: 1 },
    ],
  };
}

async function mlx(): Promise<Fixture> {
  const query = linear(6, 4, 2, 61);
  const transposed = ({ rows, cols, data }: Matrix64) => matrixOf(cols, rows, (i, j) => data[j * cols + i]);
  const name = 'model.layers.3.self_attn.q_proj';
  const file = mlxFile(
    'adapters.safetensors',
    [tensor(`${name}.lora_b`, transposed(query.b), 2, 6), tensor(`${name}.lora_a`, transposed(query.a), 4, 2)],
    { fine_tune_type: 'lora', lora_parameters: { dropout: 0, rank: 2, scale: 20 } },
  );
  const canonical = 'layers_3_self_attn_q_proj';
  return {
    row: 'MLX',
    naming: 'mlx',
    file,
    alphaFrom: 'config',
    others: [],
    modules: [{ name, canonical, kind: 'lora', rank: 2, update: query.update, scaling: 20 }],
  };
}

export const fixtures = (): Promise<readonly Fixture[]> =>
  Promise.all([peft(), peftNamed(), kohya(), diffusers(), flux(), wan(), lycoris(), mlx()]);
