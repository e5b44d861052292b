import type { Change } from '../../experiment/settings/tuned.ts';
import { type Entries, emptyEntries } from '../steppers/stepper.ts';

const KEYS = ['loss', 'gradNormA', 'gradNormB', 'updateNormA', 'updateNormB', 'distance'] as const;

/** Entries and changes since the last frame. Nothing is lost while the page is busy. */
export interface Unsent {
  /** Adds entries of the steps from `step` on; the entry of a step that is there already is replaced. */
  readonly add: (step: number, entries: Entries) => void;
  readonly note: (change: Change) => void;
  readonly isEmpty: () => boolean;
  /** All of it, in one piece; then there is nothing. */
  readonly take: () => { readonly from: number; readonly entries: Entries; readonly changes: readonly Change[] };
}

export function unsent(): Unsent {
  let from = 0;
  let pieces: { readonly entries: Entries; count: number }[] = [];
  let changes: Change[] = [];
  const total = () => pieces.reduce((sum, { count }) => sum + count, 0);

  return {
    add(step, entries) {
      const count = entries.loss.length;
      if (total() === 0) from = step;
      const last = pieces[pieces.length - 1];
      if (last && step === from + total() - 1) last.count -= 1;
      if (total() === 0) from = step;
      pieces.push({ entries, count });
    },
    note: (change) => changes.push(change),
    isEmpty: () => total() === 0,
    take() {
      const entries = emptyEntries(total(), pieces[0]?.entries.distance !== undefined);
      for (const key of KEYS) {
        let at = 0;
        for (const { entries: piece, count } of pieces) {
          entries[key]?.set(piece[key]?.subarray(0, count) ?? [], at);
          at += count;
        }
      }
      const taken = { from, entries, changes };
      pieces = [];
      changes = [];
      return taken;
    },
  };
}
