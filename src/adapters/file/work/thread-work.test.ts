import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fileFigures } from '../figures/file-figures.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Figures, ResizePlan } from '../model.ts';
import { openAdapter } from '../open.ts';
import { spectraOf } from '../resize/predict-resize.ts';
import { measureErrors, resizedFile } from '../resize/resized-file.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { unetOf128 } from '../testing/models.ts';
import { inThread, type PairWork } from './pair-work.ts';
import { inOrder } from './schedule.ts';
import { answerJob, type JobMessage, type PostJob, type ThreadMessage, threadWork } from './thread-work.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** Threads without threads: each answers in its turn, after a copy of the message as a thread gets it. */
function work(threads: number, refuses = false) {
  const done: number[] = Array.from({ length: threads }, () => 0);
  const made = threadWork();
  for (let i = 0; i < threads; i++) {
    const { port1, port2 } = new MessageChannel();
    open.push(port1);
    const give: PostJob = (message, transfer) => port1.postMessage(message, transfer);
    port1.on('message', (message: ThreadMessage) => made.hear(give, message));
    const post = (message: ThreadMessage, transfer: ArrayBuffer[]) => port2.postMessage(message, transfer);
    port2.on('message', (message: JobMessage) => {
      done[i]++;
      if (refuses) post({ order: message.order, why: 'no memory' }, []);
      else answerJob(message, post);
    });
    made.hear(give, 'ready');
  }
  return { work: made.work, done };
}

const PLAN: ResizePlan = {
  way: { by: 'rank', rank: 2 },
  most: null,
  mostOfConvolutions: null,
  dtype: null,
  split: 'both',
};

async function throughOf(by: PairWork) {
  const { source, config } = await unetOf128();
  const adapter = await openAdapter(source, config, { alpha: 1 });
  if ('fault' in adapter) throw new Error(adapter.details);
  const modules = adapter.modules.slice(0, 40);
  const few = { ...adapter, modules };
  const figures: Figures[] = [];
  const read = (module: (typeof modules)[number]) => fileFigures(source, module, by);
  for await (const [, of] of inOrder(modules, read, { ahead: by.ahead, bytesOf: () => 1 })) figures.push(of);
  const ranks = modules.map(({ rank }) => Math.min(2, rank));
  const made = resizedFile(source, few, spectraOf(few, figures), PLAN, ranks, by);
  if ('fault' in made) throw new Error(made.details);
  const sink = blobSink();
  await writeSafetensors(made.file, sink, {}, () => 2 * by.ahead());
  const written = sourceOf(sink.blob(), 'written');
  const after = await openAdapter(written, made.config, { alpha: 1 });
  if ('fault' in after) throw new Error(after.details);
  const errors = await measureErrors({ source, adapter: few }, { source: written, adapter: after }, {}, by);
  return { figures, errors, bytes: new Uint8Array(await sink.blob().arrayBuffer()) };
}

describe('threads', () => {
  it('give the same bits however many there are: figures, written file and measured errors', async () => {
    const alone = await throughOf(inThread);
    for (const count of [1, 3]) {
      const { work: by, done } = work(count);
      const found = await throughOf(by);
      expect(found.figures).toEqual(alone.figures);
      expect(found.errors).toEqual(alone.errors);
      expect(Buffer.from(found.bytes).equals(Buffer.from(alone.bytes))).toBe(true);
      for (const jobs of done) expect(jobs).toBeGreaterThan(30 / count);
    }
  });

  it('do nothing before they have joined, and an error of one is the caller’s', async () => {
    const before = threadWork();
    const { source } = await unetOf128();
    const adapter = await openAdapter(source, null, { alpha: 1 });
    if ('fault' in adapter) throw new Error(adapter.details);
    const [module] = adapter.modules;
    expect(await fileFigures(source, module, before.work)).toEqual(await fileFigures(source, module));
    await expect(fileFigures(source, module, work(2, true).work)).rejects.toThrow('no memory');
  });
});

describe('threads that rest', () => {
  it('get no job before the page has drawn, or before the time is over', async () => {
    const { source } = await unetOf128();
    const adapter = await openAdapter(source, null, { alpha: 1 });
    if ('fault' in adapter) throw new Error(adapter.details);
    const [module] = adapter.modules;
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
    try {
      for (const end of ['drawn', 'over'] as const) {
        const { work: by, done } = work(2);
        by.rest?.(120);
        const figures = fileFigures(source, module, by);
        now.mockReturnValue(1119);
        await new Promise((resolve) => setImmediate(resolve));
        expect(done).toEqual([0, 0]);
        if (end === 'drawn') by.rest?.(0);
        else now.mockReturnValue(1121);
        expect(await figures).toEqual(await fileFigures(source, module));
        expect(done).toEqual([1, 0]);
        now.mockReturnValue(1000);
      }
    } finally {
      now.mockRestore();
    }
  });
});

describe('a thread that ends', () => {
  /** Threads by ports; a silent one takes jobs and never answers. */
  async function joined(...kinds: readonly ('works' | 'silent')[]) {
    const made = threadWork();
    const taken: JobMessage[] = [];
    const ports = kinds.map((kind) => {
      const { port1, port2 } = new MessageChannel();
      open.push(port1, port2);
      port2.on('message', (message: JobMessage) => {
        if (kind === 'silent') taken.push(message);
        else answerJob(message, (said: ThreadMessage, transfer: ArrayBuffer[]) => port2.postMessage(said, transfer));
      });
      port2.postMessage('ready');
      made.join(port1 as unknown as Parameters<typeof made.join>[0]);
      return port2;
    });
    const [alone] = [made.work.ahead()];
    await vi.waitFor(() => expect(made.work.ahead()).toBe(6 * kinds.length));
    expect(alone).toBe(2);
    return { ...made, ports, taken };
  }

  async function modules(count: number) {
    const { source } = await unetOf128();
    const adapter = await openAdapter(source, null, { alpha: 1 });
    if ('fault' in adapter) throw new Error(adapter.details);
    return { source, some: adapter.modules.slice(0, count) };
  }

  it('gives an error for its jobs; those that wait are done here if it was the last', async () => {
    const { source, some } = await modules(5);
    const { work: by, ports, taken } = await joined('silent');
    const all = some.map((module) => fileFigures(source, module, by));
    const settled = Promise.allSettled(all);
    await vi.waitFor(() => expect(taken).toHaveLength(2));
    ports[0].close();
    const results = await settled;
    expect(results.map(({ status }) => status).sort()).toEqual([
      ...Array(3).fill('fulfilled'),
      ...Array(2).fill('rejected'),
    ]);
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(result.value).toEqual(await fileFigures(source, some[i]));
      else expect(String(result.reason)).toContain('A thread that computes for the page ended');
    }
    expect(by.ahead()).toBe(2);
    expect(await fileFigures(source, some[0], by)).toEqual(await fileFigures(source, some[0]));
  });

  it('leaves what waits to the others', async () => {
    const { source, some } = await modules(8);
    const { work: by, ports, taken } = await joined('silent', 'works');
    const settled = Promise.allSettled(some.map((module) => fileFigures(source, module, by)));
    await vi.waitFor(() => expect(taken).toHaveLength(2));
    ports[0].close();
    const results = await settled;
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(by.ahead()).toBe(6);
  });
});

describe('items in order', () => {
  const going = async (ahead: number, sizes: readonly number[]) => {
    let [now, most] = [0, 0];
    const start = async (size: number) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((next) => setImmediate(next));
      now -= 1;
      return 2 * size;
    };
    const found: number[] = [];
    for await (const [, result] of inOrder(sizes, start, { ahead: () => ahead, bytesOf: (size) => size }))
      found.push(result);
    expect(found).toEqual(sizes.map((size) => 2 * size));
    return most;
  };

  it('are started several at a time, fewer if they are large, and one at least', async () => {
    expect(await going(3, [1, 2, 3, 4, 5])).toBe(3);
    expect(await going(9, [60e6, 60e6, 60e6, 60e6])).toBe(2);
    expect(await going(9, [1e9, 1e9, 1e9])).toBe(1);
    expect(await going(4, [])).toBe(0);
  });

  it('come before an error, and none after it is started', async () => {
    const started: number[] = [];
    const found: number[] = [];
    const run = async () => {
      const start = async (n: number) => {
        started.push(n);
        if (n >= 2) throw new Error(`${n} failed`);
        return n;
      };
      for await (const [n] of inOrder([0, 1, 2, 3, 4, 5], start, { ahead: () => 2, bytesOf: () => 1 })) found.push(n);
    };
    await expect(run()).rejects.toThrow('2 failed');
    expect(found).toEqual([0, 1]);
    expect(started).toEqual([0, 1, 2, 3]);
  });
});
