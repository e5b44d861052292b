import { expect, it } from 'vitest';
import { LARGEST_BUDGET, LONGEST_RUN } from '../experiment/settings/bounds.ts';
import { emptyTrace, extend } from '../state/run/trace.ts';
import { entries, idle } from '../state/testing/page.ts';
import { createInterface } from './page-interface.ts';
import { trainedStore } from './testing/store.ts';

it('train(n) past the longest run is refused with a sentence, and nothing is trained', async () => {
  const at = LONGEST_RUN - 5;
  const start = idle();
  const trace = extend(emptyTrace(), entries(0, new Float64Array(at + 1)));
  const store = trainedStore({ ...start, run: { ...start.run, status: 'paused', trace, workerStep: at } });
  const lora = createInterface(store, '1', Promise.resolve());
  await expect(lora.train(6)).rejects.toThrow(`A run has at most ${LONGEST_RUN} steps; this one is at step ${at}.`);
  expect(store.state().run.status).toBe('paused');
  await expect(lora.train(LARGEST_BUDGET + 1)).rejects.toThrow(/whole number of steps from 1 to 100000/);
  void lora.train(5);
  await Promise.resolve().then(() => {});
  await expect.poll(() => store.state().run.wanted.until).toBe(LONGEST_RUN);
});

it('sweep() is refused with a sentence where the link asks for none', async () => {
  const lora = createInterface(trainedStore(idle()), '1', Promise.resolve());
  await expect(lora.sweep()).rejects.toThrow('The link asks for no sweep');
});
