import { turn } from '../run/turn.ts';

/** The least that a slice takes, in ms. */
const SHORTEST_MS = 6;

/** How much of the time work may take: a slice so much of what passed since the one before, and so many ms at most. */
export interface Share {
  readonly ofOthers: number;
  readonly longest: number;
}

/** What nobody waits for. */
const IN_THE_BACKGROUND: Share = { ofOthers: 0.25, longest: 60 };
/** What a person has asked for and waits for. */
export const ASKED_FOR: Share = { ofOthers: 1, longest: 500 };

/**
 * Does work beside the steps of a run, which have their turn between two slices, as messages have. Resolves with what
 * came of it and the ms that it took; with null as soon as it is no longer `wanted`.
 */
export async function inSlices<T>(
  work: Generator<void, T>,
  clock: () => number,
  wanted: () => boolean,
  { ofOthers, longest }: Share = IN_THE_BACKGROUND,
): Promise<{ readonly value: T; readonly spent: number } | null> {
  let spent = 0;
  for (let last = clock(); ; last = clock()) {
    await turn();
    if (!wanted()) return null;
    const from = clock();
    const end = from + Math.min(longest, Math.max(SHORTEST_MS, ofOthers * (from - last)));
    let next = work.next();
    while (!next.done && clock() < end) next = work.next();
    spent += clock() - from;
    if (next.done) return { value: next.value, spent };
  }
}
