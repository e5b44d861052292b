/** Differences of recorded matrices against PyTorch's singular values in float64, in every type that is read. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blobSink, sourceOf } from '../file-source.ts';
import { bytesOf } from '../safetensors/numbers.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { cutErrors, differenceFigures } from './difference-figures.ts';
import { cutModule, differenceLora } from './lora-file.ts';
import { matchTensors } from './match-tensors.ts';
import { openedFiles } from './testing/made-up-pair.ts';

interface RecordedPair {
  readonly about: string;
  readonly shape: readonly [number, number];
  readonly types: readonly [string, string];
  readonly base: string;
  readonly fine: string;
  readonly sigma: readonly number[];
  readonly norm: number;
  readonly baseNorm: number;
  /** ‖ΔW − its best approximation of rank r‖/‖ΔW‖ for r = 0, 1, …, formed whole. */
  readonly lost: readonly number[];
  readonly intruders: number;
}
const recorded: readonly RecordedPair[] = JSON.parse(
  readFileSync(new URL('golden/pairs.json', import.meta.url), 'utf8'),
);

async function checkpoint(name: string, dtype: string, shape: readonly number[], base64: string) {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  expect(bytes.length).toBe(bytesOf(dtype, shape));
  const sink = blobSink();
  await writeSafetensors(
    { metadata: {}, tensors: [{ name: 'layer.weight', dtype, shape, bytes: async () => bytes }] },
    sink,
  );
  return openedFiles(name, [sourceOf(sink.blob(), `${name}.safetensors`)]);
}

describe('a difference as PyTorch has recorded it', () => {
  it.each(recorded)('$about, $types', async (found) => {
    const { shape, types, sigma, lost } = found;
    const base = await checkpoint('base', types[0], shape, found.base);
    const matches = matchTensors(base, await checkpoint('fine', types[1], shape, found.fine));
    if ('fault' in matches) throw new Error(matches.fault);
    const figures = await differenceFigures(matches.pairs[0], { intruders: true });
    const { spectrum, norm, baseNorm, change } = figures;
    if (!spectrum) throw new Error(change);
    expect(Math.abs(norm - found.norm)).toBeLessThan(1e-13 * found.norm);
    expect(Math.abs(baseNorm - found.baseNorm)).toBeLessThan(1e-13 * found.baseNorm);
    expect(spectrum.sigma).toHaveLength(sigma.length);
    for (const [i, x] of sigma.entries()) expect(Math.abs(spectrum.sigma[i] - x)).toBeLessThan(1e-13 * sigma[0]);
    expect(spectrum.intruders?.count).toBe(found.intruders);
    const errors = cutErrors(spectrum.sigma, norm, true);
    for (const [rank, x] of lost.entries()) expect(Math.abs(errors[rank] - x)).toBeLessThan(1e-13);
    // The factors of the cut, in float32, lose as much as PyTorch's best approximation.
    for (const rank of [1, 3, 8]) {
      const lora = differenceLora(matches.pairs, [figures], { way: { by: 'rank', rank }, names: 'peft', dtype: 'F32' });
      if ('fault' in lora) throw new Error(lora.fault);
      expect(Math.abs((await cutModule(lora, 0)).lost / norm - lost[rank])).toBeLessThan(2e-7);
    }
  });
});
