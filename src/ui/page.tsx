import { type ComponentProps, createContext, type ReactNode, use, useMemo, useRef, useSyncExternalStore } from 'react';
import { Button } from '../kit/button.tsx';
import type { PageEvent } from '../state/events.ts';
import { labStore, type PageStore } from '../state/page.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';

const WholePage = createContext<PageStore | null>(null);
const Lab = createContext<Store | null>(null);

function outside(): never {
  throw new Error('a component of the page was drawn outside <PageProvider>');
}

interface PageProps {
  readonly store: PageStore;
  readonly children: ReactNode;
}

/** Gives the page's store to every component below: they show its first lab. */
export function PageProvider({ store, children }: PageProps) {
  const [{ session }] = store.state().sessions;
  return (
    <WholePage value={store}>
      <SessionProvider session={session}>{children}</SessionProvider>
    </WholePage>
  );
}

/** Every component below shows that lab, and what happens in them happens to it. */
export function SessionProvider({ session, children }: { readonly session: number; readonly children: ReactNode }) {
  const page = use(WholePage) ?? outside();
  const store = useMemo(() => labStore(page, session), [page, session]);
  return <Lab value={store}>{children}</Lab>;
}

/** Every component below shows a lab as it stood at a moment: nothing moves it. */
export function FrozenLab({ state, children }: { readonly state: State; readonly children: ReactNode }) {
  const store = useMemo((): Store => {
    const off = () => () => {};
    return { state: () => state, dispatch: () => {}, react: off, subscribe: off };
  }, [state]);
  return <Lab value={store}>{children}</Lab>;
}

function useStore(): Store {
  return use(Lab) ?? outside();
}

/** A part of the nearest lab's state; the component is drawn again when that part is another value. Select, never build, objects. */
export function useLab<T>(select: (state: State) => T): T {
  const store = useStore();
  const read = () => select(store.state());
  return useSyncExternalStore(store.subscribe, read, read);
}

/** Reports to the nearest lab that something happened. */
export function useDispatch(): (event: PageEvent) => void {
  return useStore().dispatch;
}

interface PressProps extends ComponentProps<'button'> {
  /** What a press reports to the nearest lab. */
  readonly event: PageEvent;
}

export function Press({ event, ...button }: PressProps) {
  const dispatch = useDispatch();
  return <Button onClick={() => dispatch(event)} {...button} />;
}

/** The lab's state at the moment of a key or a click, for handlers that need no redraw. */
export function useGetLab(): () => State {
  return useStore().state;
}

/** Like useLab for a small object made from the state: it stays the same object while its fields are the same. */
export function useLabObject<T extends object>(build: (state: State) => T): T {
  const last = useRef<T | null>(null);
  return useLab((state) => {
    const next = build(state);
    if (last.current === null || !isShallowEqual(last.current, next)) last.current = next;
    return last.current;
  });
}

/** Equal field by field. */
export function isShallowEqual<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}
