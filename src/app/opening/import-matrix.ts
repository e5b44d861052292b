import readerUrl from '../../engine/reader/reader.ts?worker&url';
import type { MatrixInput, OwnReading } from '../../experiment/matrix-file/matrix-source.ts';
import type { Store } from '../../state/state.ts';
import { workerAnswer } from './one-answer.ts';

const readMatrix = (question: MatrixInput, wanted: AbortSignal): Promise<OwnReading | null> =>
  workerAnswer<OwnReading>({ script: readerUrl, name: 'reader', question, wanted });

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
