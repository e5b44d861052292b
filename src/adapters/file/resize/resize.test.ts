import { beforeAll, describe, expect, it } from 'vitest';
import { frobenius, multiply, subtract } from '../../../math/matrix.ts';
import { stream } from '../../../math/random.ts';
import { readFactors } from '../factors.ts';
import { fileFigures } from '../figures/file-figures.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, ByteSource, Figures, OutputType, ResizePlan, ResizeWay, Spectrum } from '../model.ts';
import { openAdapter } from '../open.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { makeFile, makePair, type TestTensor } from '../testing/make-file.ts';
import { predictResize, spectraOf } from './predict-resize.ts';
import { measureErrors, resizedFile } from './resized-file.ts';

interface Opened {
  readonly source: ByteSource;
  readonly adapter: Adapter;
}
const PLAN: ResizePlan = {
  way: { by: 'rank', rank: 2 },
  most: null,
  mostOfConvolutions: null,
  dtype: null,
  split: 'both',
};

/** 200 modules of all proportions, with different decay of their spectra. */
function pairs() {
  const random = stream(7, 'modules');
  return Array.from({ length: 200 }, (_, i) => {
    const [d, k] =
      i % 10 === 0
        ? [2 + random.integer(3), 60]
        : i % 10 === 1
          ? [60, 1 + random.integer(4)]
          : [8 + random.integer(20), 8 + random.integer(20)];
    const r = 1 + random.integer(i % 7 === 0 ? 1 : 12);
    const fall = 0.3 + 0.65 * random.uniform();
    const size = Math.exp(random.normal());
    const sigma = Array.from({ length: r }, (_, p) => (i % 40 === 39 ? 0 : size * fall ** p));
    return { name: `layers.${i}.proj`, r, ...makePair(d, k, sigma, i) };
  });
}

const parts = pairs();
const config = {
  r: 8,
  lora_alpha: 12,
  use_rslora: false,
  rank_pattern: Object.fromEntries(parts.map(({ name, r }) => [name, r])),
  alpha_pattern: { 'layers.3.proj': 5 },
  target_modules: ['proj'],
};
const tensors = parts.flatMap(({ name, r, B, A }): TestTensor[] => [
  { name: `base_model.model.${name}.lora_A.weight`, shape: [r, A.cols], values: A.data },
  { name: `base_model.model.${name}.lora_B.weight`, shape: [B.rows, r], values: B.data },
]);

async function opened(source: ByteSource, config: string | null): Promise<Opened> {
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  return { source, adapter };
}

async function measured({ source, adapter }: Opened) {
  const figures: Figures[] = [];
  for (const module of adapter.modules) figures.push(await fileFigures(source, module));
  return { figures, spectra: spectraOf(adapter, figures) };
}

async function resized(of: Opened, spectra: readonly (Spectrum | null)[], plan: ResizePlan) {
  const foretold = predictResize(of.adapter, spectra, plan);
  const made = resizedFile(of.source, of.adapter, spectra, plan, foretold.ranks);
  if ('fault' in made) throw new Error(made.details);
  const sink = blobSink();
  await writeSafetensors(made.file, sink);
  const after = await opened(sourceOf(sink.blob(), 'new.safetensors'), made.config);
  return { foretold, after };
}

/** Bound of rounding in a relative error: two factors of r numbers per sum, more than a sum of squares. */
const ROUNDING: Readonly<Record<OutputType, number>> = { F32: 2e-7, F16: 1e-3, BF16: 8e-3 };

describe('a file of 200 modules', () => {
  let before: Opened;
  let spectra: readonly (Spectrum | null)[];
  beforeAll(async () => {
    const made = await makeFile('adapter_model.safetensors', tensors, { config });
    before = await opened(made.source, made.config);
    spectra = (await measured(before)).spectra;
  });

  const ways: readonly ResizeWay[] = [
    { by: 'energy', share: 0.95 },
    { by: 'rank', rank: 2 },
    { by: 'bytes', bytes: 60_000 },
    { by: 'served', share: 0.99 },
    { by: 'sv_fro', t: 0.9 },
    { by: 'sv_cumulative', t: 0.8 },
    { by: 'sv_ratio', t: 5 },
    { by: 'hand', ranks: parts.map(({ r }, i) => 1 + (i % r)) },
  ];
  // Each way with two of the types, each type with both splits.
  const types: readonly (readonly (OutputType | null)[])[] = [
    [null, 'F16'],
    ['F32', 'BF16'],
    ['F16', 'BF16'],
  ];
  const cases = ways.flatMap((way, i) =>
    types[i % 3].map((dtype, j) => ({ way, dtype, split: (i + j) % 2 ? 'up' : 'both' }) as const),
  );

  it.each(cases)('is written as foretold: $way.by, $dtype, $split', async (changes) => {
    const { foretold, after } = await resized(before, spectra, { ...PLAN, ...changes });
    expect(after.adapter.bytes).toBe(foretold.bytes);
    expect(after.adapter.modules.map(({ rank }) => rank)).toEqual(foretold.ranks);
    const found = await measureErrors(before, after);
    if ('fault' in found) throw new Error(found.details);
    const rounding = ROUNDING[changes.dtype ?? 'F32'];
    expect(Math.abs(found.error - foretold.error)).toBeLessThan(rounding);
    for (const [i, error] of found.errors.entries()) {
      expect(Math.abs((error ?? Number.NaN) - foretold.errors[i])).toBeLessThan(rounding);
    }
    for (const [i, module] of after.adapter.modules.entries()) {
      expect(module.scaling).toBeCloseTo(before.adapter.modules[i].scaling ?? Number.NaN, 14);
    }
  });

  it('measures the error that the whole products have', async () => {
    const { after } = await resized(before, spectra, { ...PLAN, dtype: 'F16' });
    const found = await measureErrors(before, after);
    if ('fault' in found) throw new Error(found.details);
    let lost = 0;
    let all = 0;
    for (const [i, module] of before.adapter.modules.entries()) {
      const [first, second] = [
        await readFactors(before.source, module),
        await readFactors(after.source, after.adapter.modules[i]),
      ];
      if ('fault' in first || 'fault' in second) throw new Error('not read');
      const W = multiply(first.B, first.A);
      const other = multiply(second.B, second.A);
      const s = module.scaling ?? 1;
      const distance = s * frobenius(subtract(W, other));
      const norm = s * frobenius(W);
      expect(found.errors[i]).toBeCloseTo(norm === 0 ? 0 : distance / norm, 12);
      lost += distance ** 2;
      all += norm ** 2;
    }
    expect(found.error).toBeCloseTo(Math.sqrt(lost / all), 12);
  });
});
