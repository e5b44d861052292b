import type {
  BackgroundMessage,
  BackgroundResult,
  BackgroundRunMessage,
  BackgroundRunRecord,
} from '../protocol/background-messages.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';

export type PoolResult =
  | BackgroundRunRecord
  | { readonly kind: 'refused' | 'device-lost' | 'broken' | 'cancelled'; readonly why: string };

export interface JobOrder {
  readonly message: BackgroundRunMessage;
  /** Ms of silence after which a worker training this run counts as dead. */
  readonly patience: number;
  readonly ended: (result: PoolResult) => void;
  readonly returned: () => void;
}

/** One worker of a pool. It trains one run at a time, and may receive the next one before that has ended. */
export interface PoolWorker {
  readonly orders: () => readonly JobOrder[];
  readonly train: (order: JobOrder) => void;
  readonly cancel: (order: JobOrder) => void;
}

interface WorkerParts {
  readonly start: () => Promise<Worker>;
  /** Ms without a run after which it ends. */
  readonly idle: number;
  readonly left: () => void;
}

const CHECK_EVERY = 2000;

export function poolWorker({ start, idle, left }: WorkerParts): PoolWorker {
  let worker: Worker | null = null;
  let orders: readonly JobOrder[] = [];
  let over = false;
  let heard = 0;
  /** Ms for a cancelled run, of which the worker may still be making a step. */
  let parting = 0;
  let watching: ReturnType<typeof setInterval> | null = null;
  let resting: ReturnType<typeof setTimeout> | null = setTimeout(() => leave(), idle);

  const post = (message: BackgroundMessage) => worker?.postMessage(message);

  const leave = () => {
    over = true;
    worker?.terminate();
    if (watching !== null) clearInterval(watching);
    if (resting !== null) clearTimeout(resting);
    left();
  };

  const settle = (order: JobOrder, result: PoolResult) => {
    orders = orders.filter((one) => one !== order);
    if (orders.length === 0) resting = setTimeout(leave, idle);
    order.ended(result);
  };

  /** The current run is lost with the worker; those that follow are not. */
  const fail = (why: string, kind: 'device-lost' | 'broken' = 'broken') => {
    if (over) return;
    const [first, ...others] = orders;
    orders = [];
    leave();
    for (const { returned } of others.reverse()) returned();
    first?.ended({ kind, why });
  };

  const receive = ({ quiet, result }: BackgroundResult) => {
    parting = 0;
    const order = orders.find(({ message }) => message.quiet === quiet);
    if (!order) return;
    if ('why' in result && result.kind !== 'refused') fail(result.why, result.kind);
    else settle(order, result);
  };

  const listen = (made: Worker) => {
    worker = made;
    heard = performance.now();
    made.onmessage = ({ data }: MessageEvent<WorkerMessage | BackgroundResult>) => {
      heard = performance.now();
      if (data.type === 'quieted') receive(data);
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
      const [first] = orders;
      if (first && now - heard > Math.max(parting, first.patience)) fail('The worker stopped responding.');
    }, CHECK_EVERY);
    for (const { message } of orders) post(message);
  };

  start().then(
    (made) => (over ? made.terminate() : listen(made)),
    (error: unknown) => fail(`The worker could not be started: ${String(error)}.`),
  );

  return {
    orders: () => orders,
    train(order) {
      if (resting !== null) clearTimeout(resting);
      resting = null;
      if (worker && orders.length === 0) heard = performance.now();
      orders = [...orders, order];
      post(order.message);
    },
    cancel(order) {
      if (!orders.includes(order)) return;
      post({ type: 'cancel', quiet: order.message.quiet });
      if (order === orders[0]) parting = Math.max(parting, order.patience);
      settle(order, { kind: 'cancelled', why: 'It was cancelled.' });
    },
  };
}
