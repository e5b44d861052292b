import { MODULE_SERIES } from '../../experiment/metric.ts';
import type { Change } from '../../experiment/settings/tuned.ts';
import { type Entries, emptyEntries } from '../steppers/stepper.ts';

/** Entries and changes since the last frame. Nothing is lost while the page is busy. */
export interface Unsent {
  /** Adds entries of the steps from `step` on; the entry of a step that is there already is replaced. */
  readonly add: (step: number, entries: Entries) => void;
  readonly note: (change: Change) => void;
  readonly isEmpty: () => boolean;
  /** All of it, in one piece; then there is nothing. */
  readonly take: () => { readonly from: number; readonly entries: Entries; readonly changes: readonly Change[] };
}

interface Piece {
  readonly entries: Entries;
  count: number;
}

export function unsent(): Unsent {
  let from = 0;
  let pieces: Piece[] = [];
  let changes: Change[] = [];
  const total = () => pieces.reduce((sum, { count }) => sum + count, 0);

  return {
    add(step, entries) {
      const count = entries.series.loss.length;
      if (total() === 0) from = step;
      const last = pieces[pieces.length - 1];
      if (last && step === from + total() - 1) last.count -= 1;
      if (total() === 0) from = step;
      pieces.push({ entries, count });
    },
    note: (change) => changes.push(change),
    isEmpty: () => total() === 0,
    take() {
      const taken = { from, entries: joined(pieces, total()), changes };
      pieces = [];
      changes = [];
      return taken;
    },
  };
}

function joined(pieces: readonly Piece[], total: number): Entries {
  const like = pieces[0]?.entries;
  const entries = emptyEntries(total, like?.modules.length, like?.series.distance !== undefined);
  const lists = listsIn(entries);
  let at = 0;
  for (const piece of pieces) {
    for (const [i, list] of listsIn(piece.entries).entries()) lists[i].set(list.subarray(0, piece.count), at);
    at += piece.count;
  }
  return entries;
}

/** In the same order for all entries of a run. */
function listsIn({ series: { loss, distance }, modules }: Entries): Float64Array[] {
  const norms = modules.flatMap((module) => MODULE_SERIES.map((name) => module[name]));
  return distance ? [loss, distance, ...norms] : [loss, ...norms];
}
