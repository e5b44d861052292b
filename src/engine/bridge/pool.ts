import { isActive, param } from '../../experiment/settings/experiment.ts';
import { type Experiment, PARAM_KEYS } from '../../experiment/settings/params.ts';
import type {
  BackgroundMessage,
  BackgroundResult,
  BackgroundRunMessage,
  BackgroundRunRecord,
} from '../protocol/background-messages.ts';
import type { EngineChoice } from '../protocol/engine-info.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { maxSilence } from './bridge.ts';
import { watchedWorker } from './watched-worker.ts';

interface Job {
  readonly experiment: Experiment;
}

interface QueuedJob {
  readonly job: Job;
  readonly matrices: string;
}

interface JobChoice {
  readonly made: string;
  readonly taken: ReadonlySet<string>;
  readonly shared: boolean;
}

/** n jobs with matrices in common are left to the worker that made them; n jobs are also the last ones. */
const FEW = 8;

/**
 * The next job of a worker: preferably one whose matrices it has; if the first ones are few and another worker has
 * their matrices, one with matrices that nobody uses; of the last jobs the longest, so that all workers end together.
 */
export function nextJob<T extends QueuedJob>(jobs: readonly [T, ...T[]], { made, taken, shared }: JobChoice): T {
  const [first] = jobs;
  const withMatrices = (matrices: string) => jobs.filter((one) => one.matrices === matrices);
  const same = withMatrices(made);
  const firsts = withMatrices(first.matrices);
  const others =
    taken.has(first.matrices) && firsts.length <= FEW ? jobs.filter((one) => !taken.has(one.matrices)) : [];
  const list = same.length > 0 ? same : others.length > 0 ? others : firsts;
  return shared && jobs.length <= FEW ? longest(list) : (list[0] ?? first);
}

const longest = <T extends QueuedJob>(list: readonly T[]): T =>
  list.reduce((max, one) => (productsOf(one.job) > productsOf(max.job) ? one : max));

/** Key of W₀ and ΔW*, which a worker keeps until others are needed. The drawing is left out: it is long. */
export function matricesOf({ experiment }: Job): string {
  const keys = PARAM_KEYS.filter((key) => key === 'seed' || (param(key).group === 'target' && key !== 'data'));
  return keys.map((key) => String(experiment[key])).join();
}

/** Products of a run that take a few hundredths of a second in WebAssembly, and a few tenths in plain script. */
const BRIEF = 1e8;

/** Whether a run is so short that its worker would notice a wait for the next one. */
export function isShortJob(job: Job): boolean {
  return !isActive('samples', job.experiment) && productsOf(job) <= BRIEF;
}

const productsOf = ({ experiment: { d, k, rank, steps } }: Job) => d * k * rank * steps;

export type { PoolResult };

export type PoolJob = Pick<BackgroundRunMessage, 'experiment' | 'drawing' | 'hand' | 'observe' | 'measures' | 'keep'>;

export interface PoolRun {
  readonly done: Promise<PoolResult>;
  /** Cancels it, begun or not; no effect after its end. */
  readonly cancel: () => void;
}

export interface JobOptions {
  /** The highest comes first; equal ones in the order of their requests. Default 0. */
  readonly priority?: number;
  /** True if a script asked for it: it begins even if the page is hidden. */
  readonly scripted?: boolean;
}

export interface Pool {
  readonly run: (job: PoolJob, options?: JobOptions) => PoolRun;
  /** More may begin now: the page is visible again, or a lab has ended its run. */
  readonly wake: () => void;
  /** n runs will follow in a moment: starts workers for them, up to the limit. */
  readonly warm: (runs: number) => void;
}

interface PoolOptions {
  readonly start: () => Promise<Worker>;
  readonly size: () => number;
  /** Whether the page is hidden: then only scripted runs begin. */
  readonly hidden: () => boolean;
  readonly choice: () => EngineChoice;
  readonly page: string;
  readonly idle?: number;
  /** Ms of silence after which a worker with a job counts as dead. */
  readonly patience?: (job: PoolJob) => number;
  /** Whether a run is so short that its worker needs the next one at hand. */
  readonly brief?: (job: PoolJob) => boolean;
}

interface Waiting extends Required<JobOptions> {
  readonly job: PoolJob;
  readonly matrices: string;
  again: boolean;
  call: (() => void) | null;
  readonly resolve: (result: PoolResult) => void;
}

const IDLE_MS = 20_000;

type Jobs = readonly [Waiting, ...Waiting[]];

/**
 * Workers that train runs no lab shows, one at a time each, with the bits of a lab's run on the same back end. A dead
 * or silent worker takes its run with it, and no other. Short runs are sent ahead, so that a worker does not wait for
 * the page's thread between two.
 */
export function createPool(options: PoolOptions): Pool {
  const { start, size, hidden, choice, page, idle = IDLE_MS, patience = maxSilence, brief = isShortJob } = options;
  /** Each with the key of the matrices that it made last. */
  const workers = new Map<PoolWorker, string>();
  const waiting = new Set<Waiting>();
  let quiet = 0;

  /** Jobs of the highest priority that may begin now, in order; null if none may. */
  const ready = (): Jobs | null => {
    const may = [...waiting].filter(({ scripted }) => scripted || !hidden());
    const highest = may.reduce((max, { priority }) => Math.max(max, priority), Number.NEGATIVE_INFINITY);
    const [first, ...others] = may.filter(({ priority }) => priority === highest);
    return first ? [first, ...others] : null;
  };

  const handOut = (): void => {
    for (let next = ready(); next; next = ready()) {
      const free = [...workers].filter(([worker]) => isFree(worker));
      const spare = Math.min(size(), fitting(next[0])) - (workers.size - free.length);
      if (spare < 0 || (spare === 0 && !giveAhead(next))) return;
      if (spare === 0) continue;
      const [worker, made] = free.find(([, matrices]) => matrices === next[0].matrices) ?? free[0] ?? [hire(), ''];
      give(worker, chosen(next, made));
    }
  };

  /** Gives a short job to a busy worker, but leaves the last ones for the worker that is free first. */
  const giveAhead = (next: Jobs): boolean => {
    if (next.length <= workers.size) return false;
    for (const [worker, made] of workers) {
      const [first, ...others] = worker.orders();
      const one = chosen(next, made);
      if (!first || others.length > 0 || !brief(first.message) || !brief(one.job)) continue;
      give(worker, one);
      return true;
    }
    return false;
  };

  let due = false;
  /** After all requests of the same moment. */
  const soon = () => {
    if (!due)
      queueMicrotask(() => {
        due = false;
        handOut();
      });
    due = true;
  };

  const chosen = (jobs: Jobs, made: string): Waiting => {
    const taken = new Set([...workers].flatMap(([worker, matrices]) => (isFree(worker) ? [] : [matrices])));
    return nextJob(jobs, { made, taken, shared: size() > 1 });
  };

  const hire = (): PoolWorker => {
    const worker = poolWorker({ start, idle, left: () => workers.delete(worker) });
    workers.set(worker, '');
    return worker;
  };

  const give = (worker: PoolWorker, one: Waiting): void => {
    waiting.delete(one);
    workers.set(worker, one.matrices);
    const ended = (result: PoolResult) => {
      one.call = null;
      // A lost graphics device never comes back in its worker, but may be there for the next one.
      if ('why' in result && result.kind === 'device-lost' && !one.again) {
        one.again = true;
        waiting.add(one);
      } else one.resolve(result);
      handOut();
    };
    const { experiment, drawing, hand, observe, measures, keep } = one.job;
    // The text of a matrix may have millions of characters; the worker gets the decoded numbers.
    const bare = { ...experiment, data: '' };
    const asked = { choice: choice(), page, experiment: bare, drawing: isActive('data', experiment) ? drawing : null };
    const wanted = { hand, observe, measures, keep };
    const message: BackgroundRunMessage = { type: 'quiet', quiet: quiet++, ...asked, ...wanted };
    const returned = () => {
      one.call = null;
      const later = [...waiting];
      waiting.clear();
      for (const each of [one, ...later]) waiting.add(each);
    };
    const order: JobOrder = { message, patience: patience(one.job), ended, returned };
    one.call = () => worker.cancel(order);
    worker.train(order);
  };

  return {
    wake: handOut,
    warm(runs) {
      while (workers.size < Math.min(size(), runs)) hire();
    },
    run(job, { priority = 0, scripted = false } = {}) {
      let resolve: Waiting['resolve'] = () => {};
      const done = new Promise<PoolResult>((settle) => {
        resolve = settle;
      });
      const one: Waiting = { job, priority, scripted, matrices: matricesOf(job), again: false, call: null, resolve };
      waiting.add(one);
      soon();
      const cancel = () => {
        if (waiting.delete(one)) resolve({ kind: 'cancelled', why: 'It was cancelled.' });
        else one.call?.();
      };
      return { done, cancel };
    },
  };
}

const isFree = (worker: PoolWorker) => worker.orders().length === 0;

/** Bytes per entry: two d × k matrices in float32 and their float64 intermediates. */
const ENTRY = 40;
const MOST_BYTES = 800e6;

/** Jobs as large as this one that may run at a time, at least one. */
function fitting({ job }: Waiting): number {
  const { d, k } = job.experiment;
  return Math.max(1, Math.floor(MOST_BYTES / (ENTRY * d * k)));
}

/** Runs at a time on n processors. `busy`: a lab trains too. `framed`: the page is embedded in another. */
export function poolSize(processors: number, { busy, framed }: { readonly busy: boolean; readonly framed: boolean }) {
  return framed ? 1 : Math.max(1, Math.min(MOST_WORKERS, busy ? processors - 1 : processors));
}

const MOST_WORKERS = 8;

type PoolResult =
  | BackgroundRunRecord
  | { readonly kind: 'refused' | 'device-lost' | 'broken' | 'cancelled'; readonly why: string };

interface JobOrder {
  readonly message: BackgroundRunMessage;
  /** Ms of silence after which a worker training this run counts as dead. */
  readonly patience: number;
  readonly ended: (result: PoolResult) => void;
  readonly returned: () => void;
}

type PoolWorker = Readonly<ReturnType<typeof poolWorker>>;

interface WorkerParts {
  readonly start: () => Promise<Worker>;
  /** Ms without a run after which it ends. */
  readonly idle: number;
  readonly left: () => void;
}

/** One worker of a pool. It trains one run at a time, and may receive the next one before that has ended. */
function poolWorker({ start, idle, left }: WorkerParts) {
  let orders: readonly JobOrder[] = [];
  /** Ms for a cancelled run, of which the worker may still be making a step. */
  let parting = 0;

  const leave = () => {
    worker.end();
    clearTimeout(resting);
    left();
  };

  /** The current run is lost with the worker; those that follow are not. */
  const fail = (why: string, kind: 'device-lost' | 'broken' = 'broken') => {
    const [first, ...others] = orders;
    orders = [];
    leave();
    for (const { returned } of others.reverse()) returned();
    first?.ended({ kind, why });
  };

  const settle = (order: JobOrder, result: PoolResult) => {
    orders = orders.filter((one) => one !== order);
    if (orders.length === 0) resting = setTimeout(leave, idle);
    order.ended(result);
  };

  const receive = ({ quiet, result }: BackgroundResult) => {
    parting = 0;
    const order = orders.find(({ message }) => message.quiet === quiet);
    if (!order) return;
    if ('why' in result && result.kind !== 'refused') fail(result.why, result.kind);
    else settle(order, result);
  };

  const worker = watchedWorker<WorkerMessage | BackgroundResult>({
    start,
    receive(message) {
      if (message.type === 'quieted') receive(message);
      else if (message.type === 'failed') fail(message.why);
    },
    patience: () => (orders.length > 0 ? Math.max(parting, orders[0].patience) : null),
    fail: (why) => fail(why),
  });
  let resting: ReturnType<typeof setTimeout> | undefined = setTimeout(leave, idle);

  return {
    orders: () => orders,
    train(order: JobOrder) {
      clearTimeout(resting);
      if (orders.length === 0) worker.excuse();
      orders = [...orders, order];
      worker.post(order.message);
    },
    cancel(order: JobOrder) {
      if (!orders.includes(order)) return;
      const cancel: BackgroundMessage = { type: 'cancel', quiet: order.message.quiet };
      if (!worker.takeBack(order.message)) worker.post(cancel);
      if (order === orders[0]) parting = Math.max(parting, order.patience);
      settle(order, { kind: 'cancelled', why: 'It was cancelled.' });
    },
  };
}
