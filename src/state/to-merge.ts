import type { MergeMessage } from '../protocol/down.ts';
import type { MergedMessage } from '../protocol/merged.ts';

/** The adapter of a module at one step, to be merged. */
export interface ToMerge extends Pick<MergeMessage, 'module' | 'A' | 'B' | 'scaling'> {
  readonly step: number;
}

/** What the worker found, whichever merge it was. */
export type MergeAnswer = Omit<MergedMessage, 'type' | 'run' | 'order'>;

/** A merge that was asked of the worker, and what it answered so far. */
export interface Merge extends ToMerge {
  /** The number of its run. */
  readonly run: number;
  /** Grows with every merge, so that an old answer is told from a new one. */
  readonly order: number;
  readonly answer: MergedMessage | null;
}
