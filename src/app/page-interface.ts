import type { RunFile } from '../experiment/run-file.ts';
import { runFileOf } from '../state/run-file.ts';
import { linkOf } from '../state/select.ts';
import type { Run, State } from '../state/state.ts';
import { lastStep } from '../state/state.ts';
import type { Store } from '../state/store.ts';
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
}

/** Resolves with the first state that `wanted` accepts, from now on. */
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

/** The calls of contract.md, section 3, on the page's store. */
export function createInterface(store: Store, version: string, opened: Promise<unknown>): LoraExplorer {
  const fileOf = (run: Run): RunFile => {
    const file = runFileOf(run, version);
    if (!file) throw new Error('There is no run yet: the matrices of the experiment do not exist.');
    return file;
  };

  /** Waits until the experiment asked for exists; rejects where it cannot be had. */
  const prepared = async (): Promise<State> => {
    const { now } = await until(store, settled);
    const bad = now.notices.find((n) => n.about === 'run' && n.tone === 'bad');
    if (!now.run.ready || (bad && now.run.workerStep === -1))
      throw new Error(bad ? `${bad.title} ${bad.texts.join(' ')}` : 'The engine could not be started.');
    return now;
  };

  const ready = opened.then(prepared).then(({ run }) => ({
    backend: run.engine?.backend ?? ('cpu' as const),
    device: run.engine?.device ?? 'unknown',
  }));
  ready.catch(() => {});

  return {
    version,
    ready,
    link: () => linkOf(store.state()),
    run: () => fileOf(store.state().run),

    async open(link) {
      if (typeof link !== 'string') throw new Error('open needs a link: text that starts with #v=1.');
      const at = link.indexOf('#');
      const { event, remarks } = await openLink(at < 0 ? '' : link.slice(at));
      store.dispatch(event);
      await prepared();
      return { notices: [...remarks] };
    },

    async train(steps) {
      if (steps !== undefined && !(Number.isSafeInteger(steps) && steps >= 1 && steps <= 100_000))
        throw new Error('train needs a whole number of steps from 1 to 100000, or none.');
      const before = store.state();
      if (before.run.status === 'training') throw new Error('A run goes on; pause it first.');
      const { status } = (await prepared()).run;
      if (status === 'training') throw new Error('A run goes on; pause it first.');
      if (status === 'converged' || status === 'diverged') return fileOf(store.state().run);
      if (steps === undefined && lastStep(store.state().run) >= store.state().experiment.steps) {
        return fileOf({ ...store.state().run, status: 'finished' });
      }
      store.dispatch({ type: 'train', steps, scripted: true });
      return ended();
    },

    async pause() {
      const { run, next } = store.state();
      if (next || run.status !== 'training') return fileOf((await prepared()).run);
      store.dispatch({ type: 'pause' });
      return ended();
    },

    async reset() {
      store.dispatch({ type: 'rewind' });
      await prepared();
    },
  };

  /** The run file at the end of the run that goes on now, whatever ends it. */
  async function ended(): Promise<RunFile> {
    // A run that is repeated first gets its number when that begins.
    const { number } = store.state().next?.run ?? store.state().run;
    const { now, before } = await until(store, (state) => {
      if (state.next) return state.next.run.number !== number;
      if (state.run.number !== number) return true;
      return state.run.status !== 'training' && state.run.status !== 'preparing';
    });
    const superseded = (now.next?.run.number ?? now.run.number) !== number;
    return fileOf(superseded ? { ...before.run, status: 'stopped' } : now.run);
  }
}
