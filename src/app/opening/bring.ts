import type { OwnRead, Source } from '../../experiment/matrix-file/own.ts';
import type { Store } from '../../state/store.ts';
import { readMatrix } from './read-matrix.ts';

/**
 * Shows what a person brought, once it is read. The reading ends when the panel shows something else: it was closed or
 * cleared, or something else was brought.
 */
export async function bring(source: Source, store: Store, read = readMatrix): Promise<void> {
  const show = (shown: OwnRead | 'reading') =>
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
