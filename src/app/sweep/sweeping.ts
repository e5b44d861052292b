import type { PoolRun } from '../../bridge/pool.ts';
import { isActive } from '../../experiment/settings/experiment.ts';
import type { QuietRecord } from '../../protocol/quiet.ts';
import type { Store } from '../../state/store.ts';
import { type PlannedRun, plannedOf, progressOf } from '../../state/sweep/plan.ts';
import type { Outcome } from '../../state/sweep/sweep.ts';
import { pagePool } from '../pool.ts';
import { thinnedCurve } from './thinned-curve.ts';

/** Outcomes are told so often, in ms: the page is drawn again each time. */
const EVERY = 120;
/** So many runs are asked for ahead of the pool: it hands the next one out without waiting for the page. */
const AHEAD = 24;
/** Points of a curve. */
const POINTS = 96;

const known = new WeakMap<Store, true>();

/** Carries out the sweep of a lab: its runs while it goes on, and nothing once it is stopped. Watches once a lab. */
export function watchSweep(store: Store, pool = pagePool(store)): void {
  if (known.has(store)) return;
  known.set(store, true);
  const inFlight = new Map<string, PoolRun>();
  let gathered: (readonly [string, Outcome])[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  const tell = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const outcomes = gathered;
    gathered = [];
    if (outcomes.length > 0) store.dispatch({ type: 'sweep', sweep: { does: 'came', outcomes } });
  };
  const came = (key: string, outcome: Outcome) => {
    gathered.push([key, outcome]);
    timer ??= setTimeout(tell, EVERY);
  };

  const cancel = () => {
    const runs = [...inFlight.values()];
    inFlight.clear();
    for (const run of runs) run.cancel();
  };

  /** Asks for as many runs as the pool is to have before it. */
  const ask = () => {
    const state = store.state();
    if (!state.sweep.going) return;
    const { left } = progressOf(plannedOf(state), state.sweep.results);
    const done = new Set(gathered.map(([key]) => key));
    const waiting = left.filter(({ key }) => !done.has(key));
    for (const run of waiting) {
      if (inFlight.size >= AHEAD) break;
      if (!inFlight.has(run.key)) begin(run);
    }
    if (inFlight.size === 0 && waiting.length === 0) {
      tell();
      store.dispatch({ type: 'sweep', sweep: { does: 'stop', now: performance.now() } });
    }
  };

  const begin = ({ key, cell: { experiment } }: PlannedRun) => {
    if (!experiment) return;
    const { drawing } = store.state();
    const start = performance.now();
    const run = pool.run({
      experiment: { ...experiment, data: '' },
      drawing: isActive('data', experiment) ? drawing : null,
    });
    inFlight.set(key, run);
    void run.done.then((result) => {
      if (inFlight.get(key) !== run) return;
      inFlight.delete(key);
      if (!('why' in result)) came(key, outcomeOf(result, performance.now() - start));
      else if (result.kind !== 'cancelled') came(key, { why: result.why });
      ask();
    });
  };

  store.react((now, before) => {
    if (!now.sweep.going) {
      if (before.sweep.going) cancel();
      return;
    }
    if (!before.sweep.going) return ask();
    if (now.experiment === before.experiment && now.view === before.view) return;
    // Another plan: what it does not ask for is no longer wanted.
    const wanted = new Set(plannedOf(now).runs.map(({ key }) => key));
    for (const [key, run] of [...inFlight]) {
      if (wanted.has(key)) continue;
      inFlight.delete(key);
      run.cancel();
    }
    ask();
  });
  ask();
}

/** Above the floor by less than this share counts as there. */
const NEAR = 1.05;

function outcomeOf({ summary, points }: QuietRecord, ms: number): Outcome {
  const { status, steps, loss, relativeError, losses, rate, modules } = summary;
  const [module] = modules;
  const floor = module?.floor ?? null;
  const errors = points.series.relativeError;
  const reached = floor !== null && errors ? errors.findIndex((error) => error <= NEAR * floor) : -1;
  return {
    status,
    steps,
    loss,
    rate,
    error: relativeError,
    floor,
    heldOut: losses?.heldOut ?? null,
    training: losses?.training ?? null,
    effectiveRank: module?.effectiveRank ?? 0,
    reached: reached < 0 ? null : reached,
    curve: thinnedCurve(errors ?? points.series.loss, steps, POINTS),
    ms,
  };
}
