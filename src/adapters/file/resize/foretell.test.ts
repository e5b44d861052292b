import { expect, it } from 'vitest';
import { fileFigures } from '../figures/file-figures.ts';
import type { ResizePlan } from '../model.ts';
import { openAdapter } from '../open.ts';
import { madeFile, madePair } from '../testing/made.ts';
import { floorCurve, oneRankCurve } from './curves.ts';
import { foretell } from './foretell.ts';
import { spectraOf } from './spectra.ts';

const PLAN: ResizePlan = {
  way: { by: 'rank', rank: 99 },
  most: null,
  mostOfConvolutions: null,
  dtype: null,
  split: 'both',
};

async function file() {
  const tensors = Array.from({ length: 12 }, (_, i) => {
    const [d, k, r] = [30 + 7 * i, 90 - 6 * i, 4 + (i % 3)];
    const { B, A } = madePair(
      d,
      k,
      Array.from({ length: r }, (_, p) => (1 + i) * (0.4 + 0.05 * i) ** p),
      i,
    );
    const name = `lora_unet_mid_block_attentions_0_layer_${i}`;
    return [
      { name: `${name}.lora_down.weight`, shape: [r, k], values: A.data },
      { name: `${name}.lora_up.weight`, shape: [d, r], values: B.data },
      { name: `${name}.alpha`, shape: [], values: [r] },
    ];
  }).flat();
  const { source } = await madeFile('f.safetensors', tensors);
  const adapter = await openAdapter(source, null, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  const figures = await Promise.all(adapter.modules.map((module) => fileFigures(source, module)));
  return { adapter, spectra: spectraOf(adapter, figures) };
}

it('a file of so many bytes has at most so many, and nearly as many', async () => {
  const { adapter, spectra } = await file();
  const all = foretell(adapter, spectra, PLAN);
  expect(all.ranks).toEqual(adapter.modules.map(({ rank }) => rank));
  expect(all.error).toBeLessThan(1e-12);
  const least = foretell(adapter, spectra, { ...PLAN, way: { by: 'rank', rank: 1 } });
  let before = Infinity;
  for (let i = 0; i <= 20; i++) {
    const bytes = Math.round(least.bytes + ((all.bytes - least.bytes) * i) / 20);
    const { error, bytes: found } = foretell(adapter, spectra, { ...PLAN, way: { by: 'bytes', bytes } });
    expect(found).toBeLessThanOrEqual(bytes);
    // A direction has 480 bytes at most.
    expect(found).toBeGreaterThan(bytes - 600);
    expect(error).toBeLessThanOrEqual(before);
    before = error;
  }
  expect(foretell(adapter, spectra, { ...PLAN, way: { by: 'bytes', bytes: 0 } })).toEqual(least);
});

it('no way beats the curve of the least error', async () => {
  const { adapter, spectra } = await file();
  const floor = floorCurve(adapter, spectra, null);
  expect(floor.at(-1)?.error).toBeLessThan(1e-12);
  for (const { bytes, error } of floor) {
    const found = foretell(adapter, spectra, { ...PLAN, way: { by: 'bytes', bytes } });
    expect(found.error).toBeLessThanOrEqual(error + 1e-12);
  }
  const one = oneRankCurve(adapter, spectra, null);
  expect(one.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { rank, bytes, error } of one) {
    expect({ bytes, error }).toMatchObject(
      (({ bytes, error }) => ({ bytes, error }))(foretell(adapter, spectra, { ...PLAN, way: { by: 'rank', rank } })),
    );
    const below = floor.filter((point) => point.bytes <= bytes).at(-1);
    if (below)
      expect(error).toBeGreaterThanOrEqual(Math.min(...floor.filter((p) => p.bytes >= bytes).map((p) => p.error)));
  }
  expect(floorCurve(adapter, spectra, 'F16').at(-1)?.bytes).toBeLessThan(0.6 * adapter.bytes);
});
