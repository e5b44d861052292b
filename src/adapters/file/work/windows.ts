import type { ByteRange, ByteSource, Module } from '../model.ts';

/** Bytes of a window at most: a browser takes a third of the time for the same bytes in reads of this size. */
const WINDOW = 4_194_304;
/** Bytes between two ranges that are read along. */
export const GAP = 65_536;
/** Windows in memory; what is read ahead spans two or three. */
const KEPT = 4;

export interface Window extends ByteRange {
  /** Its first range, and how many there are. */
  readonly first: number;
  readonly ranges: number;
}

/** From the first byte of a module's tensors to the last. */
export function extentOf(tensors: Module['tensors']): ByteRange {
  const all = Object.values(tensors);
  return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
}

/** Ranges that follow each other in the file and in the order of reading, joined. */
export function windowsOf(ranges: readonly ByteRange[]): readonly Window[] {
  const windows: Window[] = [];
  for (const [i, { from, to }] of ranges.entries()) {
    const last = windows.at(-1);
    const near = last && from >= last.to && from - last.to <= GAP && to - last.from <= WINDOW;
    if (near) windows[windows.length - 1] = { ...last, to, ranges: last.ranges + 1 };
    else windows.push({ from, to, first: i, ranges: 1 });
  }
  return windows;
}

/**
 * The same source for reading these ranges in this order: neighbours are read in one go. Other reads, and those of a
 * window that is long past, go to the source itself.
 */
export function inWindows(source: ByteSource, ranges: readonly ByteRange[]): ByteSource {
  const windows = windowsOf(ranges).filter((window) => window.ranges > 1);
  const kept = new Map<Window, Promise<Uint8Array<ArrayBuffer>>>();
  const past = new Set<Window>();
  const bytesOf = (window: Window) => {
    const known = kept.get(window);
    if (known) return known;
    const bytes = source.read(window.from, window.to);
    kept.set(window, bytes);
    const [oldest] = kept.keys();
    if (kept.size > KEPT) {
      kept.delete(oldest);
      past.add(oldest);
    }
    return bytes;
  };
  return {
    ...source,
    read: async (from, to) => {
      const window = windows.find((one) => one.from <= from && to <= one.to);
      if (!window || past.has(window)) return source.read(from, to);
      return (await bytesOf(window)).slice(from - window.from, to - window.from);
    },
  };
}
