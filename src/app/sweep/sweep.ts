import type { Pool, PoolJob, PoolResult, PoolRun } from '../../engine/bridge/pool.ts';
import { yieldEvery } from '../../engine/run/task-queue.ts';
import { type Cell, cellsOf, hasRuns, readSweep, type SweepPlan } from '../../experiment/plan/sweep.ts';
import { type SweepFile, sweepFileOf } from '../../experiment/plan/sweep-file.ts';
import type { Outcome } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { yieldTask } from '../../math/slices.ts';
import { linkOf } from '../../state/select.ts';
import type { State, Store } from '../../state/state.ts';
import { plannedSweep } from '../../state/sweep/plan.ts';
import { pagePool, recordOf } from '../pool.ts';
import {
  cellRunOf,
  deleteStoredSweep,
  resultOf,
  type StoredResults,
  storedSweep,
  storeSweep,
  sweepKey,
} from './stored-sweeps.ts';

interface SweepOptions {
  readonly onCell?: (cell: number, outcome: Outcome) => void;
  /** Aborted: finished runs stay, and no more are started. */
  readonly signal?: AbortSignal;
  /** True for a script's request: a hidden page does not delay it. */
  readonly scripted?: boolean;
  /** Steps at which losses of a run are measured too. */
  readonly observe?: (experiment: Experiment) => readonly number[] | undefined;
}

interface SweepRun extends SweepOptions {
  readonly cells: readonly Cell[];
  readonly pool: Pool;
  readonly drawing?: PoolJob['drawing'];
  /** Known results by cell: figures are not computed again. */
  readonly known?: StoredResults;
}

/** Cells requested from the pool at a time: more than its workers, so that none waits for this thread. */
const ASKED = 32;

/** Runs the cells in order on the pool. Resolves with the result of each, null if not run; never rejects. */
export async function runSweep(sweep: SweepRun): Promise<StoredResults> {
  const { cells, pool, drawing = null, known = [], onCell, signal, scripted, observe } = sweep;
  const results = cells.map(({ why }, i): Outcome | null => (why === null ? resultOf(known[i]) : { why }));
  const left = cells.flatMap(({ experiment }, i) => (experiment && results[i] === null ? [{ i, experiment }] : []));
  const end = (i: number, experiment: Experiment, result: PoolResult) => {
    if ('why' in result && result.kind === 'cancelled') return;
    const outcome = 'why' in result ? { why: result.why } : cellRunOf(recordOf(result, experiment));
    results[i] = outcome;
    onCell?.(i, outcome);
  };
  const going = new Set<PoolRun>();
  // Parallel chains of runs, each starting the next one when a run has ended.
  const chain = async (): Promise<void> => {
    for (let next = left.shift(); next && !signal?.aborted; next = left.shift()) {
      const run = pool.run({ experiment: next.experiment, drawing, observe: observe?.(next.experiment) }, { scripted });
      going.add(run);
      end(next.i, next.experiment, await run.done);
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

interface SweepRequest {
  readonly plan: SweepPlan;
  /** The one on screen, which the cells are derived from. */
  readonly experiment: Experiment;
  readonly drawing: PoolJob['drawing'];
  /** Everything else that numbers depend on: the version and the build of the page, and a back end chosen by hand. */
  readonly engine: string;
  /** Results known without a lookup: by run, in the order of the cells. */
  readonly known?: StoredResults;
}

interface SweepHooks extends SweepOptions {
  readonly pool: Pool;
  /** Called first with the results known from before: by run, in the order of `cells`. */
  readonly onStart?: (cells: readonly Cell[], known: StoredResults) => void;
}

/** Interval of storing results, in ms. */
const KEEP_EVERY = 2000;

const SLICE_MS = 8;

/** A frame of another page stores nothing. */
export const isFramed = () => parent !== window;

let running = false;
let last: SweepFile | null = null;

export const lastSweepFile = () => last;

/** The id of the page's build; empty if served from its sources. */
const ownBuild = () => document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content ?? '';

const planOf = ({ experiment, view }: State) => ({ ...readSweep(view.sweep, experiment), repeat: view.repeat });

export function sweepRequest(state: State, version: string): SweepRequest {
  const { experiment, drawing, choice } = state;
  const { axes, repeat } = planOf(state);
  const engine = [version, ownBuild(), choice.backend ?? '', choice.stepper ?? ''].join(' ').trim();
  return { plan: { axes, repeat }, experiment, drawing, engine };
}

/** The stored results of a sweep: by run, in the order of its cells; if none, null. */
export async function storedResultsOf(
  { experiment, plan, engine }: SweepRequest,
  runs: number,
): Promise<StoredResults | null> {
  return isFramed() ? null : storedSweep(sweepKey(experiment, plan, engine), runs);
}

export function deleteStoredResults({ experiment, plan, engine }: SweepRequest): Promise<void> {
  return deleteStoredSweep(sweepKey(experiment, plan, engine));
}

/**
 * Runs a sweep: stored results are not computed again, and new ones are stored. Resolves when everything is done, or
 * with the results so far when `signal` is aborted. Rejects while another sweep runs.
 */
export async function runStoredSweep(
  asked: SweepRequest,
  { pool, onStart, onCell, signal, scripted, observe }: SweepHooks,
) {
  if (running) throw new Error('A sweep is in progress; stop it first.');
  running = true;
  let timer: ReturnType<typeof setInterval> | null = null;
  let keep = () => {};
  const whenHidden = () => keep();
  document.addEventListener('visibilitychange', whenHidden);
  try {
    const cells = cellsOf(asked.plan, asked.experiment);
    pool.warm(cells.filter(({ experiment }) => experiment).length);
    const key = sweepKey(asked.experiment, asked.plan, asked.engine);
    const kept = (await storedResultsOf(asked, cells.length)) ?? [];
    const known = cells.map((_, i) => asked.known?.[i] ?? kept[i] ?? null);
    onStart?.(cells, known);
    const now = [...known];
    let news = false;
    keep = () => {
      if (news && !isFramed()) void storeSweep(key, now);
      news = false;
    };
    timer = setInterval(keep, KEEP_EVERY);
    const report: SweepOptions['onCell'] = (i, outcome) => {
      now[i] = outcome;
      news = true;
      onCell?.(i, outcome);
    };
    const { drawing } = asked;
    const results = await runSweep({ cells, pool, drawing, known, onCell: report, signal, scripted, observe });
    keep();
    return { cells, results };
  } finally {
    if (timer !== null) clearInterval(timer);
    document.removeEventListener('visibilitychange', whenHidden);
    running = false;
  }
}

/** The sweep of a lab's link (`sweep` and `repeat`) as a sweep file. Ends early if another link is opened. */
export async function sweepOfLink(store: Store, version: string): Promise<SweepFile> {
  const state = store.state();
  if (!hasRuns(planOf(state)))
    throw new Error('The link asks for no sweep: it needs sweep=, such as sweep=rank:1,2,4, or repeat=.');
  const asked = sweepRequest(state, version);
  const link = linkOf(state);
  const stop = new AbortController();
  const off = store.react((_now, _before, { type }) => {
    if (type === 'opened') stop.abort();
  });
  const { runs } = plannedSweep(state);
  const outcomes = new Map<string, Outcome>();
  try {
    const { cells, results } = await runStoredSweep(asked, {
      pool: pagePool(store),
      signal: stop.signal,
      scripted: true,
    });
    for (const [i, result] of results.entries()) if (result && runs[i]) outcomes.set(runs[i].key, result);
    const sliced = yieldEvery(SLICE_MS, () => performance.now());
    last = await sweepFileOf({ app: version, link }, asked.plan, cells, results, sliced);
    // The sweep's screen shows them too; the script does not wait for the redraw.
    void yieldTask().then(() => store.dispatch({ type: 'sweep', sweep: { does: 'found', results: outcomes } }));
    return last;
  } finally {
    off();
  }
}
