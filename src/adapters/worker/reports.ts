import { inOrder } from '../file/work/schedule.ts';

/** ms between two reports: the page is drawn again each time. */
const EVERY = 250;
/** A page may draw for one part of this many: the rest of the machine computes. */
const PARTS = 4;
/** ms after which a page that does not say that it has drawn, since it is hidden, gets the next report. */
const PATIENCE = 1500;

export interface ReportPace {
  readonly due: (done: number) => boolean;
  readonly secondsLeft: () => number | null;
}

/** @param all the total work, in any unit. @param drawnAt when the page had drawn, if it says so */
export function reportPace(all: number, drawnAt?: () => number): ReportPace {
  const began = performance.now();
  let lastReport = began;
  let reported = false;
  let done = 0;
  return {
    due(more) {
      done = more;
      const since = performance.now() - lastReport;
      const drawing = !drawnAt || !reported ? 0 : drawnAt() > lastReport ? drawnAt() - lastReport : since;
      if (since < EVERY || since < Math.min(PATIENCE, PARTS * drawing)) return false;
      lastReport = performance.now();
      reported = true;
      return true;
    },
    secondsLeft: () => (done > 0 ? ((performance.now() - began) / 1000) * (Math.max(0, all - done) / done) : null),
  };
}

export type FigureReport<F> = (from: number, figures: readonly F[], secondsLeft: number | null) => void;

export function runsOf<F>(report: FigureReport<F>) {
  let from = 0;
  let run: F[] = [];
  const flush = (secondsLeft: number | null) => {
    if (run.length > 0) report(from, run, secondsLeft);
    run = [];
  };
  const put = (index: number, figures: F) => {
    if (from + run.length !== index) flush(null);
    if (run.length === 0) from = index;
    run.push(figures);
    return run.length;
  };
  return { put, flush };
}

export interface Walk<T, F> {
  readonly items: readonly T[];
  readonly bytesOf: (item: T) => number;
  readonly indexOf: (item: T) => number;
  /** Estimated time, in any unit. */
  readonly cost: (item: T) => number;
  readonly read: (item: T) => Promise<F>;
}

export interface WalkOptions {
  readonly signal: AbortSignal;
  readonly ahead: () => number;
  readonly drawnAt: () => number;
}

/** Reads items, `ahead()` at a time, and reports runs of figures in their order; those read before a stop are kept. */
export async function walk<T, F>(
  { items, indexOf, cost, read, bytesOf }: Walk<T, F>,
  report: FigureReport<F>,
  { signal, ahead, drawnAt }: WalkOptions,
) {
  const pace = reportPace(
    items.reduce((sum, item) => sum + cost(item), 0),
    drawnAt,
  );
  const runs = runsOf(report);
  let done = 0;
  try {
    for await (const [item, figures] of inOrder(items, read, { ahead, bytesOf })) {
      runs.put(indexOf(item), figures);
      done += cost(item);
      if (signal.aborted) break;
      if (pace.due(done)) runs.flush(pace.secondsLeft());
    }
  } finally {
    runs.flush(null);
  }
}

/** Runs work a piece at a time: what takes the one place of memory for a matrix, for example. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Each piece waits for the one before, whether that succeeds or fails. */
export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
