import { SHELF } from '../../kit/storage.ts';
import { handOfKept, keptHand } from '../../state/hand/hand.ts';
import type { Store } from '../../state/store.ts';

const KEY = 'lora-explorer/hand';

/** Reads the visitor's drawings of digits, and keeps them from now on; in a frame nothing is kept. */
export async function keepHand(store: Store): Promise<void> {
  if (parent !== window) return;
  const event = handOfKept(await SHELF.get(KEY), store.state().view.hand !== '');
  // Who has begun to draw in the meantime goes on.
  if (event && store.state().hand === null) store.dispatch(event);
  let going = false;
  let newer = false;
  const write = async () => {
    newer = going;
    if (going) return;
    going = true;
    const { hand } = store.state();
    const rounds = hand?.rounds;
    const any = rounds?.drawings.some((drawing) => drawing !== null);
    if (rounds && any) await SHELF.set(KEY, keptHand(rounds));
    else await SHELF.del(KEY);
    going = false;
    if (newer) await write();
  };
  store.react(({ hand }, { hand: before }) => {
    if (hand?.sets !== before?.sets) void write();
  });
  if (store.state().hand !== null && !event) void write();
}
