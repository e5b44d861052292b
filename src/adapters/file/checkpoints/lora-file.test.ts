/** LoRAs cut from the difference of two models: errors foretold, written, read back. */

import { describe, expect, it } from 'vitest';
import { frobenius, multiply, scale, subtract, transpose } from '../../../math/matrix.ts';
import { readFactors } from '../factors.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Fault, OutputType } from '../model.ts';
import { openAdapter } from '../open.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { normalMatrix } from '../testing/make-file.ts';
import { type DifferenceFigures, differenceFigures } from './difference-figures.ts';
import { type DifferencePlan, differenceFile, differenceLora, foretoldErrors, measuredErrors } from './lora-file.ts';
import type { TensorMatches } from './match-tensors.ts';
import { deltaPanels } from './panels.ts';
import { madeUpPair, matched } from './testing/made-up-pair.ts';

const value = <T extends object>(found: T | Fault): T => {
  if ('fault' in found) throw new Error(`${found.fault} ${found.details}`);
  return found;
};

async function measure({ pairs }: TensorMatches): Promise<readonly DifferenceFigures[]> {
  const figures = [];
  for (const pair of pairs) figures.push(await differenceFigures(pair));
  return figures;
}

const plan = (way: DifferencePlan['way'], dtype: OutputType | null = null, names: 'peft' | 'kohya' = 'peft') => ({
  ...{ way, dtype, names },
});

async function written(matches: TensorMatches, of: DifferencePlan) {
  const lora = value(differenceLora(matches.pairs, await measure(matches), of));
  const made = differenceFile(lora);
  const sink = blobSink();
  const bytes = await writeSafetensors(made.file, sink);
  const source = sourceOf(sink.blob(), 'lora.safetensors');
  const adapter = value(await openAdapter(source, made.config, null));
  const measured = value(await measuredErrors(lora, { source, adapter }));
  return { lora, made, bytes, source, adapter, measured, foretold: made.foretold() };
}

describe('a LoRA of a difference', () => {
  const pair = madeUpPair();

  it('is not cut into zeros: a type that holds the numbers is named', async () => {
    const tensor = (values: ArrayLike<number>) => [{ name: 'layers.0.q_proj.weight', shape: [12, 10], values }];
    const { data } = normalMatrix(12, 10, 1, 'small');
    const small = await matched(tensor(new Float64Array(120)), tensor(scale({ rows: 12, cols: 10, data }, 1e-25).data));
    await expect(written(small, plan({ by: 'rank', rank: 2 }, 'F16'))).rejects.toThrow(
      'would be 0 in F16. Write the file as float32 or bfloat16',
    );
    const { measured, foretold } = await written(small, plan({ by: 'rank', rank: 10 }, 'BF16'));
    expect(measured.error).toBeLessThan(0.01);
    expect(Math.abs(measured.error - foretold.error)).toBeLessThan(1e-9);
  });

  it.each<[DifferencePlan['way'], OutputType | null, 'peft' | 'kohya']>([
    [{ by: 'rank', rank: 3 }, null, 'peft'],
    [{ by: 'rank', rank: 40 }, 'F32', 'peft'],
    [{ by: 'energy', share: 0.9 }, 'F16', 'kohya'],
    [{ by: 'energy', share: 0.999 }, 'BF16', 'peft'],
    [{ by: 'bytes', bytes: 60_000 }, 'F16', 'peft'],
  ])('%j in %s under names of %s loses what is foretold', async (way, dtype, names) => {
    const { lora, bytes, measured, foretold, adapter } = await written(
      await matched(pair.base, pair.fine),
      plan(way, dtype, names),
    );
    expect(bytes).toBe(lora.bytes);
    if (way.by === 'bytes') expect(bytes).toBeLessThanOrEqual(way.bytes);
    expect(adapter.modules.every(({ scaling }) => scaling === 1)).toBe(true);
    // The file has the numbers that the loss was measured on.
    expect(measured).toEqual(foretold);
    const unit = dtype === 'BF16' ? 2 ** -8 : dtype === 'F16' ? 2 ** -11 : 2 ** -24;
    for (const [i, error] of foretold.errors.entries()) {
      // Rounding both factors adds at most about √2 units, across what the cut loses.
      const { ranks, errors } = lora;
      expect(error, lora.adapter.modules[i].name).toBeGreaterThan(errors[i] - 1e-9);
      expect(error).toBeLessThan(Math.hypot(errors[i], 2 * unit * Math.sqrt(ranks[i])) + 1e-9);
    }
    if (way.by === 'energy') for (const error of lora.errors) expect(1 - error ** 2).toBeGreaterThan(way.share - 1e-12);
  });

  it('is what the file holds, entry by entry', async () => {
    const { adapter, source, lora, foretold } = await written(
      await matched(pair.base, pair.fine),
      plan({ by: 'rank', rank: 2 }, 'F16'),
    );
    expect(adapter.modules).toHaveLength(6 * 6 + 2);
    for (const [i, { name, tensors }] of lora.adapter.modules.entries()) {
      const module = adapter.modules.find(({ tensors: { down } }) => down?.name === tensors.down?.name);
      if (!module) throw new Error(`${name} is not there`);
      const { B, A } = value(await readFactors(source, module));
      const product = scale(multiply(B, A), module.scaling ?? 0);
      const delta = pair.deltas.get(`${name}.weight`);
      if (!delta) throw new Error(`${name} did not change`);
      const update = lora.layers[i].turned ? transpose(product) : product;
      expect(frobenius(subtract(delta, update)) / frobenius(delta)).toBeCloseTo(foretold.errors[i], 12);
    }
    expect(await foretoldErrors(lora)).toEqual(foretold);
  });

  it('of matrices with leading directions alone loses what these say, and needs more than they are', async () => {
    const { pairs } = await matched(pair.base, pair.fine);
    const figures: DifferenceFigures[] = [];
    for (const one of pairs) figures.push(await differenceFigures(one, { exact: 8, directions: 5, intruders: true }));
    const noisy = figures[pairs.findIndex(({ name }) => name === 'model.layers.1.mlp.up_proj.weight')].spectrum;
    expect(noisy?.sigma).toHaveLength(5);
    expect(noisy?.bounds?.rest).toBeGreaterThan(0);
    expect(noisy?.effectiveRank).toBeNull();
    const lora = value(differenceLora(pairs, figures, plan({ by: 'energy', share: 0.9999 }, 'F32')));
    expect(lora.short).toContain('model.layers.1.mlp.up_proj');
    expect(lora.exact.some((one) => one)).toBe(false);
    const foretold = await foretoldErrors(lora);
    for (const [i, error] of foretold.errors.entries()) expect(Math.abs(error - lora.errors[i])).toBeLessThan(3e-7);
  });

  it('is the same from panels that are read again and again', async () => {
    const { pairs } = await matched(pair.base, pair.fine);
    const [one] = pairs.filter(({ name }) => name === 'model.vision.conv.weight');
    const rows = async (kept?: number) => {
      const M = await deltaPanels(one, undefined, kept);
      const found: number[] = [];
      for (let pass = 0; pass < 2; pass++) for await (const { block } of M.panels()) found.push(...block.data);
      return { found, whole: M.whole };
    };
    const [kept, read] = [await rows(), await rows(0)];
    expect(kept.whole).not.toBeNull();
    expect(read.whole).toBeNull();
    expect(read.found).toEqual(kept.found);
    expect(read.found.slice(0, 24 * 27)).toEqual([...(pair.deltas.get(one.name)?.data ?? [])]);
  });

  it('has PEFT’s names and config: embeddings turned, convolutions in their shape', async () => {
    const { adapter, made } = await written(await matched(pair.base, pair.fine), plan({ by: 'rank', rank: 3 }));
    const shapes = new Map(adapter.header.tensors.map(({ name, shape }) => [name, shape]));
    const front = 'base_model.model.model';
    expect(shapes.get(`${front}.layers.0.self_attn.k_proj.lora_A.weight`)).toEqual([3, 32]);
    expect(shapes.get(`${front}.layers.0.self_attn.k_proj.lora_B.weight`)).toEqual([16, 3]);
    expect(shapes.get(`${front}.embed_tokens.lora_embedding_A`)).toEqual([3, 64]);
    expect(shapes.get(`${front}.embed_tokens.lora_embedding_B`)).toEqual([32, 3]);
    expect(shapes.get(`${front}.vision.conv.lora_A.weight`)).toEqual([3, 3, 3, 3]);
    expect(shapes.get(`${front}.vision.conv.lora_B.weight`)).toEqual([24, 3, 1, 1]);
    const config = JSON.parse(made.config ?? '');
    expect(config).toMatchObject({ peft_type: 'LORA', r: 3, lora_alpha: 3, use_rslora: false, fan_in_fan_out: false });
    expect(config.target_modules).toContain('model.layers.5.mlp.down_proj');
    expect(config.target_modules).not.toContain('model.layers.5.self_attn.v_proj');
  });

  it('says what it leaves out, and how much that is', async () => {
    const matches = await matched(pair.base, pair.fine);
    const lora = value(
      differenceLora(matches.pairs, await measure(matches), plan({ by: 'rank', rank: 3 }, null, 'kohya')),
    );
    expect(lora.left.map(([{ name }, why]) => [name, why])).toEqual([
      ['model.embed_tokens.weight', '“model.embed_tokens.weight” is an embedding, which kohya’s tools do not adapt.'],
      [
        'model.layers.0.input_layernorm.weight',
        '“model.layers.0.input_layernorm.weight” is no matrix; a LoRA has pairs for matrices alone.',
      ],
    ]);
    expect(lora.errorOfAll).toBeGreaterThan(lora.error);
  });

  it('turns GPT-2’s weights, which lie [in, out]', async () => {
    const names = ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'];
    const shapes = [
      [8, 24],
      [8, 8],
      [8, 32],
      [32, 8],
    ];
    const tensors = (purpose: string) =>
      names.map((name, i) => {
        const [d, k] = shapes[i];
        return { name: `transformer.h.0.${name}.weight`, shape: [d, k], values: normalMatrix(d, k, i, purpose).data };
      });
    const { adapter, made, measured } = await written(
      await matched(tensors('base'), tensors('fine')),
      plan({ by: 'rank', rank: 8 }),
    );
    expect(JSON.parse(made.config ?? '').fan_in_fan_out).toBe(true);
    expect(adapter.modules.map(({ d, k }) => [d, k])).toEqual(shapes.map((shape) => shape.toReversed()));
    expect(measured.error).toBeLessThan(1e-6);
  });

  it.each<[string, () => ReturnType<typeof matched>, string]>([
    ['nothing changed', () => matched(pair.base, pair.base), 'Nothing changed.'],
    [
      'a matrix alone changed that is too wide',
      () => {
        const values = new Float32Array(2 * 65_537);
        const wide = { name: 'wide.weight', shape: [2, 65_537], values };
        return matched([wide], [{ ...wide, values: values.map((_, i) => i) }]);
      },
      'Nothing that changed can be a LoRA.',
    ],
    [
      'a norm alone changed',
      () =>
        matched(
          [{ name: 'norm.weight', shape: [2], values: [1, 2] }],
          [{ name: 'norm.weight', shape: [2], values: [1, 3] }],
        ),
      'Nothing that changed can be a LoRA.',
    ],
  ])('is refused if %s', async (_, pairs, fault) => {
    const matches = await pairs();
    expect(differenceLora(matches.pairs, await measure(matches), plan({ by: 'rank', rank: 1 }))).toMatchObject({
      fault,
    });
  });
});
