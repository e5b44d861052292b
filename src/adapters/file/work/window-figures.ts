import { fileFigures } from '../figures/file-figures.ts';
import type { ByteRange, ByteSource, Figures, Module, TensorEntry } from '../model.ts';
import type { PairWork, PlacedPair } from './pair-work.ts';
import { bytesOfTensors } from './schedule.ts';

/** Bytes of a window at most: a browser takes a third of the time for the same bytes in reads of this size. */
const WINDOW = 4_194_304;
/** Bytes between two ranges that are read along. */
const GAP = 65_536;
/** Windows in memory; what is read ahead spans two or three. */
const KEPT = 4;

interface Window extends ByteRange {
  /** Its first range, and how many there are. */
  readonly first: number;
  readonly ranges: number;
}

/** From the first byte of a module's tensors to the last. */
function extentOf(tensors: Module['tensors']): ByteRange {
  const all = Object.values(tensors);
  return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
}

/** Ranges that follow each other in the file and in the order of reading, joined. */
function windowsOf(ranges: readonly ByteRange[]): readonly Window[] {
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

export interface FigureReader {
  readonly read: (module: Module) => Promise<Figures>;
  /** Modules that should be on their way at a time. */
  readonly ahead: () => number;
}

/**
 * Figures of these modules, asked for in this order. Pairs that lie together in the file are read in one go, and the
 * bytes go to a thread as they are: to copy 150 MB twice takes as long as to compute their figures on two threads.
 */
export function figureReader(source: ByteSource, modules: readonly Module[], work: PairWork): FigureReader {
  const pairs = modules.flatMap((module) => pairOf(module) ?? []);
  const windows = windowsOf(pairs);
  const places = new Map(
    windows.flatMap((window) => pairsIn(window).map(({ module }, at) => [module, { window, at }] as const)),
  );
  const found = new Map<Window, Promise<readonly Figures[]>>();
  const rest = modules.flatMap((module) => (places.has(module) ? [] : extentOf(module.tensors)));
  const others = inWindows(source, rest);

  function pairsIn({ first, ranges }: Window) {
    return pairs.slice(first, first + ranges);
  }
  async function measure(window: Window): Promise<readonly Figures[]> {
    const bytes = await source.read(window.from, window.to);
    const placed = pairsIn(window).map((pair) => placedIn(window, pair));
    return work.figuresOfAll(bytes, placed);
  }
  const together = windows.reduce((most, { ranges }) => Math.max(most, ranges), 1);
  return {
    read: async (module) => {
      const place = places.get(module);
      if (!place) return fileFigures(others, module, work);
      const { window, at } = place;
      const all = found.get(window) ?? measure(window);
      found.set(window, all);
      return (await all)[at];
    },
    ahead: () => Math.max(work.ahead(), together * Math.max(2, work.ahead() / 2)),
  };
}

interface FoundPair extends ByteRange {
  readonly module: Module;
  readonly up: TensorEntry;
  readonly down: TensorEntry;
}

/** A module that is nothing but B and A, which lie together. */
function pairOf(module: Module): FoundPair | null {
  const { kind, tensors } = module;
  const { up, down, mid, diagonal, magnitude } = tensors;
  if (kind !== 'lora' || !up || !down || mid || diagonal || magnitude) return null;
  const { from, to } = extentOf({ up, down });
  return to - from <= bytesOfTensors({ up, down }) + GAP ? { module, up, down, from, to } : null;
}

function placedIn({ from }: Window, { module, up, down }: FoundPair): PlacedPair {
  const placed = (tensor: TensorEntry) => ({
    ...{ from: tensor.from - from, to: tensor.to - from },
    ...{ dtype: tensor.dtype, shape: tensor.shape },
  });
  return { up: placed(up), down: placed(down), transposed: module.transposed, scaling: module.scaling };
}
