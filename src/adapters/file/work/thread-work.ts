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
  const given = new Map<number, { readonly job: WaitingJob; readonly to: PostJob }>();
  let orders = 0;
  let rested = -1;

  const handOut = () => {
    for (;;) {
      if (performance.now() < rested) return;
      const [free] = [...threads].filter(([, jobs]) => jobs < JOBS).sort(([, a], [, b]) => a - b);
      const job = free && waiting.shift();
      if (!job) return;
      const [post, jobs] = free;
      threads.set(post, jobs + 1);
      given.set(job.message.order, { job, to: post });
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
    rest(ms) {
      rested = performance.now() + ms;
      if (ms === 0) handOut();
      else setTimeout(handOut, ms + 1);
    },
    figures: (...args) => (alone() ? inThread.figures(...args) : send('figures', args)),
    figuresOfAll: (...args) => (alone() ? inThread.figuresOfAll(...args) : send('figuresOfAll', args)),
    cut: (...args) => (alone() ? inThread.cut(...args) : send('cut', args)),
    distance: (...args) => (alone() ? inThread.distance(...args) : send('distance', args)),
  };

  /** What a thread says; it joins with its first word. */
  const hear = (post: PostJob, message: ThreadMessage) => {
    if (message === 'ready') threads.set(post, 0);
    else {
      const { job } = given.get(message.order) ?? {};
      given.delete(message.order);
      const jobs = threads.get(post);
      if (jobs !== undefined) threads.set(post, jobs - 1);
      if ('why' in message) job?.reject(new Error(message.why));
      else job?.resolve(message.result as never);
    }
    handOut();
  };

  /** A thread has ended: the bytes of its jobs are gone with it, and the others are done by the rest, or here. */
  const lose = (post: PostJob) => {
    if (!threads.delete(post)) return;
    for (const [order, { job, to }] of given) {
      if (to !== post) continue;
      given.delete(order);
      job.reject(new Error('A thread that computes for the page ended, perhaps for want of memory.'));
    }
    if (alone()) for (const job of waiting.splice(0)) doHere(job);
    else handOut();
  };

  return {
    work,
    hear,
    /** Joins a thread by its port, which closes if the thread ends without a word. */
    join(port: MessagePort) {
      const give: PostJob = (message, transfer) => port.postMessage(message, transfer);
      port.addEventListener('message', ({ data }: MessageEvent<ThreadMessage>) => hear(give, data));
      for (const end of ['close', 'messageerror']) port.addEventListener(end, () => lose(give));
      port.start();
    },
  };
}

function doHere({ message: { name, args }, resolve, reject }: WaitingJob): void {
  const made = (inThread[name] as (...values: typeof args) => Promise<unknown>)(...args);
  made.then((result) => resolve(result as never), reject);
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
