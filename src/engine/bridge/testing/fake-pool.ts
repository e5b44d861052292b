import { expect, vi } from 'vitest';
import { defaults } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import type { BackgroundMessage, BackgroundResult } from '../../protocol/background-messages.ts';
import { isPageMessage } from '../../protocol/check.ts';
import { createPool, type JobOptions, type PoolResult } from '../pool.ts';

export class FakeWorker {
  readonly got: BackgroundMessage[] = [];
  ended = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault: () => void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  postMessage(message: BackgroundMessage) {
    expect(isPageMessage(message)).toBe(true);
    this.got.push(message);
  }
  terminate() {
    this.ended = true;
  }
  get ranks() {
    return this.got.map((message) => (message.type === 'quiet' ? message.experiment.rank : `no ${message.quiet}`));
  }
  beats() {
    this.onmessage?.({ data: { type: 'beat' } });
  }
  answers(result: BackgroundResult['result'] = DONE, rank: number | null = null) {
    const last = this.got.findLast(
      (message) => message.type === 'quiet' && (rank === null || message.experiment.rank === rank),
    );
    this.onmessage?.({ data: { type: 'quieted', quiet: last?.quiet ?? -1, result } });
  }
}

export const DONE = { summary: 'done' } as unknown as PoolResult as BackgroundResult['result'];

export const settlePromises = () => vi.advanceTimersByTimeAsync(0);

/** Steps times rank of each job: a whole number of steps for ranks up to 12. */
const PRODUCTS = 27_720;

interface FakePoolOptions {
  readonly size?: number;
  readonly start?: () => Promise<Worker>;
  /** Whether its runs are short; default: none is. */
  readonly brief?: (rank: number) => boolean;
}

export function fakePool({ size = 2, start, brief = () => false }: FakePoolOptions = {}) {
  const workers: FakeWorker[] = [];
  const page = { size, hidden: false };
  const make = async () => {
    workers.push(new FakeWorker());
    return workers[workers.length - 1] as unknown as Worker;
  };
  const pool = createPool({
    start: start ?? make,
    size: () => page.size,
    hidden: () => page.hidden,
    choice: () => ({ backend: null, stepper: null }),
    page: 'https://example.org/',
    idle: 5000,
    patience: () => 10_000,
    brief: ({ experiment }) => brief(experiment.rank),
  });
  const results: [rank: number, PoolResult][] = [];
  const run = (rank: number, options?: JobOptions, more: Partial<Experiment> = {}) => {
    const experiment = { ...defaults(), rank, steps: PRODUCTS / rank, ...more };
    const made = pool.run({ experiment, drawing: null }, options);
    void made.done.then((result) => results.push([rank, result]));
    return made;
  };
  return { pool, page, workers, results, run };
}
