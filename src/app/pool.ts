import { createPool, type Pool, poolSize } from '../engine/bridge/pool.ts';
import type { BackgroundRunRecord } from '../engine/protocol/background-messages.ts';
import { type HistoryModule, NO_LOSSES, newRecord, type RunRecord } from '../experiment/run-file/run-record.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { addLosses } from '../state/run/history.ts';
import type { Store } from '../state/state.ts';
import { startWorker } from './worker.ts';

/** Assumed processors of a machine that does not report them. */
const FEW = 2;

let made: Pool | null = null;

/** The pool of this page, created on first use; its workers start with the first run. */
export function pagePool(store: Store): Pool {
  if (made) return made;
  const framed = parent !== window;
  const pool = createPool({
    start: startWorker,
    size: () =>
      poolSize(navigator.hardwareConcurrency || FEW, { busy: store.state().run.status === 'training', framed }),
    hidden: () => document.hidden,
    choice: () => store.state().choice,
    page: document.baseURI,
  });
  document.addEventListener('visibilitychange', pool.wake);
  store.react((now, before) => {
    if (now.run.status !== before.run.status) pool.wake();
  });
  // All runs on the visitor's drawings train on the same ones.
  made = { ...pool, run: (job, options) => pool.run({ hand: store.state().hand?.sets, ...job }, options) };
  return made;
}

/** A run trained by the pool. Without observed steps only its trace is known between start and end. */
export function recordOf(trained: BackgroundRunRecord, experiment: Experiment): RunRecord {
  const { summary, points, kept, engine } = trained;
  const { status, steps, rate } = summary;
  const observed = trained.observed.filter(({ step }) => step <= steps);
  const last = observed.at(-1);
  const start = kept.flatMap(({ moved }) => (moved ? [keptModule(moved)] : []));
  const end = kept.flatMap(({ factors }, i) => (factors ? [keptModule(factors, last?.modules[i].spectrum)] : []));
  const measured = observed.length > 0 ? observed : [{ step: steps, losses: summary.losses }];
  const losses = measured.flatMap((one) => (one.losses ? [{ step: one.step, ...one.losses }] : []));
  const updates = observed.filter(({ modules }) => modules.every(({ update }) => update));
  const effectiveRanks = summary.modules.reduce((sum, { effectiveRank }) => sum + effectiveRank, 0);
  return {
    ...newRecord(experiment),
    ...{ rate, status },
    computed: [{ from: 0, backend: engine.backend, device: engine.device }],
    modules: summary.modules.map(({ name, d, k, rank }) => ({ name, d, k, rank })),
    trace: { length: steps + 1, ...points },
    frames: [
      ...(start.length > 0 ? [{ step: 0, modules: start }] : []),
      ...(end.length > 0 ? [{ step: steps, modules: end, answers: summary.answers }] : []),
    ],
    samples: observed.map(({ step, modules }) => ({ step, spectra: modules.map(({ spectrum }) => spectrum) })),
    losses: losses.reduce((known, { step, ...measured }) => addLosses(known, step, measured), NO_LOSSES),
    reach: { floor: summary.floor, open: 0, effectiveRank: effectiveRanks / summary.modules.length },
    update:
      updates.length === 0
        ? null
        : summary.modules.map((_, i) => ({
            steps: updates.map(({ step }) => step),
            spectra: updates.flatMap(({ modules }) => modules[i].update ?? []),
          })),
  };
}

const keptModule = (
  { A, B, own }: Pick<HistoryModule, 'A' | 'B' | 'own'>,
  spectrum: Float64Array | null = null,
): HistoryModule => ({ A, B, ...(own && { own }), spectrum, alignment: null });
