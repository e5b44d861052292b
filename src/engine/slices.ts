import { turn } from './turn.ts';

/** A slice takes a quarter of the time that passed since the one before, within these bounds, in ms. */
const SHORTEST_MS = 6;
const LONGEST_MS = 60;

/**
 * Does work beside the steps of a run, which have their turn between two slices, as messages have. Resolves with what
 * came of it and the ms that it took; with null as soon as it is no longer `wanted`.
 */
export async function inSlices<T>(
  work: Generator<void, T>,
  clock: () => number,
  wanted: () => boolean,
): Promise<{ readonly value: T; readonly spent: number } | null> {
  let spent = 0;
  for (let last = clock(); ; last = clock()) {
    await turn();
    if (!wanted()) return null;
    const from = clock();
    const end = from + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (from - last) / 4));
    let next = work.next();
    while (!next.done && clock() < end) next = work.next();
    spent += clock() - from;
    if (next.done) return { value: next.value, spent };
  }
}
