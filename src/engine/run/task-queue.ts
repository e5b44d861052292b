/**
 * Lets other messages have their turn: resolves in a task of its own, at once. A timer of 0 ms would take 4 ms, and
 * nothing here may wait for an animation frame, since a hidden tab has none.
 */
export function yieldTask(): Promise<void> {
  return new Promise((resolve) => {
    if (DRAINS) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      return port2.postMessage(null);
    }
    waiting.push(resolve);
    far ??= opened();
    far.postMessage(null);
  });
}

/** In Node a port hands out all messages that it has in one task, so that each turn needs one of its own; it has `ref`, too. */
const DRAINS = 'ref' in MessagePort.prototype;

/** In a browser there is one for all turns: opening and closing a channel takes several times as long as a turn. */
let far: MessagePort | null = null;
/** Each message is for the first of these. */
const waiting: (() => void)[] = [];

function opened(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}

/** Milliseconds between two looks at the messages while steps are made, where packs are shorter. */
export const YIELD_MS = 4;

/**
 * As turn, but only where the last turn was so many milliseconds ago or more: a task of its own costs a few tenths of one,
 * which many short pieces of work would pay each.
 */
export function yieldEvery(every: number, clock: () => number): () => Promise<void> {
  let last = clock();
  return async () => {
    if (clock() - last < every) return;
    await yieldTask();
    last = clock();
  };
}

/** Does one piece of work at a time, in the order in which they were asked for. */
export type TaskQueue = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Runs of one worker take turns with it: a pack of steps of each, one after the other. Two at a time would wait for each
 * other on a graphics device and read each other's work as their own time.
 */
export function taskQueue(): TaskQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
}
