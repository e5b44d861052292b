import type { Pool, PoolJob, PoolResult, PoolRun } from '../../engine/bridge/pool.ts';
import type { QuietRecord } from '../../engine/protocol/quiet-messages.ts';
import { stepNearFloor } from '../../experiment/layer/floor.ts';
import type { Cell } from '../../experiment/plan/sweep.ts';
import type { CellResult } from '../../experiment/plan/sweep-file.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

/** How a sweep is followed, and ended. */
export interface SweepTold {
  /** Told of each cell as it ends, with its whole record where it was trained. */
  readonly onCell?: (cell: number, result: CellResult, record: QuietRecord | null) => void;
  /** Aborted: what is done stays, and nothing more is run. */
  readonly signal?: AbortSignal;
  /** True for what a script asked for: a hidden page does not hold it up. */
  readonly scripted?: boolean;
  /** Steps at which losses are wanted of a run too. */
  readonly observe?: (experiment: Experiment) => readonly number[] | undefined;
}

interface SweepRun extends SweepTold {
  readonly cells: readonly Cell[];
  readonly pool: Pool;
  /** What `data` of the experiment holds, decoded; null where it holds nothing. */
  readonly drawing?: PoolJob['drawing'];
  /** By cell, what is known already: figures are not worked out again. */
  readonly known?: readonly (CellResult | null)[];
}

/** Cells that the pool is asked for at a time: more than it has workers, so that none waits for this thread. */
const ASKED = 32;

/**
 * Runs the cells of a sweep on the pool, in their order. Resolves with what came of each, null where it was not run; never
 * rejects.
 */
export async function runSweep(sweep: SweepRun): Promise<readonly (CellResult | null)[]> {
  const { cells, pool, drawing = null, known = [], onCell, signal, scripted, observe } = sweep;
  const figures = (result: CellResult | null = null) => (result && 'why' in result ? null : result);
  const results: (CellResult | null)[] = cells.map(({ why }, i) => (why === null ? figures(known[i]) : { why }));
  const left = cells.flatMap(({ experiment }, i) => (experiment && results[i] === null ? [{ i, experiment }] : []));
  const end = (i: number, result: PoolResult) => {
    if ('why' in result && result.kind === 'cancelled') return;
    const told = figuresOf(result);
    results[i] = told;
    onCell?.(i, told, 'why' in result ? null : result);
  };
  const going = new Set<PoolRun>();
  // So many chains of runs, each asking for the next that is left when one has ended.
  const chain = async (): Promise<void> => {
    for (let next = left.shift(); next && !signal?.aborted; next = left.shift()) {
      const run = pool.run({ experiment: next.experiment, drawing, observe: observe?.(next.experiment) }, { scripted });
      going.add(run);
      end(next.i, await run.done);
      going.delete(run);
    }
  };
  const stop = () => {
    for (const { cancel } of going) cancel();
  };
  signal?.addEventListener('abort', stop);
  await Promise.all(Array.from({ length: Math.min(ASKED, left.length) }, chain));
  signal?.removeEventListener('abort', stop);
  return results;
}

/** What is kept of a run. */
function figuresOf(result: PoolResult): CellResult {
  if ('why' in result) return { why: result.why };
  const { status, steps, rate, loss, relativeError, losses, modules } = result.summary;
  const [{ floor, effectiveRank }] = modules;
  const errors = result.points.series.relativeError;
  return {
    ...{ status, steps, rate, loss, relativeError, floor, effectiveRank },
    heldOutLoss: losses?.heldOut ?? null,
    trainingLoss: losses?.training ?? null,
    reached: errors ? stepNearFloor(errors, errors.length - 1, floor) : null,
  };
}
