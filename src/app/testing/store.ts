import { createStore, type State, type Store } from '../../state/state.ts';
import { trainedState } from '../../state/testing/page.ts';
import { update } from '../../state/update.ts';

export function trainingStore(state: State = trainedState()): Store {
  return createStore(state, update, () => {});
}
