const CHECK_EVERY = 2000;

interface WatchedWorkerParts<M> {
  /** Starts a worker. May reject: the script is missing, or workers are not allowed here. */
  readonly start: () => Promise<Worker>;
  readonly receive: (message: M) => void;
  /** Ms of silence after which the worker counts as dead; null while it has nothing to do. */
  readonly patience: () => number | null;
  /** The worker is useless from now on, for this reason. */
  readonly fail: (why: string) => void;
}

/**
 * A worker that is started, sent the messages that were posted meanwhile, and watched: an unhandled rejection or close()
 * in a worker raises no event on the page, hence its heartbeat. Nothing is reported once it has ended.
 */
export function watchedWorker<M>({ start, receive, patience, fail }: WatchedWorkerParts<M>) {
  let worker: Worker | null = null;
  let waiting: object[] = [];
  let over = false;
  let heard = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const report = (why: string) => {
    if (!over) fail(why);
  };
  const listen = (made: Worker) => {
    worker = made;
    heard = performance.now();
    made.onmessage = ({ data }: MessageEvent<M>) => {
      if (over) return;
      heard = performance.now();
      receive(data);
    };
    made.onerror = (event) => {
      event.preventDefault();
      report(event.message ? `The worker failed: ${event.message}.` : 'The worker script could not be started.');
    };
    made.onmessageerror = () => report('A message from the worker could not be read.');
    let last = heard;
    timer = setInterval(() => {
      const now = performance.now();
      // A page that slept (hidden, suspended) says nothing about the worker.
      if (now - last > 3 * CHECK_EVERY) heard = now;
      last = now;
      const max = patience();
      if (max !== null && now - heard > max) report('The worker stopped responding.');
    }, CHECK_EVERY);
    for (const message of waiting) made.postMessage(message);
    waiting = [];
  };

  start().then(
    (made) => (over ? made.terminate() : listen(made)),
    (error: unknown) => report(`The worker could not be started: ${String(error)}.`),
  );

  return {
    get isOpen() {
      return worker !== null;
    },
    post(message: object) {
      if (worker) worker.postMessage(message);
      else waiting.push(message);
    },
    /** Whether this message was still waiting, and is never sent now. */
    takeBack(message: object): boolean {
      const before = waiting.length;
      waiting = waiting.filter((one) => one !== message);
      return waiting.length < before;
    },
    /** Silence counts from now. */
    excuse() {
      heard = performance.now();
    },
    end() {
      over = true;
      worker?.terminate();
      clearInterval(timer);
    },
  };
}
