import { fileFigures } from '../file/figures/file-figures.ts';
import type { Adapter, ByteSource, Figures } from '../file/model.ts';
import { type Pace, paceOf } from './pace.ts';

/** A file that is open. */
export interface Held {
  readonly source: ByteSource;
  /** As the file says it: what is measured. */
  readonly asRead: Adapter;
  /** With the α that a person gave: what is compared and written. */
  adapter: Adapter;
  readonly figures: (Figures | null)[];
}

/** Reads and measures what is not measured yet, a module at a time; what was found is told in runs of modules. */
export async function measure(
  held: Held,
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
