/** A module beside its W₀, against figures that PyTorch recorded. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../checkpoints/checkpoint.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { ByteSource } from '../model.ts';
import { openAdapter } from '../open.ts';
import { fromBytes } from '../safetensors/numbers.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { baseFigures } from './base-figures.ts';
import { baseWeightOf, matchBase } from './base-weights.ts';

interface RecordedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: string;
}
interface RecordedModule {
  readonly given: {
    readonly about: string;
    readonly weight: RecordedTensor;
    readonly down: RecordedTensor;
    readonly up: RecordedTensor;
    readonly alpha: number;
    readonly turned: boolean;
    readonly magnitude: RecordedTensor | null;
  };
  readonly wanted: {
    readonly baseNorm: number;
    readonly norm: number;
    readonly merged: readonly { readonly type: string; readonly lost: number; readonly vanished: number }[];
    readonly dora?: {
      readonly magnitudeChange: number;
      readonly directionChange: number;
      readonly sigma: readonly number[];
    };
    readonly alignment?: Readonly<Record<'inside' | 'amplification' | 'drawn' | 'left' | 'right' | 'most', number>>;
  };
}
const recorded: readonly RecordedModule[] = JSON.parse(
  readFileSync(new URL('golden/modules.json', import.meta.url), 'utf8'),
);

const bytesOf = ({ bytes }: RecordedTensor) => new Uint8Array(Buffer.from(bytes, 'base64'));

async function file(tensors: Readonly<Record<string, RecordedTensor>>): Promise<ByteSource> {
  const sink = blobSink();
  const all = Object.entries(tensors).map(([name, tensor]) => {
    return { name, dtype: tensor.dtype, shape: tensor.shape, bytes: async () => bytesOf(tensor) };
  });
  await writeSafetensors({ metadata: {}, tensors: all }, sink);
  return sourceOf(sink.blob(), 'file.safetensors');
}

const numbers = (values: readonly number[]): RecordedTensor => ({
  dtype: 'F32',
  shape: values.length === 1 ? [] : [1, values.length],
  bytes: Buffer.from(Float32Array.from(values).buffer).toString('base64'),
});

async function measured({ given }: RecordedModule) {
  const { weight, down, up, alpha, turned, magnitude } = given;
  const [name, layer] = turned ? ['h_0_attn_c_attn', 'h.0.attn.c_attn'] : ['layer', 'layer'];
  const source = await file({
    [`lora_unet_${name}.lora_down.weight`]: down,
    [`lora_unet_${name}.lora_up.weight`]: up,
    [`lora_unet_${name}.alpha`]: numbers([alpha]),
    ...(magnitude ? { [`lora_unet_${name}.dora_scale`]: magnitude } : {}),
  });
  const adapter = await openAdapter(source, null, null);
  // A layer with more outputs than inputs, which tells that GPT-2 stores weights turned.
  const other: Readonly<Record<string, RecordedTensor>> = turned
    ? { 'h.1.attn.c_attn.weight': numbers([1, 2, 3]) }
    : {};
  const file0 = await file({ [`${layer}.weight`]: weight, ...other });
  const base = (await openCheckpoint({ name: 'base', index: null, files: [file0] })) as Checkpoint;
  if ('fault' in adapter) throw new Error(adapter.fault);
  const matches = matchBase(adapter, base);
  if ('fault' in matches) throw new Error(matches.details);
  const [match] = matches;
  if (typeof match === 'string') throw new Error(match);
  const figures = await baseFigures(source, adapter.modules[0], match, { leading: 'small' });
  if ('fault' in figures) throw new Error(figures.details);
  return { figures, match };
}

const near = (value: number | null | undefined, wanted: number, share = 1e-12) =>
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThanOrEqual(share * Math.abs(wanted));

describe('a module beside its W₀ as PyTorch has recorded it', () => {
  it.each(recorded.map((one) => [one.given.about, one] as const))('%s', async (_, one) => {
    const { given, wanted } = one;
    const { figures, match } = await measured(one);
    near(figures.baseNorm, wanted.baseNorm);
    near(figures.norm, wanted.norm, wanted.dora ? 1e-10 : 1e-12);
    expect(figures.merged.map(({ type }) => type)).toEqual(wanted.merged.map(({ type }) => type));
    for (const [i, of] of wanted.merged.entries()) {
      near(figures.merged[i].lost, of.lost, 1e-7);
      near(figures.merged[i].vanished, of.vanished, 1e-12);
    }
    if (wanted.alignment) {
      const { inside, amplification, drawn, left, right, most } = wanted.alignment;
      const { alignment } = figures;
      near(alignment?.inside, inside);
      near(alignment?.amplification, amplification);
      const leading = alignment?.leading;
      if (!leading || leading === 'close') throw new Error('no leading directions');
      near(leading.left, left, 1e-9);
      near(leading.right, right, 1e-9);
      near(leading.most, most);
      expect(leading.error).toBe(0);
      // A mean of 4,000 draws.
      near(alignment?.random, drawn, 0.03);
    } else expect(figures.alignment).toBeNull();
    if (wanted.dora) {
      const { magnitudeChange, directionChange, sigma } = wanted.dora;
      near(figures.dora?.magnitudeChange, magnitudeChange, 1e-10);
      near(figures.dora?.directionChange, directionChange, 1e-9);
      const found = figures.dora?.spectrum.sigma ?? [];
      expect(found).toHaveLength(sigma.length);
      for (const [i, x] of sigma.entries()) expect(Math.abs(found[i] - x)).toBeLessThan(1e-12);
    } else expect(figures.dora).toBeNull();
    // The matrix as the module has it, outputs × inputs.
    const W0 = await baseWeightOf(match);
    if ('fault' in W0) throw new Error(W0.details);
    const stored = fromBytes(bytesOf(given.weight), given.weight.dtype);
    expect([W0.rows, W0.cols]).toEqual(given.turned ? [match.cols, match.rows] : [match.rows, match.cols]);
    const at = (i: number, j: number) => (given.turned ? stored[j * W0.rows + i] : stored[i * W0.cols + j]);
    for (const [i, j] of [
      [0, 0],
      [1, 2],
      [W0.rows - 1, W0.cols - 2],
    ])
      expect(W0.data[i * W0.cols + j]).toBe(at(i, j));
  });
});
