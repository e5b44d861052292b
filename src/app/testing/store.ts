import type { State } from '../../state/state.ts';
import { createStore, type Store } from '../../state/store.ts';
import { trained } from '../../state/testing/page.ts';
import { update } from '../../state/update.ts';

/** A lab that goes on, ten steps after its start unless it is told otherwise; it is never drawn. */
export function trainedStore(state: State = trained()): Store {
  return createStore(state, update, () => {});
}
