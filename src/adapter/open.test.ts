import { describe, expect, it } from 'vitest';
import { multiply } from '../math/matrix.ts';
import { readFactors, readUpdate } from './factors.ts';
import { blobSink, sourceOf } from './file-source.ts';
import type { Adapter, ByteSource, Module } from './model.ts';
import { openAdapter } from './open.ts';
import { carried, writeSafetensors } from './safetensors/write.ts';
import { withAlpha } from './scaling.ts';
import { fixtures } from './testing/fixtures.ts';
import { madeFile } from './testing/made.ts';
import { warningsOf } from './warnings/warnings.ts';

async function opened(source: ByteSource, config: string | null = null): Promise<Adapter> {
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(`${adapter.fault} ${adapter.details}`);
  return adapter;
}

/** ΔW without s as the library reads it. */
async function updateOf(source: ByteSource, module: Module) {
  if (module.kind === 'lora') {
    const factors = await readFactors(source, module);
    if ('fault' in factors) throw new Error(factors.fault);
    return multiply(factors.B, factors.A);
  }
  const update = await readUpdate(source, module);
  if (!('matrix' in update)) throw new Error('not formed');
  return update.matrix;
}

const FIXTURES = await fixtures();

describe.each(FIXTURES)('$row', ({ file: { source, config, blob }, modules, naming, alphaFrom, others }) => {
  it('is read as it was made', async () => {
    const adapter = await opened(source, config);
    expect(adapter).toMatchObject({ naming, alphaFrom, unpaired: [] });
    expect(adapter.others.map(({ name }) => name)).toEqual(others);
    const read = new Map(adapter.modules.map((module) => [module.name, module]));
    expect([...read.keys()].sort()).toEqual(modules.map(({ name }) => name).sort());
    for (const { update, alpha = null, kernel = null, magnitude = null, ...same } of modules) {
      const module = read.get(same.name);
      if (!module) throw new Error(same.name);
      expect(module).toMatchObject({ ...same, alpha, kernel, magnitude, d: update.rows, k: update.cols });
      const { data } = await updateOf(source, module);
      expect(data).toHaveLength(update.data.length);
      data.forEach((x, i) => {
        expect(Math.abs(x - update.data[i])).toBeLessThan(1e-12);
      });
    }
  });

  it('is written back byte for byte', async () => {
    const { header } = await opened(source, config);
    const sink = blobSink();
    const tensors = header.tensors.map((tensor) => carried(source, tensor));
    await writeSafetensors({ metadata: header.metadata, tensors }, sink);
    const [written, before] = [
      new Uint8Array(await sink.blob().arrayBuffer()),
      new Uint8Array(await blob.arrayBuffer()),
    ];
    // MLX writes another header, with null for no metadata.
    if (naming !== 'mlx') return expect(written).toEqual(before);
    const again = await opened(sourceOf(sink.blob(), 'again'), config);
    for (const { name, from, to } of header.tensors) {
      const same = again.header.tensors.find((one) => one.name === name);
      expect(written.slice(same?.from, same?.to)).toEqual(before.slice(from, to));
    }
  });
});

describe('α', () => {
  const diffusers = FIXTURES.find(({ row }) => row === 'diffusers');
  const kohya = FIXTURES.find(({ row }) => row === 'kohya');
  if (!diffusers || !kohya) throw new Error('no such row');

  it('is never assumed, and asked for again at will', async () => {
    const adapter = await opened(diffusers.file.source);
    expect(adapter.modules.map(({ alpha, scaling }) => [alpha, scaling])).toEqual(Array(3).fill([null, null]));
    const asRank = withAlpha(adapter, 'rank');
    expect(asRank.alphaFrom).toBe('person');
    expect(asRank.modules.map(({ alpha, scaling }) => [alpha, scaling])).toEqual([
      [1, 1],
      [2, 1],
      [2, 1],
    ]);
    const asNumber = withAlpha(asRank, { alpha: 4 });
    expect(asNumber.modules.map(({ scaling }) => scaling)).toEqual([4, 2, 2]);
    expect(withAlpha(asNumber, 'unknown')).toEqual(adapter);
    expect(await openAdapter(diffusers.file.source, null, { alpha: 4 })).toEqual(asNumber);
  });

  it('of the file is not changed by what a person says', async () => {
    const adapter = await opened(kohya.file.source);
    expect(withAlpha(adapter, { alpha: 100 })).toEqual(adapter);
  });

  it('is asked for where the config has a pattern that is not understood', async () => {
    const { source } = kohya.file;
    const plain = await madeFile('plain.safetensors', [
      { name: 'a.q.lora_A.weight', shape: [1, 2], values: [1, 2] },
      { name: 'a.q.lora_B.weight', shape: [2, 1], values: [1, 2] },
    ]);
    const config = '{"r": 1, "lora_alpha": 2, "alpha_pattern": {"(?!b)q": 4}}';
    const adapter = await opened(plain.source, config);
    expect(adapter.modules[0].alpha).toBe(null);
    expect(warningsOf(adapter, [null])[0].details).toContain('is not understood');
    // α that lie in the file need no pattern.
    expect((await opened(source, config)).alphaFrom).toBe('file');
  });

  it('is asked for where some modules lack it, or it is not a number', async () => {
    const pair = (name: string, alpha: number | null) => [
      { name: `${name}.lora_down.weight`, shape: [1, 2], values: [1, 2] },
      { name: `${name}.lora_up.weight`, shape: [2, 1], values: [1, 2] },
      ...(alpha === null ? [] : [{ name: `${name}.alpha`, shape: [], values: [alpha] }]),
    ];
    for (const odd of [null, Number.NaN]) {
      const { source } = await madeFile('some.safetensors', [...pair('a', 3), ...pair('b', odd)]);
      const adapter = await opened(source);
      expect(adapter.alphaFrom).toBe('absent');
      expect(adapter.modules.map(({ alpha }) => alpha)).toEqual([3, null]);
      expect(withAlpha(adapter, { alpha: 5 }).modules.map(({ alpha }) => alpha)).toEqual([3, 5]);
    }
  });
});
