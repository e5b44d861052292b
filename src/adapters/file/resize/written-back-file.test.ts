import { describe, expect, it } from 'vitest';
import { frobenius, type Matrix32, multiply, scale, subtract, toFloat32, toFloat64 } from '../../../math/matrix.ts';
import { readFactors } from '../factors.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, AdapterSource, Fault, OutputType } from '../model.ts';
import { openAdapter } from '../open.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix, type TestFile, type TestTensor } from '../testing/make-file.ts';
import { type TrainedFactors, writtenBackFile } from './written-back-file.ts';

function value<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

const opened = async ({ source, config }: TestFile): Promise<AdapterSource> => ({
  source,
  adapter: value(await openAdapter(source, config, null)),
});

async function writtenBack(before: AdapterSource, index: number, trained: TrainedFactors) {
  const made = value(writtenBackFile(before, new Map([[index, trained]])));
  const sink = blobSink();
  await writeSafetensors(made.file, sink);
  const source = sourceOf(sink.blob(), 'back.safetensors');
  const after = { source, adapter: value(await openAdapter(source, made.config, null)) };
  return { made, after, measured: await made.measure(after, {}) };
}

const trainedOf = (d: number, k: number, r: number, s: number): TrainedFactors => ({
  B: toFloat32(normalMatrix(d, r, 9, 'trained B')),
  A: toFloat32(normalMatrix(r, k, 9, 'trained A')),
  s,
});

const updateOf = (B: Matrix32, A: Matrix32, s: number) => scale(multiply(toFloat64(B), toFloat64(A)), s);

/** ‖s′B′A′ − sBA‖/‖sBA‖ from both products, entry by entry. */
async function distance({ source, adapter }: AdapterSource, index: number, { B, A, s }: TrainedFactors) {
  const module = adapter.modules[index];
  const read = value(await readFactors(source, module));
  const wanted = updateOf(B, A, s);
  const found = scale(multiply(read.B, read.A), module.scaling ?? Number.NaN);
  return frobenius(subtract(found, wanted)) / frobenius(wanted);
}

/** Names of the tensors whose type, shape or bytes are others, or that one file lacks. */
async function changed(a: AdapterSource, b: AdapterSource): Promise<readonly string[]> {
  const text = async ({ source, adapter }: AdapterSource) =>
    new Map(
      await Promise.all(
        adapter.header.tensors.map(
          async ({ name, dtype, shape, from, to }) =>
            [name, JSON.stringify([dtype, shape, [...(await source.read(from, to))]])] as const,
        ),
      ),
    );
  const [x, y] = [await text(a), await text(b)];
  return [...new Set([...x.keys(), ...y.keys()])].filter((name) => x.get(name) !== y.get(name)).sort();
}

const layer = (i: number) => `base_model.model.model.layers.${i}.self_attn.q_proj`;

/** Three modules of 6 × 8 and rank 2, α = 4, in PEFT's names. */
const peftFile = (dtype: OutputType = 'F32') =>
  makeFile(
    'peft.safetensors',
    [0, 1, 2].flatMap((i): TestTensor[] => [
      { name: `${layer(i)}.lora_A.weight`, shape: [2, 8], values: normalMatrix(2, 8, i, 'A').data, dtype },
      { name: `${layer(i)}.lora_B.weight`, shape: [6, 2], values: normalMatrix(6, 2, i, 'B').data, dtype },
    ]),
    { config: { peft_type: 'LORA', r: 2, lora_alpha: 4, target_modules: ['q_proj'], lora_dropout: 0.1 } },
  );

const kohyaFile = (kernel = false) =>
  makeFile(
    'kohya.safetensors',
    ['a', 'b'].flatMap((name, i): TestTensor[] => {
      const module = `lora_unet_down_blocks_${i}_attentions_0_proj_in`;
      const down = {
        name: `${module}.lora_down.weight`,
        values: normalMatrix(2, 8, i, name).data,
        dtype: 'F16',
      } as const;
      const up = {
        name: `${module}.lora_up.weight`,
        values: normalMatrix(6, 2, i, `${name}B`).data,
        dtype: 'F16',
      } as const;
      return [
        { ...down, shape: kernel ? [2, 2, 2, 2] : [2, 8] },
        { ...up, shape: kernel ? [6, 2, 1, 1] : [6, 2] },
        { name: `${module}.alpha`, shape: [], values: [4], dtype: 'F16' },
      ];
    }),
  );

const alphas = ({ modules }: Adapter) => modules.map(({ rank, alpha, scaling }) => [rank, alpha, scaling]);

describe('a module that is written back', () => {
  it('has the trained B and A to the bit in float32, and every other tensor is the same', async () => {
    const before = await opened(await peftFile());
    const trained = trainedOf(6, 8, 2, 2);
    const { made, after, measured } = await writtenBack(before, 1, trained);
    expect([made.foretold, measured]).toEqual([0, 0]);
    const read = value(await readFactors(after.source, after.adapter.modules[1]));
    expect([toFloat32(read.B).data, toFloat32(read.A).data]).toEqual([trained.B.data, trained.A.data]);
    expect(await changed(before, after)).toEqual([`${layer(1)}.lora_A.weight`, `${layer(1)}.lora_B.weight`]);
    expect(alphas(after.adapter)).toEqual(alphas(before.adapter));
    expect(JSON.parse(made.config ?? '')).toMatchObject({ r: 2, lora_alpha: 4, lora_dropout: 0.1 });
  });

  it.each<[string, OutputType, number]>([
    ['float16', 'F16', 2 ** -11],
    ['bfloat16', 'BF16', 2 ** -8],
  ])('is off by the rounding to %s, as it was foretold', async (_, dtype, unit) => {
    const before = await opened(await peftFile(dtype));
    const trained = trainedOf(6, 8, 2, 2);
    const { made, after, measured } = await writtenBack(before, 0, trained);
    expect(after.adapter.modules[0].dtype).toBe(dtype);
    const own = await distance(after, 0, trained);
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(3 * unit);
    expect(made.foretold).toBeCloseTo(own, 12);
    expect(measured).toBeCloseTo(own, 12);
  });

  it('keeps s of the file if the Lab has another one: B makes up for it', async () => {
    const before = await opened(await peftFile());
    const trained = trainedOf(6, 8, 2, 0.3);
    const { after, measured } = await writtenBack(before, 2, trained);
    expect(alphas(after.adapter)).toEqual(alphas(before.adapter));
    expect(await distance(after, 2, trained)).toBeLessThan(1e-6);
    expect(measured).toBeLessThan(1e-6);
  });

  it('has its own rank and α in patterns, or in its alpha, where its rank changed', async () => {
    const peft = await opened(await peftFile());
    const trained = trainedOf(6, 8, 4, 2);
    const one = await writtenBack(peft, 1, trained);
    expect(alphas(one.after.adapter)).toEqual([
      [2, 4, 2],
      [4, 8, 2],
      [2, 4, 2],
    ]);
    const name = 'model.layers.1.self_attn.q_proj';
    expect(JSON.parse(one.made.config ?? '')).toMatchObject({
      ...{ r: 2, lora_alpha: 4, rank_pattern: { [name]: 4 }, alpha_pattern: { [name]: 8 } },
    });
    expect(await distance(one.after, 1, trained)).toBe(0);
    const kohya = await opened(await kohyaFile(true));
    const other = await writtenBack(kohya, 0, trained);
    expect(alphas(other.after.adapter)).toEqual([
      [4, 8, 2],
      [2, 4, 2],
    ]);
    const [down] = other.after.adapter.modules.map(({ tensors }) => tensors.down);
    expect(down?.shape).toEqual([4, 2, 2, 2]);
    expect(await distance(other.after, 0, trained)).toBeLessThan(2 ** -10);
    expect((await changed(kohya, other.after)).every((tensor) => tensor.includes('blocks_0'))).toBe(true);
  });

  it('is refused with a sentence where it does not fit', async () => {
    const before = await opened(await peftFile());
    const odd = trainedOf(6, 8, 2, 2);
    odd.B.data[3] = Number.NaN;
    for (const [index, trained, why] of [
      [0, trainedOf(7, 8, 2, 2), 'it has another size'],
      [0, odd, 'what was trained is not finite'],
      [9, trainedOf(6, 8, 2, 2), 'it is not in the file'],
    ] as const)
      expect(writtenBackFile(before, new Map([[index, trained]]))).toMatchObject({
        details: expect.stringContaining(why),
      });
  });

  it('says which tensor was read back with other numbers', async () => {
    const before = await opened(await peftFile());
    const made = value(writtenBackFile(before, new Map([[1, trainedOf(6, 8, 2, 2)]])));
    const other = await opened(
      await makeFile('x', [
        { name: `${layer(0)}.lora_A.weight`, shape: [2, 8], values: normalMatrix(2, 8, 5, 'other').data },
        { name: `${layer(0)}.lora_B.weight`, shape: [6, 2], values: normalMatrix(6, 2, 0, 'B').data },
      ]),
    );
    expect(await made.measure(other, {})).toMatchObject({ details: expect.stringContaining('layers.0') });
  });
});
