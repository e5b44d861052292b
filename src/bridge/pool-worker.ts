import type { QuietDown, QuietedMessage, QuietMessage, QuietRecord } from '../protocol/quiet.ts';
import type { Up } from '../protocol/up.ts';

/** How a run ended: its record, or why there is none. */
export type PoolResult =
  | QuietRecord
  | { readonly kind: 'refused' | 'device-lost' | 'broken' | 'cancelled'; readonly why: string };

export interface Order {
  readonly message: QuietMessage;
  /** A worker that is silent for so long while it has this run is dead. In ms. */
  readonly patience: number;
  readonly ended: (result: PoolResult) => void;
}

/** One worker of a pool. It has one run at a time. */
export interface PoolWorker {
  readonly isFree: () => boolean;
  readonly train: (order: Order) => void;
  /** The run that it has is no longer wanted. */
  readonly cancel: () => void;
}

interface Parts {
  readonly start: () => Promise<Worker>;
  /** It ends after so long without a run, in ms. */
  readonly idle: number;
  /** It has ended, by itself or not, and is of no more use. */
  readonly left: () => void;
}

const CHECK_EVERY = 2000;

export function poolWorker({ start, idle, left }: Parts): PoolWorker {
  let worker: Worker | null = null;
  let present: Order | null = null;
  let over = false;
  let heard = 0;
  /** Of a run that was cancelled: the worker may still be making a step of it. */
  let parting = 0;
  let watching: ReturnType<typeof setInterval> | null = null;
  let resting: ReturnType<typeof setTimeout> | null = setTimeout(() => leave(), idle);

  const tell = (message: QuietDown) => worker?.postMessage(message);

  const leave = () => {
    over = true;
    worker?.terminate();
    if (watching !== null) clearInterval(watching);
    if (resting !== null) clearTimeout(resting);
    left();
  };

  const settle = (result: PoolResult) => {
    const before = present;
    present = null;
    resting = setTimeout(leave, idle);
    before?.ended(result);
  };

  const fail = (why: string, kind: 'device-lost' | 'broken' = 'broken') => {
    if (over) return;
    const before = present;
    present = null;
    leave();
    before?.ended({ kind, why });
  };

  const hear = ({ quiet, result }: QuietedMessage) => {
    parting = 0;
    if (quiet !== present?.message.quiet) return;
    if ('why' in result && result.kind !== 'refused') fail(result.why, result.kind);
    else settle(result);
  };

  const listen = (made: Worker) => {
    worker = made;
    heard = performance.now();
    made.onmessage = ({ data }: MessageEvent<Up | QuietedMessage>) => {
      heard = performance.now();
      if (data.type === 'quieted') hear(data);
      else if (data.type === 'failed') fail(data.why);
    };
    made.onerror = (event) => {
      event.preventDefault();
      fail(event.message ? `The worker failed: ${event.message}.` : 'The worker script could not be started.');
    };
    made.onmessageerror = () => fail('A message from the worker could not be read.');
    let last = heard;
    watching = setInterval(() => {
      const now = performance.now();
      // A page that slept (hidden, suspended) says nothing about the worker.
      if (now - last > 3 * CHECK_EVERY) heard = now;
      last = now;
      if (present && now - heard > Math.max(parting, present.patience)) fail('The worker stopped responding.');
    }, CHECK_EVERY);
    if (present) tell(present.message);
  };

  start().then(
    (made) => (over ? made.terminate() : listen(made)),
    (error: unknown) => fail(`The worker could not be started: ${String(error)}.`),
  );

  return {
    isFree: () => present === null,
    train(order) {
      if (resting !== null) clearTimeout(resting);
      resting = null;
      present = order;
      if (worker) heard = performance.now();
      tell(order.message);
    },
    cancel() {
      if (!present) return;
      tell({ type: 'cancel', quiet: present.message.quiet });
      parting = Math.max(parting, present.patience);
      settle({ kind: 'cancelled', why: 'It was cancelled.' });
    },
  };
}
