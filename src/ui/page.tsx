import { createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import type { PageEvent } from '../state/events.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';

const PageStore = createContext<Store | null>(null);

/** Gives the store to every component below. */
export function Page({ store, children }: { readonly store: Store; readonly children: ReactNode }) {
  return <PageStore value={store}>{children}</PageStore>;
}

function useStore(): Store {
  const store = use(PageStore);
  if (!store) throw new Error('a component of the page was drawn outside <Page>');
  return store;
}

/** A part of the state; the component is drawn again when that part is another value. Select, never build, objects. */
export function useShown<T>(select: (state: State) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.state()));
}

/** Tells the page that something happened. */
export function useDispatch(): (event: PageEvent) => void {
  return useStore().dispatch;
}

/** The state at the moment of a key or a click, for handlers that need no redraw. */
export function useNow(): () => State {
  return useStore().state;
}
