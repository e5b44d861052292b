import { isActive, param } from '../experiment/settings/experiment.ts';
import { PARAM_KEYS } from '../experiment/settings/params.ts';
import type { EngineChoice } from '../protocol/engine-info.ts';
import type { QuietMessage } from '../protocol/quiet.ts';
import { patienceFor } from './patience.ts';
import { type PoolResult, type PoolWorker, poolWorker } from './pool-worker.ts';

export type { PoolResult };

/** A run that no lab shows. */
export type PoolJob = Pick<QuietMessage, 'experiment' | 'drawing' | 'observe' | 'keep'>;

export interface PoolRun {
  /** Never rejects. */
  readonly done: Promise<PoolResult>;
  /** No longer wanted, begun or not. After it has ended: nothing. */
  readonly cancel: () => void;
}

export interface JobOptions {
  /** Of what waits the highest comes first; equal ones in the order in which they were asked for. Left out: 0. */
  readonly priority?: number;
  /** True for what a script asked for: it begins though the page is hidden. */
  readonly scripted?: boolean;
}

export interface Pool {
  readonly run: (job: PoolJob, options?: JobOptions) => PoolRun;
  /** More may begin than a moment ago: the page is seen again, or a lab has ended its run. */
  readonly wake: () => void;
  /** So many runs will be asked for in a moment: workers for them start, as far as they may. */
  readonly warm: (runs: number) => void;
}

interface PoolOptions {
  /** Starts a worker. May reject. */
  readonly start: () => Promise<Worker>;
  /** How many runs may go on at a time, now. */
  readonly size: () => number;
  /** Whether the page is hidden: then nothing begins but what is scripted. */
  readonly hidden: () => boolean;
  /** What a person fixed by hand in the address. */
  readonly choice: () => EngineChoice;
  /** The page's own address. */
  readonly page: string;
  /** A worker that has had nothing to do for so long ends, in ms. */
  readonly idle?: number;
  /** How long a worker may be silent while it has a job, in ms. */
  readonly patience?: (job: PoolJob) => number;
}

interface Waiting extends Required<JobOptions> {
  readonly job: PoolJob;
  readonly matrices: string;
  /** True once it has been handed out to a worker that lost its device. */
  again: boolean;
  /** Where it is trained. */
  at: PoolWorker | null;
  readonly resolve: (result: PoolResult) => void;
}

const IDLE_MS = 20_000;
/** So many jobs with matrices in common are left to the worker that has made them. */
const FEW = 8;

/**
 * Workers that train runs which no lab shows, one at a time in each worker. They start when they are needed and end when
 * they are not. A worker that dies or is silent takes its run with it, and no other. The numbers of a run are, bit for
 * bit, those of the lab's on the same back end.
 */
export function createPool(options: PoolOptions): Pool {
  const { start, size, hidden, choice, page, idle = IDLE_MS, patience = patienceFor } = options;
  /** Each with what decides the matrices that it made last. */
  const workers = new Map<PoolWorker, string>();
  const waiting = new Set<Waiting>();
  let quiet = 0;

  /** What may begin now of the highest priority, in order. */
  const ready = (): Waiting[] => {
    const may = [...waiting].filter(({ scripted }) => scripted || !hidden());
    const highest = may.reduce((most, { priority }) => Math.max(most, priority), Number.NEGATIVE_INFINITY);
    return may.filter(({ priority }) => priority === highest);
  };

  const handOut = (): void => {
    for (let next = ready(); next.length > 0; next = ready()) {
      const free = [...workers].filter(([worker]) => worker.isFree());
      if (workers.size - free.length >= Math.min(size(), fitting(next[0]))) return;
      const [worker, made] = free.find(([, matrices]) => matrices === next[0]?.matrices) ?? free[0] ?? [hire(), ''];
      give(worker, chosen(next, made));
    }
  };

  let due = false;
  /** Once all is asked for that is asked for at once. */
  const soon = () => {
    if (!due)
      queueMicrotask(() => {
        due = false;
        handOut();
      });
    due = true;
  };

  /**
   * The first of these jobs, but for matrices: rather one with those that the worker has made; and where the first ones
   * are few and another worker is at theirs, one with matrices that nobody is at.
   */
  const chosen = (jobs: readonly Waiting[], made: string): Waiting => {
    const [first] = jobs as readonly [Waiting, ...Waiting[]];
    const same = jobs.find(({ matrices }) => matrices === made);
    if (same) return same;
    const taken = new Set([...workers].flatMap(([worker, matrices]) => (worker.isFree() ? [] : [matrices])));
    const few = jobs.filter(({ matrices }) => matrices === first.matrices).length <= FEW;
    const other = taken.has(first.matrices) && few ? jobs.find(({ matrices }) => !taken.has(matrices)) : undefined;
    return other ?? first;
  };

  const hire = (): PoolWorker => {
    const worker = poolWorker({ start, idle, left: () => workers.delete(worker) });
    workers.set(worker, '');
    return worker;
  };

  const give = (worker: PoolWorker, one: Waiting): void => {
    waiting.delete(one);
    workers.set(worker, one.matrices);
    one.at = worker;
    const ended = (result: PoolResult) => {
      one.at = null;
      // A graphics device that is lost never comes back in its worker, but may be there for the next one.
      if ('why' in result && result.kind === 'device-lost' && !one.again) {
        one.again = true;
        waiting.add(one);
      } else one.resolve(result);
      handOut();
    };
    const { experiment, drawing, observe, keep } = one.job;
    // The text of a matrix may have millions of characters; the worker is sent what it holds.
    const bare = { ...experiment, data: '' };
    const asked = { choice: choice(), page, experiment: bare, drawing: isActive('data', experiment) ? drawing : null };
    const message: QuietMessage = { type: 'quiet', quiet: quiet++, ...asked, observe, keep };
    worker.train({ message, patience: patience(one.job), ended });
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
      const one: Waiting = { job, priority, scripted, matrices: matricesOf(job), again: false, at: null, resolve };
      waiting.add(one);
      soon();
      const cancel = () => {
        if (waiting.delete(one)) resolve({ kind: 'cancelled', why: 'It was cancelled.' });
        else one.at?.cancel();
      };
      return { done, cancel };
    },
  };
}

/** Bytes of two d × k matrices in float32 and what is made on the way to them, in float64, for each entry. */
const ENTRY = 40;
/** What the matrices of all workers may take together. */
const MOST_BYTES = 800e6;

/** How many jobs as large as this one may go on at a time; one always may. */
function fitting(one?: Waiting): number {
  const { d, k } = one?.job.experiment ?? { d: 1, k: 1 };
  return Math.max(1, Math.floor(MOST_BYTES / (ENTRY * d * k)));
}

/** What decides W₀ and ΔW*, which a worker keeps until others are asked for. What is drawn is left out: it is long. */
function matricesOf({ experiment }: PoolJob): string {
  const keys = PARAM_KEYS.filter((key) => key === 'seed' || (param(key).group === 'target' && key !== 'data'));
  return keys.map((key) => String(experiment[key])).join();
}

/** Runs at a time on a machine with so many processors. `busy`: a lab trains too. `framed`: the page is a part of another. */
export function poolSize(processors: number, { busy, framed }: { readonly busy: boolean; readonly framed: boolean }) {
  return framed ? 1 : Math.max(1, Math.min(MOST_WORKERS, busy ? processors - 1 : processors));
}

const MOST_WORKERS = 8;
