import type { State } from '../../state/state.ts';
import { createStore, type Store } from '../../state/store.ts';
import { trainedState } from '../../state/testing/page.ts';
import { update } from '../../state/update.ts';

/** A lab in training, by default ten steps after its start; it is never drawn. */
export function trainingStore(state: State = trainedState()): Store {
  return createStore(state, update, () => {});
}
