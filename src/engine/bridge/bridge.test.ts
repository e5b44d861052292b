import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageMessage, RunMessage } from '../protocol/page-messages.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { createBridge, maxSilence } from './bridge.ts';

class PlayedWorker {
  readonly got: PageMessage[] = [];
  ended = false;
  onmessage: ((event: { data: WorkerMessage }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault: () => void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  postMessage(message: PageMessage) {
    this.got.push(message);
  }
  terminate() {
    this.ended = true;
  }
  says(data: Partial<WorkerMessage> & Pick<WorkerMessage, 'type'>) {
    this.onmessage?.({ data: data as WorkerMessage });
  }
}

const run = (number: number, session = 0) => ({ type: 'run', run: number, session }) as RunMessage;
const large = { d: 4096, k: 4096, rank: 256 };
const sized = (number: number, experiment: typeof large) =>
  ({ type: 'run', run: number, session: 0, experiment }) as RunMessage;

function setUp(start?: () => Promise<Worker>, patience: (run: RunMessage) => number = () => 10_000) {
  const workers: PlayedWorker[] = [];
  const received: WorkerMessage[] = [];
  const make = async () => {
    workers.push(new PlayedWorker());
    return workers[workers.length - 1] as unknown as Worker;
  };
  const bridge = createBridge({ start: start ?? make, receive: (m) => received.push(m), patience });
  return { bridge, workers, received };
}

describe('the bridge to the worker', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  it('starts a worker for the first run and hands over what was said meanwhile', async () => {
    const { bridge, workers } = setUp();
    bridge.send(run(1));
    bridge.send({ type: 'pace', run: 1, order: 1, pace: 5, until: 9 });
    await settle();
    expect(workers).toHaveLength(1);
    expect(workers[0].got.map((m) => m.type)).toEqual(['run', 'pace']);
  });

  it('acknowledges frames and drops messages of an old run', async () => {
    const { bridge, workers, received } = setUp();
    bridge.send(run(1));
    await settle();
    bridge.send(run(2));
    workers[0].says({ type: 'frame', run: 1, frame: 0 });
    workers[0].says({ type: 'frame', run: 2, frame: 0 });
    expect(received.map((m) => 'run' in m && m.run)).toEqual([2]);
    expect(workers[0].got.at(-1)).toEqual({ type: 'ack', run: 2, frame: 0 });
  });

  it('notices a silent worker, says so once, and starts a fresh one for the next run', async () => {
    const { bridge, workers, received } = setUp();
    bridge.send(run(1));
    await settle();
    await vi.advanceTimersByTimeAsync(9000);
    workers[0].says({ type: 'beat' });
    await vi.advanceTimersByTimeAsync(9000);
    expect(received).toEqual([]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(received).toMatchObject([{ type: 'failed', kind: 'broken', run: 1 }]);
    expect(workers[0].ended).toBe(true);
    bridge.send(run(2));
    await settle();
    expect(workers).toHaveLength(2);
    expect(workers[1].got).toEqual([run(2)]);
  });

  it('waits for a step of plain script on a large layer, and for one that the previous run has begun', async () => {
    const { bridge, workers, received } = setUp(undefined, maxSilence);
    bridge.send(sized(1, large));
    await settle();
    await vi.advanceTimersByTimeAsync(90_000);
    workers[0].says({ type: 'ready', run: 1 });
    await vi.advanceTimersByTimeAsync(50_000);
    bridge.send(sized(2, { d: 64, k: 64, rank: 8 }));
    await vi.advanceTimersByTimeAsync(50_000);
    expect(received).toMatchObject([{ type: 'ready' }]);
    workers[0].says({ type: 'ready', run: 2 });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(received.at(-1)).toMatchObject({ type: 'failed', kind: 'broken', run: 2 });
  });

  it('tells of a script that is missing or throws', async () => {
    const missing = setUp(() => Promise.reject(new Error('404')));
    missing.bridge.send(run(1));
    await settle();
    expect(missing.received).toMatchObject([{ type: 'failed', kind: 'broken' }]);
    const throwing = setUp();
    throwing.bridge.send(run(1));
    await settle();
    throwing.workers[0].onerror?.({ message: 'boom', preventDefault: () => {} });
    expect(throwing.received).toMatchObject([{ type: 'failed', kind: 'broken', why: expect.stringContaining('boom') }]);
  });

  it('ends a worker that lost its device; a stopped worker is not heard any more', async () => {
    const { bridge, workers, received } = setUp();
    bridge.send(run(1));
    await settle();
    workers[0].says({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' });
    expect(workers[0].ended).toBe(true);
    workers[0].says({ type: 'frame', run: 1, frame: 0 });
    expect(received).toHaveLength(1);
  });

  it('ends the worker of a session that is alone at once, and asks one that has others to leave it', async () => {
    const alone = setUp();
    alone.bridge.send(run(1));
    await settle();
    alone.bridge.stop(0);
    expect(alone.workers[0].ended).toBe(true);
    const { bridge, workers, received } = setUp();
    bridge.send(run(1));
    bridge.send(run(2, 1));
    await settle();
    bridge.stop(0);
    expect(workers[0].ended).toBe(false);
    expect(workers[0].got.at(-1)).toEqual({ type: 'leave', session: 0 });
    workers[0].says({ type: 'frame', run: 1, frame: 0 });
    workers[0].says({ type: 'frame', run: 2, frame: 0 });
    expect(received.map((m) => 'run' in m && m.run)).toEqual([2]);
  });
});

describe('several sessions', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function two(patience?: (run: RunMessage) => number) {
    const played = setUp(undefined, patience);
    played.bridge.send(run(1));
    played.bridge.send(run(2, 1));
    await vi.advanceTimersByTimeAsync(0);
    return { ...played, worker: played.workers[0] };
  }

  it('have one worker, and drop the frames of a superseded run of their own only', async () => {
    const { bridge, workers, worker, received } = await two();
    expect(workers).toHaveLength(1);
    bridge.send(run(3, 1));
    for (const number of [1, 2, 3]) worker.says({ type: 'frame', run: number, frame: 0 });
    expect(received.map((m) => 'run' in m && m.run)).toEqual([1, 3]);
    expect(worker.got.filter(({ type }) => type === 'ack')).toHaveLength(2);
  });

  it('are all told of a worker that died', async () => {
    const { worker, received } = await two();
    worker.onerror?.({ message: 'boom', preventDefault: () => {} });
    expect(received).toMatchObject([1, 2].map((number) => ({ type: 'failed', run: number, kind: 'broken' })));
  });

  it('keep what they have where the worker ends because of another’s run, to go on in a fresh one', async () => {
    const { bridge, workers, worker, received } = await two();
    worker.says({ type: 'failed', run: 2, kind: 'broken', why: 'a bug' });
    expect(worker.ended).toBe(true);
    expect(received).toEqual([
      { type: 'failed', run: 1, kind: 'device-lost', why: 'a bug' },
      { type: 'failed', run: 2, kind: 'broken', why: 'a bug' },
    ]);
    bridge.send(run(3));
    await vi.advanceTimersByTimeAsync(0);
    expect(workers[1].got).toEqual([run(3)]);
  });

  it('are none of them held up by a refusal', async () => {
    const { worker, received } = await two();
    worker.says({ type: 'failed', run: 2, kind: 'refused', why: 'too large' });
    worker.says({ type: 'frame', run: 1, frame: 0 });
    expect(worker.ended).toBe(false);
    expect(received.map(({ type }) => type)).toEqual(['failed', 'frame']);
  });

  it('wait for the longest step of any of them', async () => {
    const { worker, received } = await two(({ session }) => (session === 0 ? 60_000 : 10_000));
    worker.says({ type: 'ready', run: 2 });
    await vi.advanceTimersByTimeAsync(50_000);
    expect(received).toMatchObject([{ type: 'ready' }]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(received).toMatchObject([{ type: 'ready' }, { type: 'failed', run: 1 }, { type: 'failed', run: 2 }]);
  });

  it('leave a worker that nobody waits for alone, until the next run', async () => {
    const { bridge, workers, worker, received } = await two();
    bridge.send({ type: 'leave', session: 0 });
    bridge.send({ type: 'leave', session: 1 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect([worker.ended, received]).toEqual([false, []]);
    bridge.send(run(3));
    expect([workers.length, worker.got.at(-1)]).toEqual([1, run(3)]);
  });
});
