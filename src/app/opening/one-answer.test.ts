import { expect, it } from 'vitest';
import { workerAnswer } from './one-answer.ts';

/** A worker whose script is the test. */
function madeWorker() {
  const posted: unknown[] = [];
  const made = { onmessage: null, onerror: null, ended: 0, posted } as unknown as Worker & {
    ended: number;
    readonly posted: unknown[];
  };
  made.postMessage = (message: unknown) => void posted.push(message);
  made.terminate = () => {
    made.ended++;
  };
  return made;
}

function ask(start: (made: Worker) => Promise<Worker> = async (made) => made) {
  const made = madeWorker();
  const stop = new AbortController();
  const asked = { script: 'a.js', name: 'reader', question: 'q', wanted: stop.signal };
  return { made, stop, answer: workerAnswer<string>(asked, () => start(made)) };
}

it('asks once, and ends the worker with its answer', async () => {
  const { made, answer } = ask();
  await expect.poll(() => made.posted).toEqual(['q']);
  made.onmessage?.({ data: 'yes' } as MessageEvent<string>);
  expect(await answer).toBe('yes');
  expect(made.ended).toBe(1);
});

it('ends it when nobody wants the answer, also if it starts only then', async () => {
  const { made, stop, answer } = ask();
  await expect.poll(() => made.posted).toHaveLength(1);
  stop.abort();
  expect(await answer).toBeNull();
  expect(made.ended).toBe(1);
  const late = ask();
  late.stop.abort();
  expect(await late.answer).toBeNull();
  await expect.poll(() => late.made.ended).toBe(1);
  expect(late.made.posted).toEqual([]);
});

it('says why there is no answer', async () => {
  const missing = ask(() => Promise.reject(new Error('the worker script is missing (404)')));
  expect(await missing.answer).toEqual({ fault: 'the reader did not start (the worker script is missing (404)).' });
  const { made, answer } = ask();
  await expect.poll(() => made.posted).toHaveLength(1);
  made.onerror?.({ message: 'out of memory', preventDefault: () => {} } as ErrorEvent);
  expect(await answer).toEqual({ fault: 'the reader stopped (out of memory).' });
});
