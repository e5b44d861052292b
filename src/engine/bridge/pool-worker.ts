import type {
  BackgroundMessage,
  BackgroundResult,
  BackgroundRunMessage,
  BackgroundRunRecord,
} from '../protocol/background-messages.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { watchedWorker } from './watched-worker.ts';

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

export type PoolWorker = Readonly<ReturnType<typeof poolWorker>>;

interface WorkerParts {
  readonly start: () => Promise<Worker>;
  /** Ms without a run after which it ends. */
  readonly idle: number;
  readonly left: () => void;
}

/** One worker of a pool. It trains one run at a time, and may receive the next one before that has ended. */
export function poolWorker({ start, idle, left }: WorkerParts) {
  let orders: readonly JobOrder[] = [];
  /** Ms for a cancelled run, of which the worker may still be making a step. */
  let parting = 0;

  const leave = () => {
    worker.end();
    clearTimeout(resting);
    left();
  };

  /** The current run is lost with the worker; those that follow are not. */
  const fail = (why: string, kind: 'device-lost' | 'broken' = 'broken') => {
    const [first, ...others] = orders;
    orders = [];
    leave();
    for (const { returned } of others.reverse()) returned();
    first?.ended({ kind, why });
  };

  const settle = (order: JobOrder, result: PoolResult) => {
    orders = orders.filter((one) => one !== order);
    if (orders.length === 0) resting = setTimeout(leave, idle);
    order.ended(result);
  };

  const receive = ({ quiet, result }: BackgroundResult) => {
    parting = 0;
    const order = orders.find(({ message }) => message.quiet === quiet);
    if (!order) return;
    if ('why' in result && result.kind !== 'refused') fail(result.why, result.kind);
    else settle(order, result);
  };

  const worker = watchedWorker<WorkerMessage | BackgroundResult>({
    start,
    receive(message) {
      if (message.type === 'quieted') receive(message);
      else if (message.type === 'failed') fail(message.why);
    },
    patience: () => (orders.length > 0 ? Math.max(parting, orders[0].patience) : null),
    fail: (why) => fail(why),
  });
  let resting: ReturnType<typeof setTimeout> | undefined = setTimeout(leave, idle);

  return {
    orders: () => orders,
    train(order: JobOrder) {
      clearTimeout(resting);
      if (orders.length === 0) worker.excuse();
      orders = [...orders, order];
      worker.post(order.message);
    },
    cancel(order: JobOrder) {
      if (!orders.includes(order)) return;
      const cancel: BackgroundMessage = { type: 'cancel', quiet: order.message.quiet };
      if (!worker.takeBack(order.message)) worker.post(cancel);
      if (order === orders[0]) parting = Math.max(parting, order.patience);
      settle(order, { kind: 'cancelled', why: 'It was cancelled.' });
    },
  };
}
