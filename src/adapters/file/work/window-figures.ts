import { fileFigures } from '../figures/file-figures.ts';
import type { ByteRange, ByteSource, Figures, Module, TensorEntry } from '../model.ts';
import type { PairWork, PlacedPair } from './pair-work.ts';
import { bytesOfTensors } from './schedule.ts';
import { extentOf, GAP, inWindows, type Window, windowsOf } from './windows.ts';

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
