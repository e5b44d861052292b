import type { ComponentType } from 'react';
import { createStore, type Store } from '../../state/state.ts';
import { INITIAL_STATE, updateAdapters } from '../state/update-adapters.ts';
import AdaptersPage from '../view/adapters-page.tsx';
import { AdaptersProvider } from '../view/context.tsx';
import type { ImportedFile } from '../worker/protocol.ts';
import { watchAdapters } from './watch-adapters.ts';

interface AdaptersPart {
  readonly Page: ComponentType;
  /** `onNetwork`: they were dropped on the network of the Lab. */
  readonly open: (files: readonly File[], onNetwork?: boolean) => void;
}

let made: AdaptersPart | null = null;

/** The page of adapters with its own store and worker: created on first use, kept while the page is open. */
export function adaptersPart(lab: Store): AdaptersPart {
  made ??= make(lab);
  return made;
}

function make(lab: Store): AdaptersPart {
  const store = createStore(INITIAL_STATE, updateAdapters, (redraw) => requestAnimationFrame(redraw));
  watchAdapters(store, lab);
  const Page = () => (
    <AdaptersProvider store={store}>
      <AdaptersPage />
    </AdaptersProvider>
  );
  const open = (files: readonly File[], onNetwork = false) => {
    const brought = files.map((file): ImportedFile => ({ file, path: file.name }));
    store.dispatch({ type: 'files', files: brought, ...(onNetwork && { as: 'replace' }) });
    if (onNetwork) store.dispatch({ type: 'network' });
  };
  return { Page, open };
}
