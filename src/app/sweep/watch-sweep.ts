import type { Outcome } from '../../experiment/run-file/run-record.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { storedText } from '../../kit/storage.ts';
import { methodOfRun, targetOf } from '../../state/run/listed-runs.ts';
import type { RunEnd } from '../../state/run/run.ts';
import type { State, Store } from '../../state/state.ts';
import {
  MAX_SECONDS_UNASKED,
  type PlannedSweep,
  plannedSweep,
  planProgress,
  secondsLeft,
  sweepSpeed,
} from '../../state/sweep/plan.ts';
import type { SweepEvent } from '../../state/sweep/sweep.ts';
import { pagePool } from '../pool.ts';
import { heldOutSteps, resultOf } from './stored-sweeps.ts';
import { deleteStoredResults, isFramed, runStoredSweep, storedResultsOf, sweepRequest } from './sweep.ts';

/** Interval of emitting outcomes, in ms: each redraws the page. */
const EVERY = 120;

/** Work per second of the newest sweep. */
const SPEED = storedText('lora-explorer/speed');

/**
 * Carries out the sweep of a lab: runs the rest of its plan while it is on, stops when it is off, and looks up its
 * results stored on this device. `begins`: a link has just requested it. Call once per lab.
 */
export function watchSweep(store: Store, version: string, begins: boolean): void {
  const emit = (sweep: SweepEvent) => store.dispatch({ type: 'sweep', sweep });
  let stop: AbortController | null = null;
  let looked: PlannedSweep | null = null;

  /** Runs the current plan; afterwards the new one, if it has changed. */
  const run = async () => {
    const mine = new AbortController();
    stop = mine;
    const state = store.state();
    const planned = plannedSweep(state);
    const { runs } = planned;
    const known = runs.map(({ key }) => resultOf(state.sweep.results.get(key)));
    const gathering = gather((outcomes) => emit({ does: 'came', outcomes }));
    let last = performance.now();
    try {
      await runStoredSweep(
        { ...sweepRequest(state, version), known },
        {
          pool: pagePool(store),
          signal: mine.signal,
          observe: heldOutSteps,
          onStart: (_, all) => {
            for (const [i, result] of all.entries())
              if (result && !known[i] && runs[i]) gathering.add(runs[i].key, result);
            last = performance.now();
          },
          onCell: (i, outcome) => {
            const now = performance.now();
            if (runs[i]) gathering.add(runs[i].key, 'why' in outcome ? outcome : { ...outcome, ms: now - last });
            last = now;
          },
        },
      );
    } catch {
      // Another sweep is running: a script's.
      mine.abort();
      emit({ does: 'stop', now: performance.now() });
    }
    gathering.flush();
    stop = null;
    const now = store.state();
    const speed = sweepSpeed(planned, now.sweep.results);
    if (speed !== null) {
      emit({ does: 'timed', speed });
      if (!isFramed()) SPEED.set(String(speed));
    }
    emit({ does: 'ends', ends: endsOf(now, planned) });
    if (!now.sweep.going) return;
    if (plannedSweep(now) === planned && !mine.signal.aborted) emit({ does: 'stop', now: performance.now() });
    else void run();
  };

  const readStored = async () => {
    const state = store.state();
    const planned = plannedSweep(state);
    if (state.sweep.going || looked === planned || planned.possible === 0) return;
    looked = planned;
    const found = await storedResultsOf(sweepRequest(state, version), planned.runs.length);
    if (!found || plannedSweep(store.state()) !== planned) return;
    const results = new Map<string, Outcome>();
    for (const [i, result] of found.entries()) if (result && planned.runs[i]) results.set(planned.runs[i].key, result);
    emit({ does: 'found', results });
  };

  /** A link with run=1 requested it: start at once, or ask first if it takes long. */
  const begin = async () => {
    await readStored();
    const state = store.state();
    const { left, done } = planProgress(plannedSweep(state), state.sweep.results);
    if (left.length === 0 || state.sweep.going) return;
    if ((secondsLeft(state) ?? 0) > MAX_SECONDS_UNASKED) emit({ does: 'ask' });
    else emit({ does: 'run', now: performance.now(), done });
  };

  store.react((now, before, event) => {
    if (event.type === 'sweep' && event.sweep.does === 'clear') {
      looked = null;
      void deleteStoredResults(sweepRequest(now, version));
    }
    const { going } = now.sweep;
    const changed = now.experiment !== before.experiment || now.view !== before.view;
    if (stop && (!going || (changed && plannedSweep(now) !== plannedSweep(before)))) stop.abort();
    if (going && !before.sweep.going && !stop) void run();
    if (event.type === 'opened' && now.view.view === 'sweep' && now.view.run) void begin();
    else if (now.view.view === 'sweep' && changed) void readStored();
  });
  const speed = Number(SPEED.get());
  if (speed > 0 && Number.isFinite(speed)) emit({ does: 'timed', speed });
  if (store.state().sweep.going) void run();
  else if (begins && store.state().view.run) void begin();
  else void readStored();
}

function gather(emit: (outcomes: readonly (readonly [string, Outcome])[]) => void) {
  let list: (readonly [string, Outcome])[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const all = list;
    list = [];
    if (all.length > 0) emit(all);
  };
  return {
    add(key: string, outcome: Outcome) {
      list.push([key, outcome]);
      timer ??= setTimeout(flush, EVERY);
    },
    flush,
  };
}

/** The best end at each rank, of the first seed, which has the ΔW* of the lab; none if the target varies too. */
function endsOf({ run, sweep, experiment }: State, { plan, runs, cells }: PlannedSweep): readonly RunEnd[] {
  const target = targetOf(run);
  const mixed = plan.axes.some(({ key }) => param(key).group === 'target');
  const lab = run.experiment.seed === experiment.seed && run.experiment.target === experiment.target;
  if (target === null || mixed || !lab || plan.axes.every(({ key }) => key !== 'rank')) return [];
  const best = new Map<number, RunEnd>();
  for (const [i, { key, cell }] of runs.slice(0, cells).entries()) {
    const outcome = sweep.results.get(key);
    if (!cell.experiment || !outcome || 'why' in outcome || outcome.status === 'diverged' || outcome.error === null)
      continue;
    const { rank } = cell.experiment;
    // Of a network the sizes of its modules are not known here.
    const method = run.ready?.network ? null : methodOfRun({ ready: null }, cell.experiment);
    const { error } = outcome;
    if (error < (best.get(rank)?.error ?? Number.POSITIVE_INFINITY))
      best.set(rank, { number: -1 - i, rank, error, target, ...(method && { method }) });
  }
  return [...best.values()];
}
