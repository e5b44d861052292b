import { get, set } from 'idb-keyval';
import { LESSON_NAMES } from '../experiment/settings/view.ts';
import { readProgress } from '../state/lessons/progress.ts';
import type { Store } from '../state/store.ts';

const KEY = 'lora-explorer/lessons';
/** ms from a change until it is written. */
const SOON = 300;

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
  let timer: ReturnType<typeof setTimeout> | null = null;
  const write = () => {
    timer = null;
    set(KEY, store.state().progress).catch(() => {});
  };
  // A step that is turned changes it a few times; opening the storage costs the page some of its time.
  store.react((now, before) => {
    if (now.progress !== before.progress) timer ??= setTimeout(write, SOON);
  });
  addEventListener('pagehide', () => {
    if (timer === null) return;
    clearTimeout(timer);
    write();
  });
}
