import { createPool, type Pool, poolSize } from '../engine/bridge/pool.ts';
import type { Store } from '../state/store.ts';
import { startWorker } from './worker.ts';

/** Processors of a machine that does not say how many it has. */
const FEW = 2;

let made: Pool | null = null;

/** The pool of this page, made when it is first asked for: it has no worker until a run is asked for. */
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
  made = pool;
  return pool;
}
