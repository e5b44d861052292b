import { yieldEvery } from '../engine/run/task-queue.ts';
import { settingsLink } from '../experiment/link/link.ts';
import { SHELF, storedText } from '../kit/storage.ts';
import type { PageEvent } from '../state/events.ts';
import { noticeEvent } from '../state/notices.ts';
import { lastStep, type Run } from '../state/run/run.ts';
import { isTooLong, runTextOf } from '../state/run-file/run-text.ts';
import type { State, Store } from '../state/state.ts';

const KEY = 'lora-explorer/kept-run';

/**
 * A page that is left may be gone before its database answers, and then nothing was written. Local storage writes
 * synchronously, though only short texts: its content is newer than the database, and is deleted when that has the
 * same.
 */
const LEFT = storedText('lora-explorer/left-run');
/** In characters: local storage takes 5 million in total. */
const LONGEST_LEFT = 2_000_000;

const stored = async () => LEFT.get() ?? (await SHELF.get(KEY));

/** Minimum interval of storing during training, in ms; storing also never takes more than a twentieth of the time. */
const EVERY = 5000;
const SHARE = 20;
/** Delay after the end of training, which often starts something else at once, in ms. */
const AT_END = 500;
/** A page that is left waits no longer for its storage, in ms. */
const PATIENCE = 3000;
/** Longest slice of work, in ms. */
const SLICE = 8;
const WHOLE = Number.POSITIVE_INFINITY;

/** Stores everything that is not stored yet, at once. */
export type StoreWorkNow = () => Promise<void>;

/** Stores a run with steps for after a reload or a crash: regularly, when training ends, and when the page is left. */
export function storeWork(lab: Store, version: string, write = (text: string) => SHELF.set(KEY, text)): StoreWorkNow {
  let newest: Run | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let took = 0;
  let kept = Promise.resolve();
  let leavings = 0;
  const keep = async (run: Run, slice: number) => {
    const start = performance.now();
    const at = leavings;
    const text = isTooLong(run)
      ? null
      : await runTextOf(
          run,
          version,
          false,
          yieldEvery(slice, () => performance.now()),
        );
    if (text) {
      const whole = text.pieces.join('');
      // In one piece, since the page has no later turn.
      if (slice === WHOLE && whole.length <= LONGEST_LEFT) LEFT.set(whole);
      if ((await write(whole)) && at === leavings) LEFT.del();
    }
    took = performance.now() - start;
  };
  const taken = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const run = newest;
    newest = null;
    return run;
  };
  const now = () => {
    const run = taken();
    if (run) kept = kept.then(() => keep(run, SLICE));
    return kept;
  };
  const leaving = () => {
    const run = taken();
    leavings++;
    if (run) kept = Promise.all([kept, keep(run, WHOLE)]).then(() => {});
  };
  const soon = (ms: number) => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void now(), ms);
  };
  // A short run may end before this is loaded.
  const { run: first } = lab.state();
  if (lastStep(first) > 0 && !first.recorded && first.status !== 'training') {
    newest = first;
    soon(AT_END);
  }
  lab.react(({ run }, { run: before }) => {
    if (run === before || lastStep(run) <= 0) return;
    const trains = run.status === 'training';
    const other = run.number !== before.number && !run.recorded;
    const ended = (before.status === 'training' || other) && !trains && run.status !== 'preparing';
    if (!trains && !ended) return;
    newest = run;
    if (ended) soon(AT_END);
    else if (timer === null) soon(Math.max(EVERY, SHARE * took));
  });
  document.addEventListener('visibilitychange', () => document.hidden && leaving());
  addEventListener('pagehide', leaving);
  return () => Promise.race([now(), new Promise<void>((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** After a reload the run that was on screen, otherwise an offer; null: nothing is stored. */
export async function storedWorkEvent(state: () => State): Promise<PageEvent | null> {
  const { experiment, view, run } = state();
  if (typeof (await stored()) !== 'string') return null;
  const [entry] = performance.getEntriesByType('navigation');
  if (
    entry instanceof PerformanceNavigationTiming &&
    entry.type === 'reload' &&
    run.status === 'idle' &&
    view.lesson === ''
  ) {
    const event = await restoreStoredWork();
    // Whoever has changed something in the meantime keeps it.
    const {
      experiment: now,
      run: { number, status },
    } = state();
    const unchanged = now === experiment && number === run.number && status === 'idle';
    if (unchanged && event?.type === 'recorded' && settingsLink(event.run.experiment) === settingsLink(experiment))
      // The settings of the address: a rate that follows others goes on doing so.
      return { ...event, run: { ...event.run, experiment, view }, fromAddress: true };
  }
  return noticeEvent(
    'offer',
    'quiet',
    'Your last run was saved on this device.',
    [],
    [
      ['Reopen', { type: 'command', command: 'restore' }],
      ['Discard', { type: 'command', command: 'forget' }],
    ],
  );
}

export async function restoreStoredWork(): Promise<PageEvent | null> {
  const text = await stored();
  if (typeof text !== 'string') return null;
  const { openText } = await import('./files.ts');
  return openText('The saved run', text);
}

export async function deleteStoredWork(): Promise<void> {
  LEFT.del();
  await SHELF.del(KEY);
}
