/** Bytes on their way at a time, unless one item alone has more. */
const MOST_BYTES = 128e6;

/** For work on this thread: one is read while another is computed. */
export const FEW_AHEAD = () => 2;

interface Ahead<T> {
  /** Items started at a time, at most: asked again for each. */
  readonly ahead: () => number;
  readonly bytesOf: (item: T) => number;
}

/**
 * The results of `start` in the order of the items, several of which are started before the first is awaited: their
 * reading and computing overlap. An error comes in its turn; what follows is neither started nor reported.
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  start: (item: T) => Promise<R>,
  { ahead, bytesOf }: Ahead<T>,
): AsyncGenerator<readonly [item: T, result: R]> {
  const going: { readonly item: T; readonly bytes: number; readonly result: Promise<R> }[] = [];
  let [next, held] = [0, 0];
  const fill = () => {
    while (next < items.length && going.length < ahead()) {
      const item = items[next];
      const bytes = bytesOf(item);
      if (going.length > 0 && held + bytes > MOST_BYTES) return;
      const result = start(item);
      // It is awaited in its turn; until then it is not an error that nobody heard.
      result.catch(() => {});
      going.push({ item, bytes, result });
      held += bytes;
      next++;
    }
  };
  for (fill(); going.length > 0; fill()) {
    const [{ item, bytes, result }] = going;
    const found = await result;
    going.shift();
    held -= bytes;
    yield [item, found];
  }
}

/** Bytes of a module's tensors. */
export const bytesOfTensors = (tensors: Readonly<Record<string, { readonly from: number; readonly to: number }>>) =>
  Object.values(tensors).reduce((sum, { from, to }) => sum + to - from, 0);
const MOST_THREADS = 8;
/** In bytes: a smaller file is measured before threads have started. */
const WORTH_THREADS = 16e6;

/** Threads for files of these bytes in all on a machine with so many processors; 0: not worth it. */
export const threadsFor = (bytes: number, processors: number) =>
  bytes < WORTH_THREADS || processors < 2 ? 0 : Math.min(MOST_THREADS, processors);
