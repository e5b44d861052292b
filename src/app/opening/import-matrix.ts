import readerUrl from '../../engine/reader/reader.ts?worker&url';
import type { MatrixInput, OwnReading } from '../../experiment/matrix-file/matrix-source.ts';
import type { Store } from '../../state/store.ts';
import { startScript } from '../worker.ts';

/** Longer than any file within the limits takes. */
const PATIENCE_MS = 60_000;

/** Reads a matrix in a dedicated worker, which is terminated afterwards. Null if aborted. */
async function readMatrix(source: MatrixInput, wanted: AbortSignal): Promise<OwnReading | null> {
  return new Promise((resolve) => {
    let worker: Worker | null = null;
    const settle = (read: OwnReading | null) => {
      worker?.terminate();
      clearTimeout(timer);
      resolve(read);
    };
    const timer = setTimeout(() => settle({ fault: 'reading took more than a minute and was stopped.' }), PATIENCE_MS);
    wanted.addEventListener('abort', () => settle(null));
    startScript(readerUrl, 'reader').then(
      (started) => {
        if (wanted.aborted) return started.terminate();
        worker = started;
        worker.onmessage = ({ data }: MessageEvent<OwnReading>) => settle(data);
        worker.onerror = (event) => {
          event.preventDefault();
          settle({ fault: `the reader stopped${event.message ? ` (${event.message})` : ''}.` });
        };
        worker.postMessage(source);
      },
      (error: unknown) =>
        settle({ fault: `the reader did not start (${error instanceof Error ? error.message : ''}).` }),
    );
  });
}

/** Shows an imported matrix once read. Aborted when the panel changes: closed, cleared, or another import. */
export async function importMatrix(source: MatrixInput, store: Store, read = readMatrix): Promise<void> {
  const show = (shown: OwnReading | 'reading') =>
    store.dispatch({ type: 'panel', panel: { name: 'matrix', read: shown } });
  show('reading');
  const { panel } = store.state();
  const reading = new AbortController();
  const forget = store.react((now) => {
    if (now.panel !== panel) reading.abort();
  });
  const found = await read(source, reading.signal);
  forget();
  if (found && !reading.signal.aborted) show(found);
}
