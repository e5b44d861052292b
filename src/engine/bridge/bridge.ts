import type { PageMessage, RunMessage } from '../protocol/page-messages.ts';
import type { FailedMessage, WorkerMessage } from '../protocol/worker-messages.ts';
import { watchedWorker } from './watched-worker.ts';

/** A worker whose loop is free sends a beat every two seconds. */
const AT_LEAST_MS = 20_000;
/** Plain script and TensorFlow.js on a processor take 2 to 9 ns per product; a machine may be a few times slower. */
const NS_A_PRODUCT = 40;

/** Ms of silence after which a worker counts as dead: during a step it sends no beat. */
export function maxSilence({ experiment: { d, k, rank } }: Pick<RunMessage, 'experiment'>): number {
  return AT_LEAST_MS + 1e-6 * NS_A_PRODUCT * d * k * rank;
}

export interface Bridge {
  readonly send: (message: PageMessage) => void;
  /** Ends the run of this session at once: terminates the worker unless another session has a run in it. */
  readonly stop: (session: number) => void;
}

interface BridgeOptions {
  readonly start: () => Promise<Worker>;
  readonly receive: (message: WorkerMessage) => void;
  /** Ms of silence after which a worker with this run counts as dead. */
  readonly patience?: (run: RunMessage) => number;
}

interface SessionRun {
  readonly run: number;
  /** In ms: for this run alone; until it is ready also for the one before, of which the worker may be making a step. */
  readonly own: number;
  readonly patience: number;
}

/** The page's side of the protocol: starts the worker, acknowledges frames, and reports a dead worker. */
export function createBridge({ start, receive, patience = maxSilence }: BridgeOptions): Bridge {
  let worker: ReturnType<typeof watchedWorker> | null = null;
  const asked = new Map<number, SessionRun>();
  /** Ms for closed sessions: the worker may be making their steps until its next run is ready. */
  let parting = 0;

  const end = () => {
    worker?.end();
    worker = null;
    asked.clear();
    parting = 0;
  };

  /** The worker is useless now, and with it every run it had. */
  const fail = (why: string, kindOf: (run: number) => FailedMessage['kind'] = () => 'broken') => {
    const runs = [...asked.values()];
    end();
    for (const { run } of runs) receive({ type: 'failed', run, kind: kindOf(run), why });
  };

  const receiveMessage = (message: WorkerMessage) => {
    if (message.type === 'beat') return;
    const [session, one] = [...asked].find(([, { run }]) => run === message.run) ?? [];
    if (session === undefined || one === undefined) return;
    // A lost graphics device never comes back inside this worker; the other runs continue in a fresh one.
    if (message.type === 'failed' && message.kind !== 'refused') {
      return fail(message.why, (run) => (run === message.run ? message.kind : 'device-lost'));
    }
    if (message.type === 'ready') {
      asked.set(session, { ...one, patience: one.own });
      parting = 0;
    }
    if (message.type === 'frame') {
      worker?.post({ type: 'ack', run: message.run, frame: message.frame } satisfies PageMessage);
    }
    receive(message);
  };

  const begin = () =>
    watchedWorker<WorkerMessage>({
      start,
      receive: receiveMessage,
      patience: () => (asked.size > 0 ? Math.max(parting, ...[...asked.values()].map((one) => one.patience)) : null),
      fail: (why) => fail(why),
    });

  const send = (message: PageMessage) => {
    if (message.type === 'run') {
      const own = patience(message);
      const before = worker?.isOpen ? (asked.get(message.session)?.patience ?? 0) : 0;
      asked.set(message.session, { run: message.run, own, patience: Math.max(own, before) });
      worker ??= begin();
    }
    if (message.type === 'leave') {
      parting = Math.max(parting, asked.get(message.session)?.patience ?? 0);
      asked.delete(message.session);
    }
    worker?.post(message);
  };

  return {
    send,
    stop(session) {
      const others = [...asked.keys()].some((other) => other !== session);
      if (others) send({ type: 'leave', session });
      else end();
    },
  };
}
