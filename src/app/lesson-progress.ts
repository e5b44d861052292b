import { SHELF, writeInTurn } from '../kit/storage.ts';
import { progressToKeep, readProgress, type StepTitles, withOtherTab } from '../lessons/state/kept-progress.ts';
import type { Progress } from '../lessons/state/progress.ts';
import type { Store } from '../state/state.ts';

const KEY = 'lora-explorer/lessons';

/** The list of lessons is loaded once somebody has progress. */
async function stepTitles(): Promise<StepTitles> {
  const { LESSONS } = await import('../lessons/list.ts');
  return Object.fromEntries(LESSONS.map(({ name, steps }) => [name, steps]));
}

/** Reads the stored progress in the lessons, and stores it from now on; in a frame nothing is stored. */
export async function storeProgress(store: Store): Promise<void> {
  if (parent !== window) return;
  const kept = await SHELF.get(KEY);
  const here = store.state().progress;
  let written: Progress['lessons'] = {};
  // If storage is refused, progress lasts as long as the page.
  if (kept !== undefined && kept !== null) {
    const before = readProgress(kept, await stepTitles());
    written = before.lessons;
    // Progress made while it was read counts.
    store.dispatch({
      type: 'progress',
      progress: { ...before, last: here.last || before.last, lessons: { ...before.lessons, ...here.lessons } },
    });
  }
  // A step of a lesson changes it a few times: changes during a write are written together.
  const write = writeInTurn(async () => {
    const titles = await stepTitles();
    const stored = await SHELF.get(KEY);
    const { progress } = store.state();
    const all = stored ? withOtherTab(progress, written, readProgress(stored, titles).lessons) : progress;
    written = progress.lessons;
    return SHELF.set(KEY, progressToKeep(all, titles));
  });
  store.react((now, before) => {
    if (now.progress !== before.progress) void write();
  });
}
