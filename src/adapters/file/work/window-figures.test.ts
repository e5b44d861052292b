import { describe, expect, it } from 'vitest';
import { fileFigures } from '../figures/file-figures.ts';
import type { ByteRange, ByteSource, Module } from '../model.ts';
import { openAdapter } from '../open.ts';
import { unetOf128 } from '../testing/models.ts';
import { inThread, type PairWork } from './pair-work.ts';
import { figureReader } from './window-figures.ts';

async function opened() {
  const { source, config } = await unetOf128();
  const adapter = await openAdapter(source, config, { alpha: 1 });
  if ('fault' in adapter) throw new Error(adapter.details);
  return { source, modules: adapter.modules };
}

/** The same source and work, which count what they are asked for. */
function counted(of: ByteSource) {
  const reads: ByteRange[] = [];
  const sent: Uint8Array[] = [];
  let single = 0;
  const source: ByteSource = {
    ...of,
    read: (from, to) => {
      reads.push({ from, to });
      return of.read(from, to);
    },
  };
  const work: PairWork = {
    ...inThread,
    figures: (...args) => {
      single++;
      return inThread.figures(...args);
    },
    figuresOfAll: (bytes, pairs) => {
      sent.push(bytes);
      return inThread.figuresOfAll(bytes, pairs);
    },
  };
  return { source, work, reads, sent, single: () => single };
}

const measured = (source: ByteSource, modules: readonly Module[], work: PairWork) => {
  const { read } = figureReader(source, modules, work);
  return Promise.all(modules.map(read));
};

describe('figures of pairs that lie together', () => {
  it('are those of each module by itself, to the bit, from far fewer reads; no byte is sent or read twice', async () => {
    const { source, modules: inForward } = await opened();
    const modules = inForward.toSorted((a, b) => (a.tensors.up?.from ?? 0) - (b.tensors.up?.from ?? 0));
    const alone = await Promise.all(modules.map((module) => fileFigures(source, module)));
    const { source: file, work, reads, sent, single } = counted(source);
    expect(await measured(file, modules, work)).toEqual(alone);
    expect(single()).toBe(0);
    expect(sent).toHaveLength(reads.length);
    expect(reads.length).toBeLessThan(modules.length / 5);
    const inFile = [...reads].sort((a, b) => a.from - b.from);
    for (const [i, { from }] of inFile.entries()) expect(from).toBeGreaterThanOrEqual(inFile[i - 1]?.to ?? 0);
    // The memory goes to a thread: none of it is a part of other bytes.
    for (const bytes of sent) expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
  });

  it('leave modules that are more than a pair to the general way', async () => {
    const { source, modules } = await opened();
    const some = modules.slice(0, 6);
    const odd = some.map((module, i) => {
      const { down } = module.tensors;
      return i % 2 === 0 || !down ? module : { ...module, tensors: { ...module.tensors, magnitude: down } };
    });
    const { work, single } = counted(source);
    const found = await measured(source, odd, work);
    expect(single()).toBe(3);
    expect(found).toEqual(await Promise.all(odd.map((module) => fileFigures(source, module))));
  });

  it('fail for every module of a read that fails', async () => {
    const { source, modules } = await opened();
    const gone: ByteSource = { ...source, read: () => Promise.reject(new Error('gone')) };
    const { read } = figureReader(gone, modules.slice(0, 2), inThread);
    for (const module of modules.slice(0, 2)) await expect(read(module)).rejects.toThrow('gone');
  });
});
