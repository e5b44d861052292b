import { yieldTask } from './task-queue.ts';

/** Shortest slice, in ms. */
const SHORTEST_MS = 6;

/** Time that work may take: a share of what passed since the last slice, at most a number of ms per slice. */
interface TimeShare {
  readonly ofOthers: number;
  readonly longest: number;
}

const IN_THE_BACKGROUND: TimeShare = { ofOthers: 0.25, longest: 60 };
export const FOREGROUND_SHARE: TimeShare = { ofOthers: 1, longest: 500 };

/** Does work in slices between steps and messages. Resolves with the result and its ms, or null once not `wanted`. */
export async function runInSlices<T>(
  work: Generator<void, T>,
  clock: () => number,
  wanted: () => boolean,
  { ofOthers, longest }: TimeShare = IN_THE_BACKGROUND,
): Promise<{ readonly value: T; readonly spent: number } | null> {
  let spent = 0;
  for (let last = clock(); ; last = clock()) {
    await yieldTask();
    if (!wanted()) return null;
    const from = clock();
    const end = from + Math.min(longest, Math.max(SHORTEST_MS, ofOthers * (from - last)));
    let next = work.next();
    while (!next.done && clock() < end) next = work.next();
    spent += clock() - from;
    if (next.done) return { value: next.value, spent };
  }
}
