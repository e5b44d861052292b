import type { Status } from '../../experiment/run-file/run-file.ts';
import type { HistoryFrame, RunRecord } from '../../experiment/run-file/run-record.ts';
import { reachOf } from '../select.ts';
import type { State, UndoStep } from '../state.ts';
import { frameBytes } from './history.ts';
import { lastStep, type Run } from './run.ts';

/** Steps of undo. */
const MOST = 200;
/** Bytes of the runs in all steps of undo or in a list of runs; and of a single one. */
export const MOST_BYTES = 64e6;
const MOST_OF_ONE = 8e6;

/** The current state as a step of undo. `run`: include the run, since it is being replaced. */
export function undoStep(state: State, run: boolean): UndoStep {
  const { sweep, repeat } = state.view;
  return { experiment: state.experiment, run: run ? compactLive(state) : null, plan: { sweep, repeat }, pins: null };
}

/** Appends a step of undo; if there are too many, first the runs of the oldest are dropped, then the oldest. */
export function withUndoStep(list: readonly UndoStep[], step: UndoStep): readonly UndoStep[] {
  let bytes = 0;
  const kept = [...list, step].slice(-MOST);
  for (let i = kept.length - 1; i >= 0; i--) {
    const { run } = kept[i];
    bytes += run ? bytesOf(run) : 0;
    if (run && bytes > MOST_BYTES) kept[i] = { ...kept[i], run: null };
  }
  return kept;
}

export function stepped({ past }: State, step: UndoStep): Pick<State, 'past' | 'future' | 'group'> {
  return { past: withUndoStep(past, step), future: [], group: null };
}

/** The run of the settings on screen without what its link rebuilds; null if it has no step. */
export function compactLive({ run: shown, next }: State): RunRecord | null {
  const run = next ? next.run : shown;
  if (next?.behind || lastStep(run) <= 0) return null;
  return compactRun(run, next ? (next.after ?? 'paused') : run.status);
}

/** A run as finished data: without what its link rebuilds, and with a bounded number of frames. */
export function compactRun(run: Run, ending: Status): RunRecord {
  const { origin, experiment, view, changes, more, rate, computed, secondsPerStep, held, contradictions } = run;
  const { modules, trace, samples, losses, update, hand } = run;
  const reach = reachOf(run);
  return {
    ...{ origin, experiment, view, changes, more, rate, computed, secondsPerStep, held, contradictions },
    ...{ modules, trace, samples, losses, update, hand },
    status: ending === 'training' || ending === 'preparing' ? 'paused' : ending,
    frames: thinned(run.frames),
    reach: reach ? { ...reach, effectiveRank: null } : run.reach,
  };
}

/** At most as many frames as may be kept: the first, the last, and every nth between. */
function thinned(frames: readonly HistoryFrame[]): readonly HistoryFrame[] {
  const every = Math.ceil(frames.reduce((sum, frame) => sum + frameBytes(frame), 0) / MOST_OF_ONE);
  return every <= 1 ? frames : frames.filter((_, i) => i % every === 0 || i === frames.length - 1);
}

export function bytesOf({ frames, trace, samples }: RunRecord): number {
  const spectra = samples.reduce((sum, one) => sum + one.spectra.reduce((n, s) => n + 8 * (s?.length ?? 0), 0), 0);
  return frames.reduce((sum, frame) => sum + frameBytes(frame), 48 * trace.length + spectra);
}
