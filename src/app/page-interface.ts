import { yieldEvery } from '../engine/run/task-queue.ts';
import type { SavedFile } from '../experiment/export/python-files.ts';
import { remarkText } from '../experiment/link/faults.ts';
import type { SweepFile } from '../experiment/plan/sweep-file.ts';
import type { RunFile } from '../experiment/run-file/run-file.ts';
import { MAX_BUDGET, MAX_RUN_STEPS } from '../experiment/settings/bounds.ts';
import type { FileKind } from '../state/events.ts';
import { lastStep, type Run } from '../state/run/run.ts';
import { linkOf } from '../state/select.ts';
import type { State, Store } from '../state/state.ts';
import { openLink } from './address.ts';

export interface LoraExplorer {
  readonly version: string;
  readonly ready: Promise<{ backend: 'webgpu' | 'wasm' | 'cpu'; device: string }>;
  open(link: string): Promise<{ notices: string[] }>;
  link(): string;
  train(steps?: number): Promise<RunFile>;
  pause(): Promise<RunFile>;
  reset(): Promise<void>;
  run(): RunFile;
  sweep(): Promise<SweepFile>;
  file(kind: FileKind): Promise<SavedFile>;
}

/** A page that draws 60 times per second has twice this time between two frames. */
const SLICE_MS = 8;

function until(store: Store, wanted: (state: State, before: State) => boolean): Promise<{ now: State; before: State }> {
  return new Promise((resolve) => {
    if (wanted(store.state(), store.state())) return resolve({ now: store.state(), before: store.state() });
    const off = store.react((now, before) => {
      if (!wanted(now, before)) return;
      off();
      resolve({ now, before });
    });
  });
}

const settled = (state: State) => state.next === null && (state.run.ready !== null || state.run.status === 'stopped');

/** `window.loraExplorer`, the calls of docs/embedding.md, on the page's store. */
export function createInterface(store: Store, version: string, opened: Promise<unknown>): LoraExplorer {
  /** Loaded with the first matrices, before which there is no run. */
  let files: typeof import('../state/run-file/run-file.ts') | null = null;
  const loadFiles = async () => {
    files = await import('../state/run-file/run-file.ts');
    return files;
  };

  const fileOf = (run: Run): RunFile => {
    const file = files?.runFileOf(run, version);
    if (!file) throw new Error('There is no run yet: the experiment has no matrices.');
    return file;
  };

  /** The run file, made in slices that yield to the page. */
  const slicedFileOf = async (run: Run): Promise<RunFile> => {
    const { runFileInSlices } = await loadFiles();
    const file = await runFileInSlices(
      run,
      version,
      yieldEvery(SLICE_MS, () => performance.now()),
    );
    return file ?? fileOf(run);
  };

  const reason = (state: State): string => {
    const bad = state.notices.find((n) => n.about === 'run');
    return bad ? [bad.title, ...bad.texts.map(remarkText)].join(' ') : 'The engine could not be started.';
  };

  /** A lesson may not need any numbers; a caller does. */
  const need = () => store.dispatch({ type: 'needed' });

  /** Waits until nothing is in preparation; rejects if there are no matrices then. */
  const prepared = async (): Promise<State> => {
    need();
    const { now } = await until(store, settled);
    if (!now.run.ready) throw new Error(reason(now));
    return now;
  };

  /** Waits for the run that was just requested; rejects if it is refused, cancelled or superseded. */
  const asked = async (): Promise<void> => {
    const { number } = store.state().next?.run ?? store.state().run;
    const now = await prepared();
    if (now.run.number < number) throw new Error(reason(now));
    if (now.run.number > number && now.run.replay === null)
      throw new Error('Another experiment was opened in the meantime.');
  };

  const matrices = opened
    .then(() => until(store, settled))
    .then(async ({ now }) => {
      if (!now.run.ready) throw new Error(reason(now));
      await loadFiles();
      return now;
    });
  const ready = matrices.then(({ run }) => ({
    backend: run.engine?.backend ?? ('cpu' as const),
    device: run.engine?.device ?? 'unknown',
  }));
  ready.catch(() => {});

  return {
    version,
    get ready() {
      void opened.then(need, () => {});
      return ready;
    },
    link: () => linkOf(store.state()),
    run: () => fileOf(store.state().run),

    async open(link) {
      if (typeof link !== 'string') throw new Error('open needs a link: text that starts with #v=1.');
      const at = link.indexOf('#');
      const { event, remarks } = await openLink(at < 0 ? link : link.slice(at), store.state().drawings);
      store.dispatch({ ...event, scripted: true });
      await asked();
      return { notices: [...remarks] };
    },

    async train(steps) {
      if (steps !== undefined && !(Number.isSafeInteger(steps) && steps >= 1 && steps <= MAX_BUDGET))
        throw new Error(`train needs a whole number of steps from 1 to ${MAX_BUDGET}, or none.`);
      const goes = () => {
        const { run, next } = store.state();
        return run.status === 'training' || (next !== null && next.start === 'yes');
      };
      if (goes()) throw new Error('A run is in progress; pause it first.');
      await prepared();
      if (goes()) throw new Error('A run is in progress; pause it first.');
      const { run, experiment } = store.state();
      if (run.status === 'converged' || run.status === 'diverged') return slicedFileOf(run);
      if (lastStep(run) + (steps ?? 0) > MAX_RUN_STEPS)
        throw new Error(`A run has at most ${MAX_RUN_STEPS} steps; this one is at step ${lastStep(run)}.`);
      if (steps === undefined && lastStep(run) >= experiment.steps) return slicedFileOf({ ...run, status: 'finished' });
      store.dispatch({ type: 'train', steps, scripted: true });
      return ended();
    },

    async pause() {
      await prepared();
      if (store.state().run.status !== 'training') return slicedFileOf(store.state().run);
      store.dispatch({ type: 'pause' });
      return ended();
    },

    async sweep() {
      await opened;
      need();
      return (await import('./sweep/sweep.ts')).sweepOfLink(store, version);
    },

    async file(kind) {
      const state = await prepared();
      return (await import('./saving/run-files.ts')).runFile(kind, state, version);
    },

    async reset() {
      store.dispatch({ type: 'rewind' });
      await asked();
    },
  };

  /** The run file at the end of the current run, whatever ends it. */
  async function ended(): Promise<RunFile> {
    // A run that is repeated first gets its number when that begins.
    const { number } = store.state().next?.run ?? store.state().run;
    const { now, before } = await until(store, (state) => {
      if (state.next) return state.next.run.number !== number;
      if (state.run.number !== number) return true;
      return state.run.status !== 'training' && state.run.status !== 'preparing';
    });
    const superseded = (now.next?.run.number ?? now.run.number) !== number;
    return slicedFileOf(superseded ? { ...before.run, status: 'stopped' } : now.run);
  }
}
