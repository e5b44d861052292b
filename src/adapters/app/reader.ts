import { startScript } from '../../app/worker.ts';
import type { Fault } from '../file/model.ts';
import { threadsFor } from '../file/work/schedule.ts';
import workerUrl from '../worker/adapters-worker.ts?worker&url';
import pairUrl from '../worker/pair-worker.ts?worker&url';
import type {
  AdaptersMessage,
  AdaptersNews,
  CallMessage,
  ImportedFile,
  JoinMessage,
  RemoteCalls,
} from '../worker/protocol.ts';

export interface ReaderWorker {
  readonly calls: RemoteCalls;
  /** Starts the worker before its first call; one that gets none ends. */
  readonly prepare: () => void;
}

/** ms that a worker without a call waits: somebody looks for a file. */
const PATIENCE = 120_000;

/** Assumed processors of a machine that does not report them. */
const FEW = 2;

/**
 * The worker that reads adapter files: started by the first call or before it, and again after it has died. The first
 * large file starts others, which compute for it.
 */
export function createReader(
  onMessage: (news: AdaptersNews) => void,
  died: (why: string) => void,
  startWorker: typeof startScript = startScript,
): ReaderWorker {
  let worker: Promise<Worker> | null = null;
  let unused: ReturnType<typeof setTimeout> | undefined;
  let threads: readonly Worker[] = [];
  let hasThreads = false;
  let orders = 0;
  const waiting = new Map<number, (answer: unknown) => void>();

  const fail = (why: string) => {
    void worker?.then((made) => made.terminate());
    clearTimeout(unused);
    worker = null;
    for (const thread of threads) thread.terminate();
    threads = [];
    hasThreads = false;
    const fault: Fault = { fault: 'The reader of adapter files stopped.', details: why };
    for (const answer of waiting.values()) answer(fault);
    waiting.clear();
    died(why);
  };

  const start = async () => {
    const made = await startWorker(workerUrl, 'adapters');
    made.onmessage = ({ data }: MessageEvent<AdaptersMessage>) => {
      if (data.type !== 'answer') return onMessage(data);
      waiting.get(data.order)?.(data.answer);
      waiting.delete(data.order);
    };
    made.onerror = (event) => {
      event.preventDefault();
      fail(event.message || 'the worker script could not be started.');
    };
    made.onmessageerror = () => fail('a message could not be read.');
    return made;
  };

  /** One that cannot be started is not missed; one that dies takes the reader with it, which may wait for it. */
  const addThread = async () => {
    const mine = worker;
    const made = await mine;
    const thread = await startWorker(pairUrl, 'adapters-pairs').catch(() => null);
    if (!thread || !made || worker !== mine) return thread?.terminate();
    const { port1, port2 } = new MessageChannel();
    thread.onmessage = () => {
      thread.onerror = (event) => {
        event.preventDefault();
        fail(event.message);
      };
    };
    thread.onerror = (event) => event.preventDefault();
    threads = [...threads, thread];
    thread.postMessage(port1, [port1]);
    made.postMessage({ thread: port2 } satisfies JoinMessage, [port2]);
  };

  const addThreads = (brought: readonly ImportedFile[]) => {
    const bytes = brought.reduce((sum, { file }) => sum + file.size, 0);
    const count = threadsFor(bytes, navigator.hardwareConcurrency || FEW);
    // A frame leaves the machine to the page around it, as the Lab does.
    if (hasThreads || count === 0 || parent !== window) return;
    hasThreads = true;
    for (let i = 0; i < count; i++) addThread().catch(() => {});
  };

  const prepare = () => {
    if (worker) return;
    const mine = start();
    worker = mine;
    // If it cannot start, the first call says so.
    mine.catch(() => {});
    unused = setTimeout(() => {
      worker = null;
      mine.then((made) => made.terminate()).catch(() => {});
    }, PATIENCE);
  };

  const call = (name: CallMessage['name'], args: CallMessage['args']) =>
    new Promise((resolve) => {
      clearTimeout(unused);
      const order = orders++;
      waiting.set(order, resolve);
      worker ??= start();
      if (name === 'list') addThreads(args[0] as readonly ImportedFile[]);
      worker.then(
        (made) => made.postMessage({ order, name, args } satisfies CallMessage),
        (error: unknown) => fail(String(error)),
      );
    });

  // Every property is a call that the worker answers.
  const calls = new Proxy({} as RemoteCalls, {
    get:
      (_, name: CallMessage['name']) =>
      (...args: CallMessage['args']) =>
        call(name, args),
  });
  return { calls, prepare };
}
