import { startScript } from '../../app/worker.ts';
import workerUrl from '../worker/adapters-worker.ts?worker&url';
import type { AdaptersDown, AdaptersUp, Answer } from '../worker/protocol.ts';

type ReaderRequest<M = AdaptersDown> = M extends { readonly order: number } ? Omit<M, 'order'> : never;

export interface Reader {
  readonly tell: (message: AdaptersDown) => void;
  /** Never rejects: what could not be had is a fault. */
  readonly ask: (message: ReaderRequest) => Promise<Answer>;
}

/** The worker that reads adapter files: started by the first message, and anew after it has died. */
export function createReader(
  hear: (message: Exclude<AdaptersUp, { readonly type: 'answer' }>) => void,
  died: (why: string) => void,
): Reader {
  let worker: Promise<Worker> | null = null;
  let orders = 0;
  const asked = new Map<number, (answer: Answer) => void>();

  const fail = (why: string) => {
    void worker?.then((made) => made.terminate());
    worker = null;
    for (const answer of asked.values()) answer({ fault: 'The reader of adapter files stopped.', details: why });
    asked.clear();
    died(why);
  };

  const start = async () => {
    const made = await startScript(workerUrl, 'adapters');
    made.onmessage = ({ data }: MessageEvent<AdaptersUp>) => {
      if (data.type !== 'answer') return hear(data);
      asked.get(data.order)?.(data.answer);
      asked.delete(data.order);
    };
    made.onerror = (event) => {
      event.preventDefault();
      fail(event.message || 'the worker script could not be started.');
    };
    made.onmessageerror = () => fail('a message could not be read.');
    return made;
  };

  const tell = (message: AdaptersDown) => {
    worker ??= start();
    worker.then(
      (made) => made.postMessage(message),
      (error: unknown) => fail(String(error)),
    );
  };

  return {
    tell,
    ask(message) {
      const order = orders++;
      return new Promise((resolve) => {
        asked.set(order, resolve);
        tell({ ...message, order });
      });
    },
  };
}
