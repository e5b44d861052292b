import type { Pool, PoolJob, PoolResult, PoolRun } from '../../engine/bridge/pool.ts';
import { yieldEvery, yieldTask } from '../../engine/run/task-queue.ts';
import { type Cell, cellsOf, hasRuns, readSweep, type SweepPlan } from '../../experiment/plan/sweep.ts';
import { type SweepFile, sweepFileOf } from '../../experiment/plan/sweep-file.ts';
import type { Outcome } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { linkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
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

/** How a sweep is followed, and ended. */
interface SweepOptions {
  /** Told of each cell as it ends. */
  readonly onCell?: (cell: number, outcome: Outcome) => void;
  /** Aborted: what is done stays, and nothing more is run. */
  readonly signal?: AbortSignal;
  /** True for what a script asked for: a hidden page does not hold it up. */
  readonly scripted?: boolean;
  /** Steps at which losses are wanted of a run too. */
  readonly observe?: (experiment: Experiment) => readonly number[] | undefined;
}

interface SweepRun extends SweepOptions {
  readonly cells: readonly Cell[];
  readonly pool: Pool;
  /** What `data` of the experiment holds, decoded; null where it holds nothing. */
  readonly drawing?: PoolJob['drawing'];
  /** By cell, what is known already: figures are not worked out again. */
  readonly known?: StoredResults;
}

/** Cells that the pool is asked for at a time: more than it has workers, so that none waits for this thread. */
const ASKED = 32;

/**
 * Runs the cells of a sweep on the pool, in their order. Resolves with what came of each, null where it was not run; never
 * rejects.
 */
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
  // So many chains of runs, each asking for the next that is left when one has ended.
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

/** A sweep as it is asked for. */
interface SweepRequest {
  readonly plan: SweepPlan;
  /** The live one, which the cells are made from. */
  readonly experiment: Experiment;
  readonly drawing: PoolJob['drawing'];
  /** What computes, as far as numbers depend on it: the version and the build of the page, and a back end that was fixed by hand. */
  readonly engine: string;
  /** What is known without looking for it: by run, in the order of the cells. */
  readonly known?: StoredResults;
}

interface SweepHooks extends SweepOptions {
  readonly pool: Pool;
  /** Told at first of what is known from before: by run, in the order of `cells`. */
  readonly onStart?: (cells: readonly Cell[], known: StoredResults) => void;
}

/** Results are kept so often while they come in. In ms. */
const KEEP_EVERY = 2000;

/** Longest piece of work at a stretch, in ms. */
const SLICE_MS = 8;

/** A frame of another page keeps nothing. */
const isFramed = () => parent !== window;

let running = false;
let last: SweepFile | null = null;

/** The file of the sweep that a script ran last; null before there is one. */
export const lastSweepFile = () => last;

/** The id of the page's build; empty where it is served from its sources. */
const ownBuild = () => document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content ?? '';

const planOf = ({ experiment, view }: State) => ({ ...readSweep(view.sweep, experiment), repeat: view.repeat });

/** What a lab asks for. */
export function sweepRequest(state: State, version: string): SweepRequest {
  const { experiment, drawing, choice } = state;
  const { axes, repeat } = planOf(state);
  const engine = [version, ownBuild(), choice.backend ?? '', choice.stepper ?? ''].join(' ').trim();
  return { plan: { axes, repeat }, experiment, drawing, engine };
}

/** What is kept of a sweep from before: by run, in the order of its cells; null where there is nothing. */
export async function storedResultsOf(
  { experiment, plan, engine }: SweepRequest,
  runs: number,
): Promise<StoredResults | null> {
  return isFramed() ? null : storedSweep(sweepKey(experiment, plan, engine), runs);
}

/** Forgets what was kept of a sweep. */
export function deleteStoredResults({ experiment, plan, engine }: SweepRequest): Promise<void> {
  return deleteStoredSweep(sweepKey(experiment, plan, engine));
}

/**
 * Runs a sweep: what was kept of it before is not run again, and what comes in is kept. Resolves when all is done, or with
 * what is when `signal` is aborted. Rejects where another one goes on.
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

/** What `sweep` and `repeat` of a lab's link ask for, as a sweep file. Ends early where another link is opened. */
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
    // The sweep's screen shows them too; the script need not wait until it is drawn.
    void yieldTask().then(() => store.dispatch({ type: 'sweep', sweep: { does: 'found', results: outcomes } }));
    return last;
  } finally {
    off();
  }
}
