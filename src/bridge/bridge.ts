import type { Down, RunMessage } from '../protocol/down.ts';
import type { Up } from '../protocol/up.ts';
import { patienceFor } from './patience.ts';

export interface Bridge {
  /** A message for the worker; a `run` starts a worker where there is none. */
  readonly send: (message: Down) => void;
  /** Ends the worker at once, e.g. in the middle of a preparation. The next `run` starts a fresh one. */
  readonly stop: () => void;
}

export interface BridgeOptions {
  /** Starts a worker. May reject: the script is missing, or workers are not allowed here. */
  readonly start: () => Promise<Worker>;
  readonly receive: (message: Up) => void;
  /** A worker that is silent for so long while it has this run is dead. In ms. */
  readonly patience?: (run: RunMessage) => number;
}

const CHECK_EVERY = 2000;

/**
 * The page's side of the protocol: starts the worker, numbers nothing itself but knows the run that was asked for last,
 * acknowledges frames, and tells of a worker that died. An unhandled rejection or close() in a worker raises no event
 * on the page, hence the heartbeat.
 */
export function createBridge({ start, receive, patience = patienceFor }: BridgeOptions): Bridge {
  let worker: Worker | null = null;
  let starting = 0;
  let waiting: Down[] = [];
  let run = 0;
  let heard = 0;
  /** For the run that was asked for last, and for what the worker may be doing: a step of the run before. */
  let own = 0;
  let longest = 0;
  let timer: ReturnType<typeof setInterval> | null = null;

  const stop = () => {
    worker?.terminate();
    worker = null;
    starting++;
    waiting = [];
    if (timer !== null) clearInterval(timer);
    timer = null;
  };

  const fail = (why: string) => {
    stop();
    receive({ type: 'failed', run, kind: 'broken', why });
  };

  const listen = (made: Worker) => {
    worker = made;
    heard = performance.now();
    made.onmessage = ({ data }: MessageEvent<Up>) => {
      if (worker !== made) return;
      heard = performance.now();
      if (data.type === 'beat' || data.run < run) return;
      // It has left the run before.
      if (data.type === 'ready') longest = own;
      if (data.type === 'frame') made.postMessage({ type: 'ack', run: data.run, frame: data.frame } satisfies Down);
      receive(data);
      // A lost graphics device never comes back inside this worker.
      if (data.type === 'failed' && data.kind !== 'refused') stop();
    };
    made.onerror = (event) => {
      event.preventDefault();
      if (worker === made)
        fail(event.message ? `The worker failed: ${event.message}.` : 'The worker script could not be started.');
    };
    made.onmessageerror = () => worker === made && fail('A message of the worker could not be read.');
    let last = performance.now();
    timer = setInterval(() => {
      const now = performance.now();
      // A page that slept (hidden, suspended) says nothing about the worker.
      if (now - last > 3 * CHECK_EVERY) heard = now;
      last = now;
      if (worker === made && now - heard > longest) fail('The worker no longer answers.');
    }, CHECK_EVERY);
    for (const message of waiting) made.postMessage(message);
    waiting = [];
  };

  const begin = (message: RunMessage) => {
    const mine = ++starting;
    waiting = [message];
    start().then(
      (made) => (mine === starting ? listen(made) : made.terminate()),
      (error: unknown) => mine === starting && fail(`The worker could not be started: ${String(error)}.`),
    );
  };

  return {
    stop,
    send: (message) => {
      if (message.type === 'run') {
        run = message.run;
        own = patience(message);
        longest = worker ? Math.max(longest, own) : own;
      }
      if (worker) worker.postMessage(message);
      else if (message.type === 'run') begin(message);
      else if (waiting.length > 0) waiting.push(message);
    },
  };
}
