import { describe, expect, it } from 'vitest';
import { factorsOf, readPairs } from '../factors.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, AdapterSource, ConvertTo, Fault, Module } from '../model.ts';
import { openAdapter } from '../open.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix, type TestTensor } from '../testing/make-file.ts';
import { compareConverted, convertedFile, convertPlan } from './converted-file.ts';

/** Width of Flux, and rows of its layers: sd-scripts, networks/convert_flux_lora.py. */
const H = 3072;

function usable<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

/** Of rank r with small whole numbers, so that products are exact. `a`: a seed of A. */
function pair(name: string, d: number, k: number, r: number, a: number, ends: readonly [string, string]): TestTensor[] {
  const whole = (rows: number, cols: number, seed: number, what: string) =>
    normalMatrix(rows, cols, seed, what).data.map((x) => Math.round(4 * x));
  return [
    { name: name + ends[0], shape: [r, k], values: whole(r, k, a, 'A'), dtype: 'BF16' },
    { name: name + ends[1], shape: [d, r], values: whole(d, r, name.length + a, 'B'), dtype: 'BF16' },
  ];
}
const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;
const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
const alpha = (name: string, value: number): TestTensor => ({ name: `${name}.alpha`, shape: [], values: [value] });

async function opened(tensors: readonly TestTensor[], config: object | null = null): Promise<AdapterSource> {
  const { source } = await makeFile('flux.safetensors', tensors);
  return { source, adapter: usable(await openAdapter(source, config && JSON.stringify(config), null)) };
}

async function converted({ source, adapter }: AdapterSource, to: ConvertTo): Promise<AdapterSource> {
  const made = usable(await convertedFile(source, adapter, to));
  const sink = blobSink();
  await writeSafetensors(made.file, sink);
  const written = sourceOf(sink.blob(), 'converted');
  return { source: written, adapter: usable(await openAdapter(written, made.config, null)) };
}

/** Entries (i, j) of ΔW, every 97th row and 211th column: the rows of all parts are among them. */
async function updateOf({ source, adapter }: AdapterSource, canonical: string): Promise<Map<string, number>> {
  const module = adapter.modules.find((one) => one.canonical === canonical);
  if (!module) throw new Error(`no ${canonical}`);
  const [{ B, A }] = usable(await readPairs(source, module)).map(factorsOf);
  const found = new Map<string, number>();
  for (let i = 0; i < B.rows; i += 97)
    for (let j = 0; j < A.cols; j += 211) {
      let sum = 0;
      for (let p = 0; p < A.rows; p++) sum += B.data[i * B.cols + p] * A.data[p * A.cols + j];
      found.set(`${i} ${j}`, (module.scaling ?? Number.NaN) * sum);
    }
  return found;
}

/** Both have the same numbers where the first has row i and the second i + `below`. */
function agree(part: Map<string, number>, whole: Map<string, number>, below: number): number {
  let compared = 0;
  for (const [at, x] of part) {
    const [i, j] = at.split(' ').map(Number);
    const other = whole.get(`${i + below} ${j}`);
    if (other === undefined) continue;
    expect(other).toBe(x);
    compared++;
  }
  return compared;
}

const ranksOf = ({ modules }: Adapter) => Object.fromEntries(modules.map(({ canonical, rank }) => [canonical, rank]));
const LINEAR1 = 'lora_unet_single_blocks_3_linear1';
const PROJ = 'lora_unet_double_blocks_0_img_attn_proj';
const PARTS = ['attn_to_q', 'attn_to_k', 'attn_to_v', 'proj_mlp'].map((part) => `single_transformer_blocks_3_${part}`);

describe('a layer with q, k, v and the MLP becomes four', () => {
  it.each(['peft', 'diffusers'] as const)('with its A and its rows of B: %s', async (to) => {
    const before = await opened([
      ...pair(LINEAR1, 7 * H, H, 4, 1, KOHYA),
      alpha(LINEAR1, 2),
      ...pair(PROJ, H, H, 4, 2, KOHYA),
      alpha(PROJ, 4),
      ...pair('lora_te1_text_model_encoder_layers_0_mlp_fc1', 8, 6, 2, 3, KOHYA),
      alpha('lora_te1_text_model_encoder_layers_0_mlp_fc1', 2),
    ]);
    const plan = usable(convertPlan(before.adapter, to));
    expect(plan).toMatchObject({ arranged: true, oneWay: null, dropped: 3 });
    const after = await converted(before, to);
    expect(await compareConverted(before, after, to)).toBe(0);
    const whole = await updateOf(before, 'single_blocks_3_linear1');
    for (const [i, part] of PARTS.entries()) {
      const module = after.adapter.modules.find(({ canonical }) => canonical === part);
      expect(module).toMatchObject({ d: i < 3 ? H : 4 * H, k: H, rank: 4, scaling: 0.5 });
      const update = await updateOf(after, part);
      // Rows at both steps of 97 are compared.
      const shared = new Map([...update].filter(([at]) => (Number(at.split(' ')[0]) + i * H) % 97 === 0));
      expect(agree(shared, whole, i * H)).toBe(shared.size);
    }
    const names = new Set(after.adapter.header.tensors.map(({ name }) => name));
    const front = to === 'peft' ? 'base_model.model.transformer.' : 'transformer.';
    for (const name of ['transformer_blocks.0.attn.to_out.0', 'single_transformer_blocks.3.proj_mlp'])
      for (const end of PEFT) expect(names).toContain(front + name + end);
  });
});

describe('three layers become one', () => {
  const NAMES = ['to_q', 'to_k', 'to_v'].map((part) => `transformer.transformer_blocks.1.attn.${part}`);
  const CONFIG = { peft_type: 'LORA', r: 2, lora_alpha: 3, rank_pattern: { to_v: 4 }, alpha_pattern: { to_v: 6 } };
  const three = (ranks: readonly number[], a: readonly number[]) =>
    NAMES.flatMap((name, i) => pair(name, H, H, ranks[i], a[i], PEFT));
  const FUSED = 'double_blocks_1_img_attn_qkv';
  const same = async (before: AdapterSource, after: AdapterSource) => {
    const whole = await updateOf(after, FUSED);
    for (const [i, part] of ['q', 'k', 'v'].entries()) {
      const update = await updateOf(before, `transformer_blocks_1_attn_to_${part}`);
      const shared = new Map([...update].filter(([at]) => (Number(at.split(' ')[0]) + i * H) % 97 === 0));
      expect(agree(shared, whole, i * H)).toBe(shared.size);
    }
  };

  it('B block by block with the ranks added, of unlike A; and the old file comes back where ranks are equal', async () => {
    const before = await opened(three([2, 2, 4], [1, 2, 3]), CONFIG);
    const plan = usable(convertPlan(before.adapter, 'kohya'));
    expect(plan.renamed.filter(([, name]) => name === `lora_unet_${FUSED}.lora_up.weight`).map(([one]) => one)).toEqual(
      NAMES.map((name) => `${name}.lora_B.weight`),
    );
    const after = await converted(before, 'kohya');
    expect(ranksOf(after.adapter)).toEqual({ [FUSED]: 8 });
    expect(after.adapter.modules[0]).toMatchObject({ alpha: 12, scaling: 1.5 });
    await same(before, after);

    const equal = await opened(three([2, 2, 2], [1, 2, 3]), { ...CONFIG, rank_pattern: {}, alpha_pattern: {} });
    const there = await converted(equal, 'kohya');
    const back = await converted(there, 'diffusers');
    expect(await compareConverted(there, back, 'diffusers')).toBe(0);
    const bytesOf = async ({ source, adapter }: AdapterSource) =>
      Object.fromEntries(
        await Promise.all(
          adapter.header.tensors.map(async ({ name, from, to }) => [name, await source.read(from, to)] as const),
        ),
      );
    expect(await bytesOf(back)).toEqual(await bytesOf(equal));
  });

  it('B one below the other, of one A', async () => {
    const before = await opened(three([2, 2, 2], [5, 5, 5]), { ...CONFIG, rank_pattern: {}, alpha_pattern: {} });
    const after = await converted(before, 'kohya');
    expect(ranksOf(after.adapter)).toEqual({ [FUSED]: 2 });
    await same(before, after);
  });

  it('rows of a part that the file lacks are zero', async () => {
    const before = await opened([...pair(NAMES[0], H, H, 2, 1, PEFT), ...pair(NAMES[2], H, H, 4, 2, PEFT)], CONFIG);
    const after = await converted(before, 'kohya');
    const whole = await updateOf(after, FUSED);
    expect([...whole].filter(([at]) => Number(at.split(' ')[0]) >= H && Number(at.split(' ')[0]) < 2 * H)).toSatisfy(
      (rows: [string, number][]) => rows.length > 100 && rows.every(([, x]) => x === 0),
    );
    expect([...whole.values()].some((x) => x !== 0)).toBe(true);
  });

  it.each<[string, () => TestTensor[], object, RegExp]>([
    ['another s', () => three([2, 2, 4], [1, 2, 3]), { ...CONFIG, alpha_pattern: {} }, /to_v” has another s than/],
    [
      'DoRA',
      () => [
        ...three([2, 2, 2], [1, 2, 3]),
        { name: `${NAMES[0]}.lora_magnitude_vector`, shape: [H], values: Array(H).fill(1) },
      ],
      { ...CONFIG, rank_pattern: {}, alpha_pattern: {} },
      /to_q” has DoRA’s magnitudes/,
    ],
  ])('%s: not joined, and why', async (_, tensors, config, why) => {
    const { source, adapter } = await opened(tensors(), config);
    const made = await convertedFile(source, adapter, 'kohya');
    expect('fault' in made && made.details).toMatch(why);
  });
});

describe('layers outside the blocks', () => {
  // Shapes and names: Flux of BFL (src/flux/model.py) and FluxTransformer2DModel of diffusers.
  const OUTSIDE = [
    ['img_in', 'x_embedder', H, 64],
    ['txt_in', 'context_embedder', H, 4096],
    ['time_in_in_layer', 'time_text_embed.timestep_embedder.linear_1', H, 256],
    ['time_in_out_layer', 'time_text_embed.timestep_embedder.linear_2', H, H],
    ['vector_in_in_layer', 'time_text_embed.text_embedder.linear_1', H, 768],
    ['vector_in_out_layer', 'time_text_embed.text_embedder.linear_2', H, H],
    ['guidance_in_in_layer', 'time_text_embed.guidance_embedder.linear_1', H, 256],
    ['guidance_in_out_layer', 'time_text_embed.guidance_embedder.linear_2', H, H],
    ['final_layer_linear', 'proj_out', 64, H],
    ['final_layer_adaLN_modulation_1', 'norm_out.linear', 2 * H, H],
  ] as const;
  const tensors = [[PROJ.slice('lora_unet_'.length), '', H, H] as const, ...OUTSIDE].flatMap(([name, , d, k], i) => [
    ...pair(`lora_unet_${name}`, d, k, 2, i, KOHYA),
    alpha(`lora_unet_${name}`, 2),
  ]);

  it.each(['peft', 'diffusers'] as const)('have the names of %s, and come back with the same bits', async (to) => {
    const before = await opened(tensors);
    const after = await converted(before, to);
    expect(await compareConverted(before, after, to)).toBe(0);
    const front = to === 'peft' ? 'base_model.model.' : 'transformer.';
    const names = new Set(after.adapter.header.tensors.map(({ name }) => name));
    for (const [first, there] of OUTSIDE) {
      for (const end of PEFT) expect(names).toContain(front + there + end);
      const canonical = there.replaceAll('.', '_');
      if (canonical !== 'norm_out_linear')
        expect(await updateOf(after, canonical)).toEqual(await updateOf(before, first));
    }
    // Row i of shift over scale is row i ± 3072 of scale over shift.
    const rows = async ({ source, adapter }: AdapterSource, canonical: string) => {
      const module = adapter.modules.find((one) => one.canonical === canonical) as Module;
      const [{ B, A }] = usable(await readPairs(source, module)).map(factorsOf);
      return (i: number) => [0, 1000].map((j) => B.data[2 * i] * A.data[j] + B.data[2 * i + 1] * A.data[H + j]);
    };
    const [old, now] = [await rows(before, 'final_layer_adaLN_modulation_1'), await rows(after, 'norm_out_linear')];
    for (let i = 0; i < 2 * H; i++) expect(now(i)).toEqual(old((i + H) % (2 * H)));
    const back = await converted(after, 'kohya');
    const bytesOf = async ({ source, adapter }: AdapterSource) =>
      Object.fromEntries(
        await Promise.all(
          adapter.header.tensors
            .filter(({ name }) => !name.endsWith('.alpha'))
            .map(async ({ name, from, to }) => [name, await source.read(from, to)] as const),
        ),
      );
    expect(await bytesOf(back)).toEqual(await bytesOf(before));
  });
});

it('a layer of another width is none of Flux', async () => {
  // SD3's, beside a layer that only its name tells from one of Flux.
  const { adapter: sd3 } = await opened(
    [
      ...pair('transformer.transformer_blocks.0.ff.net.2', 9, 3, 1, 1, PEFT),
      ...pair('transformer.context_embedder', 1536, 4096, 1, 1, PEFT),
    ],
    { r: 1, lora_alpha: 1 },
  );
  expect(convertPlan(sd3, 'kohya')).toHaveProperty('fault', 'Not possible in names of kohya.');
  const { adapter } = await opened([
    ...pair('lora_unet_double_blocks_0_img_attn_qkv', 9, 3, 1, 1, KOHYA),
    alpha('lora_unet_double_blocks_0_img_attn_qkv', 1),
  ]);
  expect(convertPlan(adapter, 'peft')).toHaveProperty('fault', 'Not possible in names of PEFT.');
});
