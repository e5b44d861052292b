import draftsUrl from '../../engine/draft/drafts.ts?worker&url';
import type { DraftMessage, DraftResultMessage } from '../../engine/protocol/draft.ts';
import { draftRequest } from '../../state/draft.ts';
import type { Store } from '../../state/state.ts';
import { startScript } from '../worker.ts';

/** Minimum interval between requests, in ms. */
const PAUSE = 250;

const start = () => startScript(draftsUrl, 'drafts');

/** Whether an answer to one request also answers the other. */
function same(a: DraftMessage, b: DraftMessage): boolean {
  return a.on === b.on && a.order === b.order && a.d === b.d && a.k === b.k && a.ranks.join() === b.ranks.join();
}

/** Measures the newest sheet, at most four times per second. `failed`: the worker did not start, or crashed. */
export function measureDrafts(store: Store, failed: () => void, begin: () => Promise<Worker> = start): void {
  let worker: Worker | null = null;
  let asked: DraftMessage | null = null;
  /** Busy until the last request is answered, resting for a while after it was sent. */
  let [busy, resting, over] = [false, false, false];

  const ask = () => {
    const now = draftRequest(store.state());
    if (!worker || busy || resting || !now || (asked && same(asked, now))) return;
    [asked, busy, resting] = [now, true, true];
    worker.postMessage(now);
    setTimeout(() => {
      resting = false;
      if (!over) ask();
    }, PAUSE);
  };
  const end = () => {
    over = true;
    worker?.terminate();
    worker = null;
    forget();
  };
  const giveUp = () => {
    if (over) return;
    end();
    failed();
  };
  const forget = store.react((now) => (now.editor === null ? end() : ask()));

  begin().then((made) => {
    if (over) return made.terminate();
    worker = made;
    made.onerror = (event) => {
      event.preventDefault();
      giveUp();
    };
    made.onmessage = ({ data }: MessageEvent<DraftResultMessage>) => {
      busy = false;
      if (over) return;
      store.dispatch({ type: 'drafted', answer: data });
      ask();
    };
    ask();
  }, giveUp);
}
