import { expect, it } from 'vitest';
import { scale } from '../../../math/matrix.ts';
import { readUpdate } from '../factors.ts';
import { openAdapter } from '../open.ts';
import { type MadeTensor, madeFile, madePair, normals } from '../testing/made.ts';
import { figuresOfUpdate } from './figures.ts';
import { fileFigures } from './file-figures.ts';

const tensor = (name: string, rows: number, cols: number, shape: readonly number[] = [rows, cols]): MadeTensor => ({
  name,
  shape,
  values: normals(rows, cols, 3, name).data,
});
const alpha = (name: string, value: number): MadeTensor => ({ name, shape: [], values: [value] });
const BASE = 'lora_unet_mid_block_attentions_0_';

async function opened(tensors: readonly MadeTensor[]) {
  const { source } = await madeFile('f.safetensors', tensors);
  const adapter = await openAdapter(source, null, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  return { source, modules: adapter.modules };
}

it('measures Hadamard and Kronecker products as if they were formed', async () => {
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => `${BASE}${name}`);
  const { source, modules } = await opened([
    ...[tensor(`${a}.hada_w1_a`, 30, 3), tensor(`${a}.hada_w1_b`, 3, 40), tensor(`${a}.hada_w2_a`, 30, 3)],
    ...[tensor(`${a}.hada_w2_b`, 3, 40), alpha(`${a}.alpha`, 6)],
    // Of rank 36 at most, which 20 × 24 does not have.
    ...[tensor(`${b}.hada_w1_a`, 20, 6), tensor(`${b}.hada_w1_b`, 6, 24), tensor(`${b}.hada_w2_a`, 20, 6)],
    ...[tensor(`${b}.hada_w2_b`, 6, 24), alpha(`${b}.alpha`, 3)],
    ...[
      tensor(`${c}.lokr_w1`, 4, 3),
      tensor(`${c}.lokr_w2_a`, 8, 2),
      tensor(`${c}.lokr_w2_b`, 2, 9),
      alpha(`${c}.alpha`, 1),
    ],
    ...[tensor(`${d}.lokr_w1`, 4, 4), tensor(`${d}.lokr_w2`, 6, 5 * 9, [6, 5, 3, 3]), alpha(`${d}.alpha`, 7)],
    tensor(`${e}.diff`, 12, 10),
  ]);
  expect(modules.map(({ kind }) => kind).sort()).toEqual(['full', 'loha', 'loha', 'lokr', 'lokr']);
  for (const module of modules) {
    const update = await readUpdate(source, module);
    if (!('matrix' in update)) throw new Error('not formed');
    const wanted = figuresOfUpdate(scale(update.matrix, module.scaling ?? 1));
    const found = await fileFigures(source, module);
    for (const [i, x] of wanted.sigma.entries()) {
      expect(Math.abs((found.sigma[i] ?? 0) - x)).toBeLessThan(1e-12 * wanted.sigma[0]);
    }
    expect(found.frobenius).toBeCloseTo(wanted.frobenius, 8);
    expect([found.rank90, found.rank95, found.rank99]).toEqual([wanted.rank90, wanted.rank95, wanted.rank99]);
    expect(found.effectiveRank.entropy).toBeCloseTo(wanted.effectiveRank.entropy, 8);
  }
});

it('has the magnitudes of DoRA beside the figures of s·B·A', async () => {
  const { B, A } = madePair(12, 10, [3, 1], 1);
  const name = `${BASE}q`;
  const { source, modules } = await opened([
    { name: `${name}.lora_down.weight`, shape: [2, 10], values: A.data },
    { name: `${name}.lora_up.weight`, shape: [12, 2], values: B.data },
    { name: `${name}.dora_scale`, shape: [12, 1], values: Array.from({ length: 12 }, (_, i) => 12 - i) },
    alpha(`${name}.alpha`, 4),
  ]);
  const { magnitudes, sigma } = await fileFigures(source, modules[0]);
  expect(magnitudes).toEqual([1, 6.5, 12]);
  expect(sigma.length).toBe(2);
});
