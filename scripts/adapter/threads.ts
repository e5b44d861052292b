import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { inThread, type PairWork } from '../../src/adapters/file/work/pair-work.ts';
import { threadsFor } from '../../src/adapters/file/work/schedule.ts';
import {
  answerJob,
  type JobMessage,
  type PostJob,
  type ThreadMessage,
  threadWork,
} from '../../src/adapters/file/work/thread-work.ts';

const ROLE = 'pairs of adapters';

/** A thread runs the same script and does jobs, which are all that it gets. */
if (!isMainThread && workerData === ROLE && parentPort) {
  const port = parentPort;
  const post = (message: ThreadMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  port.on('message', (job: JobMessage) => answerJob(job, post));
  post('ready');
}

/** Has `use` done by as many threads as files of these bytes are worth; they end with it. */
export async function withThreads<T>(bytes: number, use: (work: PairWork) => Promise<T>): Promise<T> {
  // Before it is bundled this file is TypeScript, which no thread starts from.
  const script = import.meta.url;
  const count = script.endsWith('.ts') ? 0 : threadsFor(bytes, availableParallelism());
  if (count === 0) return use(inThread);
  const { work, hear } = threadWork();
  let dies: (error: Error) => void = () => {};
  const death = new Promise<never>((_, reject) => {
    dies = reject;
  });
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(fileURLToPath(script), { workerData: ROLE });
    const give: PostJob = (message, transfer) => worker.postMessage(message, transfer);
    worker.on('message', (message: ThreadMessage) => hear(give, message));
    worker.on('error', dies);
    worker.on('exit', () => dies(new Error('A thread that computes ended.')));
    return worker;
  });
  try {
    return await Promise.race([use(work), death]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
