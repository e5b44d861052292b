import { expect, it } from 'vitest';
import type { PoolResult } from '../../engine/bridge/pool.ts';
import { createStore, initialState } from '../../state/state.ts';
import { update } from '../../state/update.ts';
import { trainWaiting } from './runs-beside.ts';

it.each([
  ['rejects', () => Promise.reject(new Error('its factors are missing'))],
  [
    'throws',
    () => {
      throw new Error('its factors are missing');
    },
  ],
])('ends a run whose job %s, so that nobody waits for it', async (_, job) => {
  const store = createStore(initialState({ backend: null, stepper: null }), update, () => {});
  const results: PoolResult[] = [];
  trainWaiting<string>(store, {
    waiting: () => ['a/b'],
    changed: () => false,
    job,
    priority: 0,
    ended: (_run, result) => {
      results.push(result);
      return { type: 'hidden', hidden: true };
    },
  });
  await expect.poll(() => store.state().hidden).toBe(true);
  expect(results).toEqual([{ kind: 'broken', why: 'its factors are missing' }]);
});
