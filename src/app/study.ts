import { get, set } from 'idb-keyval';
import { LESSON_NAMES } from '../experiment/settings/view.ts';
import { readProgress } from '../lessons/state/progress.ts';
import type { Store } from '../state/store.ts';

const KEY = 'lora-explorer/lessons';

/** Reads what was done in the lessons on this device before, and keeps what is done from now on; in a frame nothing is kept. */
export async function keepProgress(store: Store): Promise<void> {
  if (parent !== window) return;
  try {
    const kept = await get<unknown>(KEY);
    const here = store.state().progress;
    const before = readProgress(kept, LESSON_NAMES);
    // What was done while it was read counts.
    if (kept !== undefined)
      store.dispatch({
        type: 'progress',
        progress: { ...before, last: here.last || before.last, lessons: { ...before.lessons, ...here.lessons } },
      });
  } catch {
    // Storage can be refused: then progress lasts as long as the page.
  }
  let going = false;
  let newer = false;
  // A step that is turned changes it a few times: what changes while it is written is written together.
  const write = async () => {
    newer = going;
    if (going) return;
    going = true;
    await set(KEY, store.state().progress).catch(() => {});
    going = false;
    if (newer) await write();
  };
  store.react((now, before) => {
    if (now.progress !== before.progress) void write();
  });
}
