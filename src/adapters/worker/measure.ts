import { fileFigures } from '../file/figures.ts';
import type { Adapter, ByteSource, Figures } from '../file/model.ts';

/** ms between two messages on what was found: the page is drawn again each time. */
const EVERY = 120;

/** Says when something is to be sent, and how long the rest will take. */
export interface ReportPace {
  /** With this much of the work done; true if it is time to report. */
  readonly due: (done: number) => boolean;
  /** null before there is anything to judge by. */
  readonly secondsLeft: () => number | null;
}

/** @param all the whole of the work, in any unit. */
export function reportPace(all: number, now: () => number = () => performance.now()): ReportPace {
  const began = now();
  let lastReport = began;
  let done = 0;
  return {
    due(more) {
      done = more;
      if (now() - lastReport < EVERY) return false;
      lastReport = now();
      return true;
    },
    secondsLeft: () => (done > 0 ? ((now() - began) / 1000) * (Math.max(0, all - done) / done) : null),
  };
}

export type FigureReport<F> = (from: number, figures: readonly F[], secondsLeft: number | null) => void;

/** Gathers figures that follow one another, and reports them in runs. */
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

/** A file that is open. */
export interface OpenFile {
  readonly source: ByteSource;
  /** As the file says it: what is measured. */
  readonly asRead: Adapter;
  /** With the α that a person gave: what is compared and written. */
  adapter: Adapter;
  readonly figures: (Figures | null)[];
}

/** Reads and measures what is not measured yet, a module at a time. */
export async function measure(held: OpenFile, report: FigureReport<Figures>, signal: AbortSignal): Promise<void> {
  const left = held.asRead.modules.filter((_, i) => !held.figures[i]);
  const pace = reportPace(left.reduce((sum, module) => sum + costOf(module), 0));
  const runs = runsOf(report);
  let done = 0;
  for (const module of left) {
    if (signal.aborted) break;
    const figures = await fileFigures(held.source, module);
    held.figures[module.index] = figures;
    runs.put(module.index, figures);
    done += costOf(module);
    if (pace.due(done)) runs.flush(pace.secondsLeft());
  }
  // What was read before it was stopped stays.
  runs.flush(null);
}

/** About as long as it takes: its bytes and a fixed part. */
const costOf = ({ d, k, rank }: Adapter['modules'][number]) => rank * (d + k) + 50_000;
