import { yieldTask } from '../../math/slices.ts';

/** Milliseconds between two looks at the messages during steps, if packs are shorter. */
export const YIELD_MS = 4;

/** Like yieldTask, but only if the last turn was `every` ms ago: a separate task costs a few tenths of one. */
export function yieldEvery(every: number, clock: () => number): () => Promise<void> {
  let last = clock();
  return async () => {
    if (clock() - last < every) return;
    await yieldTask();
    last = clock();
  };
}

/** Keeps work to a share of the time, in ms of the clock: after each piece it is not due until others had theirs. */
export function timeShare(share: number, clock: () => number) {
  let due = Number.NEGATIVE_INFINITY;
  const rest = (spent: number, least = 0) => {
    due = clock() + Math.max(least, spent * (1 / share - 1));
  };
  return {
    isDue: () => clock() >= due,
    /** After work of `spent` ms: not due for `least` ms in any case. */
    rest,
    run<T>(work: () => T): T {
      const start = clock();
      const result = work();
      rest(clock() - start);
      return result;
    },
  };
}

export type TaskQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs of a worker take turns: two packs at a time would count each other's work as their own time. */
export function taskQueue(): TaskQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
}

/** The value, or null if it takes longer than `ms`. */
export async function beforeTimeout<T>(value: Promise<T>, ms: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
