/** Called with the fraction of a long calculation that is done, never falling. */
export type OnProgress = (fraction: number) => void;

/** Runs work that is offered in slices to its end, and returns the result. */
export function drain<T>(work: Generator<void, T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
