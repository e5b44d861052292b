import { expect, it, vi } from 'vitest';
import { trainingStore } from '../../app/testing/store.ts';
import type { AdaptersEvent } from '../state/adapters-state.ts';
import { INITIAL_STATE, updateAdapters } from '../state/update-adapters.ts';
import type { AdaptersStore } from '../view/context.tsx';
import { opened } from './open-modules.ts';

function adaptersStore(): AdaptersStore {
  let state = INITIAL_STATE;
  const dispatch = (event: AdaptersEvent) => {
    state = updateAdapters(state, event);
  };
  return { state: () => state, dispatch, subscribe: () => () => {}, react: () => () => {} };
}

it('what takes a while to open in the Lab is named, and Cancel leaves the Lab alone', async () => {
  vi.useFakeTimers();
  const [store, lab, fail] = [adaptersStore(), trainingStore(), vi.fn()];
  const before = lab.state();
  const slow = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('No such tensor.'), ms));
  const opening = { store, lab, name: 'layer 0 · attention q', fail };

  const quick = opened(opening, () => slow(100));
  await vi.advanceTimersByTimeAsync(90);
  expect(store.state().work).toBeNull();
  await vi.advanceTimersByTimeAsync(10);
  expect(await quick).toBeNull();
  expect(fail.mock.calls).toEqual([['No such tensor.']]);

  const long = opened(opening, () => slow(3000));
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.state().work).toMatchObject({ does: 'opening', name: 'layer 0 · attention q' });
  store.dispatch({ type: 'cancel' });
  await vi.advanceTimersByTimeAsync(2000);
  expect(await long).toBeNull();
  expect(fail).toHaveBeenCalledTimes(1);
  expect(store.state().work).toBeNull();
  expect(lab.state()).toBe(before);
  vi.useRealTimers();
});
