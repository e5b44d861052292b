import { type ComponentProps, createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import type { Store } from '../../state/state.ts';
import type { AdaptersEvent, AdaptersState } from '../state/adapters-state.ts';

export type AdaptersStore = Store<AdaptersState, AdaptersEvent>;

const Adapters = createContext<AdaptersStore | null>(null);

export function AdaptersProvider({ store, children }: { readonly store: AdaptersStore; readonly children: ReactNode }) {
  return <Adapters value={store}>{children}</Adapters>;
}

function useStore(): AdaptersStore {
  const store = use(Adapters);
  if (!store) throw new Error('a component of the adapters page was drawn outside <AdaptersProvider>');
  return store;
}

/** A part of the page's state; draws the component again if it changes. Select, never build, objects. */
export function useAdapters<T>(select: (state: AdaptersState) => T): T {
  const store = useStore();
  const read = () => select(store.state());
  return useSyncExternalStore(store.subscribe, read, read);
}

export function useAdaptersDispatch(): (event: AdaptersEvent) => void {
  return useStore().dispatch;
}

interface EventButtonProps extends Omit<ComponentProps<'button'>, 'onClick'> {
  readonly event: AdaptersEvent;
}

export function EventButton({ event, className = 'link', ...button }: EventButtonProps) {
  const dispatch = useAdaptersDispatch();
  return <button type="button" className={className} onClick={() => dispatch(event)} {...button} />;
}
