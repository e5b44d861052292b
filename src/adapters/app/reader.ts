import { startScript } from '../../app/worker.ts';
import type { Fault } from '../file/model.ts';
import workerUrl from '../worker/adapters-worker.ts?worker&url';
import type { AdaptersMessage, AdaptersNews, CallMessage, RemoteCalls } from '../worker/protocol.ts';

/** The worker that reads adapter files: started by the first call, and again after it has died. */
export function createReader(onMessage: (news: AdaptersNews) => void, died: (why: string) => void): RemoteCalls {
  let worker: Promise<Worker> | null = null;
  let orders = 0;
  const waiting = new Map<number, (answer: unknown) => void>();

  const fail = (why: string) => {
    void worker?.then((made) => made.terminate());
    worker = null;
    const fault: Fault = { fault: 'The reader of adapter files stopped.', details: why };
    for (const answer of waiting.values()) answer(fault);
    waiting.clear();
    died(why);
  };

  const start = async () => {
    const made = await startScript(workerUrl, 'adapters');
    made.onmessage = ({ data }: MessageEvent<AdaptersMessage>) => {
      if (data.type !== 'answer') return onMessage(data);
      waiting.get(data.order)?.(data.answer);
      waiting.delete(data.order);
    };
    made.onerror = (event) => {
      event.preventDefault();
      fail(event.message || 'the worker script could not be started.');
    };
    made.onmessageerror = () => fail('a message could not be read.');
    return made;
  };

  const call = (name: CallMessage['name'], args: CallMessage['args']) =>
    new Promise((resolve) => {
      const order = orders++;
      waiting.set(order, resolve);
      worker ??= start();
      worker.then(
        (made) => made.postMessage({ order, name, args } satisfies CallMessage),
        (error: unknown) => fail(String(error)),
      );
    });

  // Every property is a call that the worker answers.
  return new Proxy({} as RemoteCalls, {
    get:
      (_, name: CallMessage['name']) =>
      (...args: CallMessage['args']) =>
        call(name, args),
  });
}
