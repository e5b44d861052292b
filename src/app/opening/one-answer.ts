import { startScript } from '../worker.ts';

interface WorkerQuestion {
  /** A script that answers its one message by one. */
  readonly script: string;
  readonly name: string;
  readonly question: unknown;
  /** What the worker takes over. */
  readonly transfer?: Transferable[];
  readonly wanted: AbortSignal;
}

interface WorkerFault {
  /** A clause that continues a sentence: "the reader stopped." */
  readonly fault: string;
}

/** Longer than any file or text within the limits takes. */
const PATIENCE_MS = 60_000;

/** The answer of a reader: a dedicated worker, which is terminated afterwards. Null if aborted. */
export function workerAnswer<Answer>(asked: WorkerQuestion, start = startScript): Promise<Answer | WorkerFault | null> {
  const { script, name, question, transfer = [], wanted } = asked;
  return new Promise((resolve) => {
    let worker: Worker | null = null;
    const settle = (answer: Answer | WorkerFault | null) => {
      worker?.terminate();
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => settle({ fault: 'reading took more than a minute and was stopped.' }), PATIENCE_MS);
    wanted.addEventListener('abort', () => settle(null));
    start(script, name).then(
      (started) => {
        if (wanted.aborted) return started.terminate();
        worker = started;
        worker.onmessage = ({ data }: MessageEvent<Answer>) => settle(data);
        worker.onerror = (event) => {
          event.preventDefault();
          settle({ fault: `the reader stopped${event.message ? ` (${event.message})` : ''}.` });
        };
        worker.postMessage(question, transfer);
      },
      (error: unknown) =>
        settle({ fault: `the reader did not start (${error instanceof Error ? error.message : ''}).` }),
    );
  });
}
