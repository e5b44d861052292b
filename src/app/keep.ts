import { del, get, set } from 'idb-keyval';
import { turn } from '../engine/turn.ts';
import type { PageEvent } from '../state/events.ts';
import { lastStep } from '../state/run.ts';
import { isTooLong, runTextOf } from '../state/run-text.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';

const KEY = 'lora-explorer/kept-run';

/** Storage can be refused, at once or later: then nothing is kept. */
async function quietly<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}

const kept = () => quietly(() => get<unknown>(KEY));

/** Work that is not in the address (a run that has moved) is kept for after a reload or a crash. Never throws: storage can be refused. */
export function keepWork(store: Store, version: string): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writes = 0;
  const write = async () => {
    timer = null;
    const mine = ++writes;
    const { run } = store.state();
    const text = lastStep(run) > 0 && !isTooLong(run) ? await runTextOf(run, version, false, turn) : null;
    if (text && mine === writes) void quietly(() => set(KEY, text.pieces.join('')));
  };
  store.react((now: State, before: State) => {
    const ended =
      now.run.status !== before.run.status && now.run.status !== 'training' && now.run.status !== 'preparing';
    if (ended && lastStep(now.run) > 0 && before.run.status === 'training' && timer === null)
      timer = setTimeout(write, 500);
  });
}

/** The event that offers what was kept, if anything. */
export async function offerKept(): Promise<PageEvent | null> {
  if (typeof (await kept()) !== 'string') return null;
  return {
    type: 'notice',
    notice: {
      about: 'offer',
      tone: 'plain',
      title: 'Your last run is still here.',
      texts: ['It was kept on this device when the page was closed or reloaded.'],
      actions: [
        { label: 'Open it', event: { type: 'command', command: 'restore' } },
        { label: 'Forget it', event: { type: 'command', command: 'forget' } },
      ],
    },
  };
}

export async function restoreKept(): Promise<PageEvent | null> {
  const text = await kept();
  if (typeof text !== 'string') return null;
  const { openText } = await import('./files.ts');
  return openText('The kept run', text);
}

export async function forgetKept(): Promise<void> {
  await quietly(() => del(KEY));
}
