import type { MergedMessage, MergeMessage } from '../protocol/messages.ts';
import type { State } from './state.ts';

/** The adapter of one step, to be merged. */
export interface ToMerge extends Pick<MergeMessage, 'A' | 'B' | 'scaling'> {
  readonly step: number;
}

/** A merge that was asked of the worker, and what it answered so far. */
export interface Merge extends ToMerge {
  /** The number of its run. */
  readonly run: number;
  /** Grows with every merge, so that an old answer is told from a new one. */
  readonly order: number;
  readonly answer: MergedMessage | null;
}

export function askedToMerge(state: State, adapter: ToMerge): State {
  const order = (state.merge?.order ?? 0) + 1;
  return { ...state, merge: { ...adapter, run: state.run.number, order, answer: null } };
}

export function onMerged(state: State, answer: MergedMessage): State {
  const { merge } = state;
  return merge?.order === answer.order && merge.run === answer.run ? { ...state, merge: { ...merge, answer } } : state;
}
