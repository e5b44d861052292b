/** What was found is sent so often, in ms: the page is drawn again each time. */
const EVERY = 120;

/** Says when something is to be sent, and how long the rest will take. */
export interface Pace {
  /** So much of the work is done; true where it is time to tell. */
  readonly due: (done: number) => boolean;
  /** null before there is anything to judge by. */
  readonly secondsLeft: () => number | null;
}

/** @param all the whole of the work, in any unit. */
export function paceOf(all: number, now: () => number = () => performance.now()): Pace {
  const began = now();
  let told = began;
  let done = 0;
  return {
    due(more) {
      done = more;
      if (now() - told < EVERY) return false;
      told = now();
      return true;
    },
    secondsLeft: () => (done > 0 ? ((now() - began) / 1000) * (Math.max(0, all - done) / done) : null),
  };
}
