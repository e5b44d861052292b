import { fileFigures } from '../file/figures.ts';
import type { Adapter, ByteSource, Figures } from '../file/model.ts';

/** ms between two reports: the page is drawn again each time. */
const EVERY = 120;

export interface ReportPace {
  readonly due: (done: number) => boolean;
  readonly secondsLeft: () => number | null;
}

/** @param all the total work, in any unit. */
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

export interface OpenFile {
  readonly source: ByteSource;
  /** With the file's α: this is measured. */
  readonly asRead: Adapter;
  /** With the α that a person gave: this is compared and written. */
  adapter: Adapter;
  readonly figures: (Figures | null)[];
}

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
  // Figures read before a stop are kept.
  runs.flush(null);
}

/** Estimated time: its bytes plus a fixed part. */
const costOf = ({ d, k, rank }: Adapter['modules'][number]) => rank * (d + k) + 50_000;
