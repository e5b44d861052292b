/** Called with the fraction of a long calculation that is done, never falling. */
export type OnProgress = (fraction: number) => void;

/** Does work that is offered in slices at one go, and returns what comes of it. */
export function drain<T>(work: Generator<void, T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
