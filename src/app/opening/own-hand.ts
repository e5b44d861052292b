import { SHELF, writeInTurn } from '../../kit/storage.ts';
import { handOfKept, keptHand } from '../../state/hand/hand.ts';
import type { Store } from '../../state/state.ts';

const KEY = 'lora-explorer/hand';

/** Reads the visitor's drawings of digits, and keeps them from now on; in a frame nothing is kept. */
export async function keepHand(store: Store): Promise<void> {
  if (parent !== window) return;
  const event = handOfKept(await SHELF.get(KEY), store.state().view.hand !== '');
  // Who has begun to draw in the meantime goes on.
  if (event && store.state().hand === null) store.dispatch(event);
  const write = writeInTurn(() => {
    const rounds = store.state().hand?.rounds;
    const any = rounds?.drawings.some((drawing) => drawing !== null);
    return rounds && any ? SHELF.set(KEY, keptHand(rounds)) : SHELF.del(KEY);
  });
  store.react(({ hand }, { hand: before }) => {
    if (hand?.sets !== before?.sets) void write();
  });
  if (store.state().hand !== null && !event) void write();
}
