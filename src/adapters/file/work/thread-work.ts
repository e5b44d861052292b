import { inThread, type PairJobs, type PairWork, pairJobs } from './pair-work.ts';

type JobName = keyof PairJobs;

/** A job for another thread. */
export interface JobMessage {
  readonly order: number;
  readonly name: JobName;
  readonly args: Parameters<PairJobs[JobName]>;
}

/** A thread is ready, or has done a job; `why` if it failed. */
export type ThreadMessage =
  | 'ready'
  | { readonly order: number; readonly result: unknown }
  | { readonly order: number; readonly why: string };

/** The way to a thread: a MessagePort of the page, a Worker of Node. */
export type PostJob = (message: JobMessage, transfer: ArrayBuffer[]) => void;

/** The thread's side: answers a job. Everything that it makes is given away. */
export function answerJob(
  { order, name, args }: JobMessage,
  post: (message: ThreadMessage, transfer: ArrayBuffer[]) => void,
) {
  try {
    const result = (pairJobs[name] as (...values: typeof args) => unknown)(...args);
    post({ order, result }, buffersIn(result));
  } catch (error) {
    post({ order, why: error instanceof Error ? error.message : String(error) }, []);
  }
}

/** Pairs that are being read for each thread. */
const READ = 4;
/** A thread that has a job computes it, and has one more to go on with. */
const JOBS = 2;

interface WaitingJob {
  readonly message: JobMessage;
  readonly transfer: ArrayBuffer[];
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Work that threads do; here, as long as none has joined. A result never depends on the thread. */
export function threadWork() {
  const threads = new Map<PostJob, number>();
  const waiting: WaitingJob[] = [];
  const given = new Map<number, WaitingJob>();
  let orders = 0;

  const handOut = () => {
    for (;;) {
      const [free] = [...threads].filter(([, jobs]) => jobs < JOBS).sort(([, a], [, b]) => a - b);
      const job = free && waiting.shift();
      if (!job) return;
      const [post, jobs] = free;
      threads.set(post, jobs + 1);
      given.set(job.message.order, job);
      post(job.message, job.transfer);
    }
  };

  const send = <N extends JobName>(name: N, args: Parameters<PairJobs[N]>) =>
    new Promise<ReturnType<PairJobs[N]>>((resolve, reject) => {
      waiting.push({ message: { order: orders++, name, args }, transfer: buffersIn(args), resolve, reject });
      handOut();
    });
  const alone = () => threads.size === 0;

  const work: PairWork = {
    // Beside the jobs in its hands: a browser takes several times as long to read a pair as to compute it.
    ahead: () => (alone() ? inThread.ahead() : (JOBS + READ) * threads.size),
    figures: (...args) => (alone() ? inThread.figures(...args) : send('figures', args)),
    cut: (...args) => (alone() ? inThread.cut(...args) : send('cut', args)),
    distance: (...args) => (alone() ? inThread.distance(...args) : send('distance', args)),
  };

  return {
    work,
    /** What a thread says; it joins with its first word. */
    hear(post: PostJob, message: ThreadMessage) {
      if (message === 'ready') threads.set(post, 0);
      else {
        const job = given.get(message.order);
        given.delete(message.order);
        threads.set(post, (threads.get(post) ?? 1) - 1);
        if ('why' in message) job?.reject(new Error(message.why));
        else job?.resolve(message.result as never);
      }
      handOut();
    },
  };
}

/** The memory of all bytes in a message, each once; bytes that share theirs with others are copied instead. */
function buffersIn(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (value instanceof Uint8Array) {
    const { buffer } = value;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === value.byteLength && !found.includes(buffer))
      found.push(buffer);
  } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
    for (const one of Object.values(value)) buffersIn(one, found);
  return found;
}
