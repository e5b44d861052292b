/** Does one piece of work at a time, in the order in which they were asked for. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs of one worker take turns with it: a pack of steps of each, one after the other. Two at a time would wait for each
 * other on a graphics device and read each other's work as their own time.
 */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
}
