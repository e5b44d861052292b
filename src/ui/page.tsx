import {
  type ComponentProps,
  type ComponentType,
  createContext,
  type LazyExoticComponent,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { Button } from '../kit/button.tsx';
import type { PageEvent } from '../state/events.ts';
import { loadFailureNotice } from '../state/notices.ts';
import { labStore, type PageStore } from '../state/page.ts';
import type { State, Store } from '../state/state.ts';

const WholePage = createContext<PageStore | null>(null);
const Lab = createContext<Store | null>(null);

function outside(): never {
  throw new Error('a component of the page was drawn outside <PageProvider>');
}

/** Provides the page's store and its first lab to all components below. */
export function PageProvider({ store, children }: { readonly store: PageStore; readonly children: ReactNode }) {
  const [{ session }] = store.state().sessions;
  return (
    <WholePage value={store}>
      <SessionProvider session={session}>{children}</SessionProvider>
    </WholePage>
  );
}

/** Switches all components below to another lab. */
export function SessionProvider({ session, children }: { readonly session: number; readonly children: ReactNode }) {
  const page = use(WholePage) ?? outside();
  const store = useMemo(() => labStore(page, session), [page, session]);
  return <Lab value={store}>{children}</Lab>;
}

/** Components below show a lab in a fixed state: events do nothing. */
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

/** A part of the nearest lab's state; redraws when its value changes. Select, never build, objects. */
export function useLab<T>(select: (state: State) => T): T {
  const store = useStore();
  const read = () => select(store.state());
  return useSyncExternalStore(store.subscribe, read, read);
}

export function useDispatch(): (event: PageEvent) => void {
  return useStore().dispatch;
}

interface PressProps extends ComponentProps<'button'> {
  readonly event: PageEvent;
}

export function Press({ event, ...button }: PressProps) {
  const dispatch = useDispatch();
  return <Button onClick={() => dispatch(event)} {...button} />;
}

/** Like React's lazy; if the component cannot be loaded, a notice says so, and `instead` is in its place. */
export function lazyPart<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
  instead?: ReactNode,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(() => load().catch(() => ({ default: () => <NotLoaded>{instead}</NotLoaded> })));
}

function NotLoaded({ children }: { readonly children: ReactNode }) {
  const dispatch = useDispatch();
  useEffect(() => dispatch(loadFailureNotice()), [dispatch]);
  return children;
}

/** A component that is loaded when it is first shown; `until`: shown in its place until then. */
export function onDemand<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
  until?: ReactNode,
) {
  const Loaded = lazyPart(load);
  return (props: P) => (
    <Suspense fallback={until}>
      <Loaded {...props} />
    </Suspense>
  );
}

/** Reads the lab's state inside a handler, without a redraw. */
export function useGetLab(): () => State {
  return useStore().state;
}

/** Like useLab for a small object built from the state: the same object while its fields are equal. */
export function useLabObject<T extends object>(build: (state: State) => T): T {
  const last = useRef<T | null>(null);
  return useLab((state) => {
    const next = build(state);
    if (last.current === null || !isShallowEqual(last.current, next)) last.current = next;
    return last.current;
  });
}

export function isShallowEqual<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}

/** Sets the title of the document while the calling component is mounted; null leaves it to another. */
export function usePageTitle(title: string | null): void {
  useEffect(() => {
    if (title !== null) document.title = title === '' ? 'LoRA Explorer' : `${title} · LoRA Explorer`;
  }, [title]);
}
