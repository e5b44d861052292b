import { fileFigures } from '../file/figures.ts';
import type { Adapter, ByteSource, Figures } from '../file/model.ts';

/** What was found is sent so often, in ms: the page is drawn again each time. */
const EVERY = 120;

/** Says when something is to be sent, and how long the rest will take. */
export interface Pace {
  /** So much of the work is done; true where it is time to tell. */
  readonly due: (done: number) => boolean;
  /** null before there is anything to judge by. */
  readonly secondsLeft: () => number | null;
}

/** @param all the whole of the work, in any unit. */
export function paceOf(all: number, now: () => number = () => performance.now()): Pace {
  const began = now();
  let told = began;
  let done = 0;
  return {
    due(more) {
      done = more;
      if (now() - told < EVERY) return false;
      told = now();
      return true;
    },
    secondsLeft: () => (done > 0 ? ((now() - began) / 1000) * (Math.max(0, all - done) / done) : null),
  };
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

/** Reads and measures what is not measured yet, a module at a time; what was found is told in runs of modules. */
export async function measure(
  held: OpenFile,
  tell: (from: number, figures: readonly Figures[], secondsLeft: number | null) => void,
  signal: AbortSignal,
): Promise<void> {
  const { modules } = held.asRead;
  const left = modules.filter((_, i) => !held.figures[i]);
  const pace: Pace = paceOf(left.reduce((sum, module) => sum + costOf(module), 0));
  let done = 0;
  let found: Figures[] = [];
  let from = 0;
  for (const { index } of left) {
    if (signal.aborted) break;
    const module = held.asRead.modules[index];
    if (!module) return;
    const figures = await fileFigures(held.source, module);
    held.figures[index] = figures;
    if (found.length > 0 && from + found.length !== index) {
      tell(from, found, pace.secondsLeft());
      found = [];
    }
    if (found.length === 0) from = index;
    found.push(figures);
    done += costOf(module);
    if (!pace.due(done)) continue;
    tell(from, found, pace.secondsLeft());
    found = [];
  }
  // What was read before it was stopped stays.
  if (found.length > 0) tell(from, found, null);
}

/** About as long as it takes: its bytes and a fixed part. */
const costOf = ({ d, k, rank }: Adapter['modules'][number]) => rank * (d + k) + 50_000;
