import { expect, it } from 'vitest';
import { fileFigures } from '../figures/file-figures.ts';
import type { Adapter, ResizePlan, Spectra } from '../model.ts';
import { openAdapter } from '../open.ts';
import { makeFile } from '../testing/make-file.ts';
import { predictResize, spectraOf } from './predict-resize.ts';
import { kneeOf, planOfSize, sizeSearch } from './size-choices.ts';

interface ModuleShape {
  readonly d: number;
  readonly k: number;
  readonly sigma: readonly number[];
}

/** B·A with exactly these singular values, but for rounding to float32: √σ on the diagonals. */
function diagonalPair(d: number, k: number, sigma: readonly number[]) {
  const r = sigma.length;
  const B = Float64Array.from({ length: d * r }, (_, at) =>
    at % r === Math.floor(at / r) ? Math.sqrt(sigma[at % r]) : 0,
  );
  const A = Float64Array.from({ length: r * k }, (_, at) =>
    at % k === Math.floor(at / k) ? Math.sqrt(sigma[at % k]) : 0,
  );
  return { B, A };
}

async function file(modules: readonly ModuleShape[]) {
  const tensors = modules.flatMap(({ d, k, sigma }, i) => {
    const { B, A } = diagonalPair(d, k, sigma);
    const name = `lora_unet_mid_block_attentions_0_layer_${i}`;
    return [
      { name: `${name}.lora_down.weight`, shape: [sigma.length, k], values: A },
      { name: `${name}.lora_up.weight`, shape: [d, sigma.length], values: B },
      { name: `${name}.alpha`, shape: [], values: [sigma.length] },
    ];
  });
  const { source } = await makeFile('f.safetensors', tensors);
  const adapter = await openAdapter(source, null, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  const figures = await Promise.all(adapter.modules.map((module) => fileFigures(source, module)));
  return { adapter, spectra: spectraOf(adapter, figures) };
}

interface Candidate {
  readonly bytes: number;
  readonly error: number;
}

/** All files with one rank for each module, their errors by definition in float64. */
function everyFile(adapter: Adapter, spectra: Spectra): Candidate[] {
  const sigmas = spectra.map((of) => [...(of?.sigma ?? [])]);
  const whole = sigmas.flat().reduce((sum, x) => sum + x * x, 0);
  let choices: readonly (readonly number[])[] = [[]];
  for (const { length } of sigmas)
    choices = choices.flatMap((ranks) => Array.from({ length }, (_, i) => [...ranks, i + 1]));
  return choices.map((ranks) => {
    const lost = sigmas.flatMap((sigma, i) => sigma.slice(ranks[i])).reduce((sum, x) => sum + x * x, 0);
    const plan: ResizePlan = { ...planOfSize(0), way: { by: 'hand', ranks } };
    return { bytes: predictResize(adapter, spectra, plan).bytes, error: Math.sqrt(lost / whole) };
  });
}

const SHAPES: Readonly<Record<string, readonly ModuleShape[]>> = {
  'a slow fall': [
    { d: 40, k: 24, sigma: [3, 2.4, 1.9, 1.5, 1.1] },
    { d: 24, k: 24, sigma: [2, 1.8, 1.7, 1.2] },
    { d: 64, k: 16, sigma: [4, 3.5, 3.1, 2, 1.7, 0.2] },
    { d: 16, k: 30, sigma: [1, 0.9, 0.7] },
  ],
  'a fast fall': [
    { d: 90, k: 60, sigma: [9, 0.4, 0.2, 0.1, 0.05, 0.02] },
    { d: 30, k: 75, sigma: [5, 3, 0.1, 0.03] },
    { d: 48, k: 48, sigma: [7, 0.6, 0.5, 0.3, 0.2] },
  ],
  'unequal costs': [
    { d: 400, k: 300, sigma: [1, 0.8, 0.5, 0.3] },
    { d: 8, k: 8, sigma: [1, 0.9, 0.8, 0.4, 0.1] },
    { d: 130, k: 17, sigma: [2, 1.1, 0.6, 0.35] },
  ],
};

const least = (files: readonly Candidate[], value: (of: Candidate) => number) => Math.min(...files.map(value));

it.each(Object.keys(SHAPES))('the four choices are those of a search through all files: %s', async (name) => {
  const { adapter, spectra } = await file(SHAPES[name]);
  const files = everyFile(adapter, spectra);
  const smallestAt = (error: number) =>
    least(
      files.filter((of) => of.error <= error + 1e-9),
      ({ bytes }) => bytes,
    );
  const closestAt = (bytes: number) =>
    least(
      files.filter((of) => of.bytes <= bytes),
      ({ error }) => error,
    );

  const search = sizeSearch(adapter, spectra);
  const { nearly, half, smallest, most: third, knee } = await search.choices(null, async () => {});
  expect(third).toEqual(search.most(null));
  expect(third.limit).toBeGreaterThanOrEqual(least(files, ({ bytes }) => bytes));
  expect(nearly.predicted.bytes).toBe(smallestAt(0.05));
  expect(nearly.predicted.error).toBeLessThanOrEqual(0.05);
  expect(half.predicted.bytes).toBeLessThanOrEqual(adapter.bytes / 2);
  expect(half.predicted.error).toBeCloseTo(closestAt(adapter.bytes / 2), 6);
  for (const part of [0.55, 0.62, 0.7, 0.8]) {
    const most = search.most(Math.round(part * adapter.bytes));
    expect(most.predicted.error).toBeCloseTo(closestAt(most.limit), 6);
  }
  for (const error of [0.02, 0.1, 0.2, 0.3]) expect(search.within(error).predicted.bytes).toBe(smallestAt(error));

  const value = -least(files, ({ bytes, error }) => bytes / adapter.bytes + error - 1);
  // Headers of these files differ by up to 32 bytes.
  expect(Math.abs(kneeOf(adapter, spectra).value - value)).toBeLessThan(32 / adapter.bytes);
  expect(knee).toBe(value >= 0.6);
  if (!knee) expect(smallest.predicted.bytes).toBe(smallestAt(0.3));
});

it('the knee by hand: nine of ten directions hold nothing, or as much as the first', async () => {
  const modules = (rest: number) =>
    Array.from({ length: 4 }, () => ({ d: 256, k: 256, sigma: [1, ...Array.from({ length: 9 }, () => rest)] }));
  // Rank 1 of 10 has 1/10 of the numbers; lost are 9·0.01² of 1 + 9·0.01², a share of 0.000899 with the root 0.03.
  const sharp = await file(modules(0.01));
  const at = await sizeSearch(sharp.adapter, sharp.spectra).choices(null, async () => {});
  expect(at.knee).toBe(true);
  expect(at.smallest.predicted.ranks).toEqual([1, 1, 1, 1]);
  expect(at.smallest.predicted.error).toBeCloseTo(Math.sqrt(0.0009 / 1.0009), 6);
  expect(kneeOf(sharp.adapter, sharp.spectra).value).toBeCloseTo(1 - 0.1 - 0.03, 1);
  // With equal directions, a share x of the size has the error √(1 − x): 1 − x − √(1 − x) is 0 at most, at x = 1.
  const flat = await file(modules(0.999));
  const none = await sizeSearch(flat.adapter, flat.spectra).choices(null, async () => {});
  expect(none.knee).toBe(false);
  expect(kneeOf(flat.adapter, flat.spectra).value).toBeLessThan(0.02);
  // 30% off is √0.09: 91% of the 40 directions, 36.4, so 37 of them.
  expect(none.smallest.predicted.ranks.reduce((sum, rank) => sum + rank, 0)).toBe(37);
});
