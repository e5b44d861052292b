/**
 * Names, shapes and size of a public model of Llama 3.1's kind: 291 tensors of bfloat16 in four shards, 16,060,522,496
 * bytes by its model.safetensors.index.json, shapes by its config.json. The numbers are not here: every byte is 0.
 */

import { expect, it } from 'vitest';
import type { ByteSource } from '../model.ts';
import { countOf } from '../safetensors/numbers.ts';
import { type DifferenceFigures, pairPlaces } from './difference-figures.ts';
import { differenceLora } from './lora-file.ts';
import { matchTensors, type TensorPair } from './match-tensors.ts';
import { openedFiles } from './testing/made-up-pair.ts';

const [HIDDEN, KEYS, INNER, WORDS, LAYERS] = [4096, 1024, 14336, 128256, 32];
const TOTAL = 16_060_522_496;
const LAYER: readonly (readonly [string, readonly number[]])[] = [
  ['input_layernorm', [HIDDEN]],
  ['mlp.down_proj', [HIDDEN, INNER]],
  ['mlp.gate_proj', [INNER, HIDDEN]],
  ['mlp.up_proj', [INNER, HIDDEN]],
  ['post_attention_layernorm', [HIDDEN]],
  ['self_attn.k_proj', [KEYS, HIDDEN]],
  ['self_attn.o_proj', [HIDDEN, HIDDEN]],
  ['self_attn.q_proj', [HIDDEN, HIDDEN]],
  ['self_attn.v_proj', [KEYS, HIDDEN]],
];
const TENSORS: readonly (readonly [string, readonly number[]])[] = [
  ['lm_head.weight', [WORDS, HIDDEN]],
  ['model.embed_tokens.weight', [WORDS, HIDDEN]],
  ['model.norm.weight', [HIDDEN]],
  ...Array.from({ length: LAYERS }, (_, i) =>
    LAYER.map(([name, shape]) => [`model.layers.${i}.${name}.weight`, shape] as const),
  ).flat(),
];

/** A file of 4 GB whose numbers are all 0 and lie nowhere. */
function zeroFile(name: string, tensors: typeof TENSORS): ByteSource {
  let end = 0;
  const entries = tensors.map(([tensor, shape]) => {
    const from = end;
    end += 2 * countOf(shape);
    return [tensor, { dtype: 'BF16', shape, data_offsets: [from, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const start = new Uint8Array(8 + header.length);
  new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true);
  start.set(header, 8);
  const read = async (from: number, to: number) => {
    const bytes = new Uint8Array(to - from);
    if (from < start.length) bytes.set(start.subarray(from, Math.min(to, start.length)));
    return bytes;
  };
  return { name, size: start.length + end, read };
}

/** Shards that hold as many tensors as those of the public file. */
async function model(name: string, counts: readonly number[]) {
  let at = 0;
  const shards = counts.map((count, i) => {
    const tensors = TENSORS.slice(at, at + count);
    at += count;
    return { file: `model-0000${i + 1}-of-0000${counts.length}.safetensors`, tensors };
  });
  const map = shards.flatMap(({ file, tensors }) => tensors.map(([tensor]) => [tensor, file]));
  const index = JSON.stringify({ metadata: { total_size: TOTAL }, weight_map: Object.fromEntries(map) });
  return openedFiles(
    name,
    shards.map(({ file, tensors }) => zeroFile(file, tensors)),
    index,
  );
}

/** As if each layer’s matrices had changed. */
function figuresOf({ name, matrix }: TensorPair): DifferenceFigures {
  const norms = { norm: 1, baseNorm: 100, fineNorm: 100, odd: null };
  if (!matrix || !name.startsWith('model.layers.')) return { ...norms, change: 'same bits', norm: 0, spectrum: null };
  const sigma = Float64Array.from({ length: 128 }, () => 1 / 16);
  return {
    ...{ ...norms, change: 'changed' },
    spectrum: {
      ...{ sigma, bounds: { upper: sigma, rest: 1 / 16 }, rank90: null, rank95: null, rank99: null },
      ...{ stableRank: 256, effectiveRank: null, intruders: null },
    },
  };
}

it('two models of 16 GB are matched by their headers alone', async () => {
  const base = await model('base', [72, 73, 73, 73]);
  const fine = await model('fine', [59, 106, 100, 26]);
  expect(TENSORS.reduce((sum, [, shape]) => sum + 2 * countOf(shape), 0)).toBe(TOTAL);
  const matches = matchTensors(base, fine);
  if ('fault' in matches) throw new Error(matches.fault);
  const { pairs, ...others } = matches;
  expect(pairs).toHaveLength(291);
  expect(others).toEqual({ onlyBase: [], onlyFine: [], unlike: [], notFloat: [], prefix: '' });
  const places = pairPlaces(pairs);
  const place = places[pairs.findIndex(({ name }) => name === 'model.layers.31.mlp.gate_proj.weight')];
  expect(place).toMatchObject({ layer: 'layer 31', type: 'gate' });
});

it('a LoRA of rank 16 of all their layers has as many numbers as PEFT says of such a one', async () => {
  const base = await model('base', [291]);
  const matches = matchTensors(base, await model('fine', [59, 106, 100, 26]));
  if ('fault' in matches) throw new Error(matches.fault);
  const plan = { way: { by: 'rank', rank: 16 }, names: 'peft', dtype: null } as const;
  const lora = differenceLora(matches.pairs, matches.pairs.map(figuresOf), plan);
  if ('fault' in lora) throw new Error(lora.fault);
  const { modules } = lora.adapter;
  expect(modules).toHaveLength(7 * LAYERS);
  expect(modules.reduce((sum, { d, k }, i) => sum + lora.ranks[i] * (d + k), 0)).toBe(41_943_040);
  // The header is all else: 448 tensors with long names.
  expect(lora.bytes - 2 * 41_943_040).toBeLessThan(80_000);
  expect(modules[0].tensors.down?.name).toBe('base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight');
  // 16 of 256 equal directions.
  expect(lora.error).toBeCloseTo(Math.sqrt(1 - 16 / 256), 12);
  const energy = differenceLora(matches.pairs, matches.pairs.map(figuresOf), {
    ...plan,
    way: { by: 'energy', share: 0.9 },
  });
  if ('fault' in energy) throw new Error(energy.fault);
  expect([energy.short.length, new Set(energy.ranks)]).toEqual([modules.length, new Set([128])]);
});
