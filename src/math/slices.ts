/** Resolves at once, in a separate task. A timer of 0 ms would take 4 ms, and a hidden tab has no animation frames. */
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

/** In Node a port delivers all its messages in one task, so that each turn needs its own port; it has `ref`, too. */
const DRAINS = 'ref' in MessagePort.prototype;

/** In a browser one serves all turns: opening and closing a channel takes several times as long as a turn. */
let far: MessagePort | null = null;
/** Each message is for the first of these. */
const waiting: (() => void)[] = [];

function opened(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}

/** Shortest slice, in ms. */
const SHORTEST_MS = 6;

/** Time that work may take: a share of what passed since the last slice, at most a number of ms per slice. */
interface TimeShare {
  readonly ofOthers: number;
  readonly longest: number;
}

const IN_THE_BACKGROUND: TimeShare = { ofOthers: 0.25, longest: 60 };
export const FOREGROUND_SHARE: TimeShare = { ofOthers: 1, longest: 500 };
/** On the thread of a page: short enough for its next frame, however long those take. */
export const PAGE_SHARE: TimeShare = { ofOthers: 0, longest: SHORTEST_MS };

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

/** Does work in short slices, between which messages are heard; rejects with the signal's reason once it is aborted. */
export async function unlessAborted<T>(work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  const isWanted = () => !signal?.aborted;
  const done = await runInSlices(work, () => performance.now(), isWanted, PAGE_SHARE);
  if (!done || signal?.aborted) throw signal?.reason;
  return done.value;
}
