import type { MergedMessage } from '../protocol/merged.ts';
import type { State } from './state.ts';
import type { ToMerge } from './to-merge.ts';

export function askedToMerge(state: State, adapter: ToMerge): State {
  const order = (state.merge?.order ?? 0) + 1;
  return { ...state, merge: { ...adapter, run: state.run.number, order, answer: null } };
}

export function onMerged(state: State, answer: MergedMessage): State {
  const { merge } = state;
  return merge?.order === answer.order && merge.run === answer.run ? { ...state, merge: { ...merge, answer } } : state;
}
