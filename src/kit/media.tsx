import {
  createContext,
  type ReactNode,
  type RefObject,
  use,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';

/** Widest phone, in px: one column, charts behind tabs, a dock. */
const PHONE = 560;
/** Widest tablet: the rail in rows on top, the strip without W. */
const TABLET = 1100;

interface MediaState {
  matches: boolean;
  readonly listeners: Set<() => void>;
}

const watched = new Map<string, MediaState>();

/**
 * One list per query, read when created and in its own event only: Chromium fires no event for a change that has
 * already been read from `matches`, and then whoever waits for the event would keep the old value.
 */
function watch(query: string): MediaState {
  const known = watched.get(query);
  if (known) return known;
  const list = window.matchMedia(query);
  const entry: MediaState = { matches: list.matches, listeners: new Set() };
  list.addEventListener('change', (event) => {
    entry.matches = event.matches;
    for (const changed of entry.listeners) changed();
  });
  watched.set(query, entry);
  return entry;
}

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const { listeners } = watch(query);
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => watch(query).matches);
}

export type Width = 'desk' | 'tablet' | 'phone';

function widthOf(px: number): Width {
  if (px <= PHONE) return 'phone';
  return px <= TABLET ? 'tablet' : 'desk';
}

const ContainerContext = createContext<Width | null>(null);

function useWindowWidth(): Width {
  const phone = useMedia(`(max-width: ${PHONE}px)`);
  const tablet = useMedia(`(max-width: ${TABLET}px)`);
  return phone ? 'phone' : tablet ? 'tablet' : 'desk';
}

/** Whether the window is wide enough for a projector: 1024 px is. */
export function useProjectorWidth(): boolean {
  return useMedia('(min-width: 900px)');
}

export function useWidth(): Width {
  const container = use(ContainerContext);
  const whole = useWindowWidth();
  return container ?? whole;
}

/** A phone in landscape, or a low zoomed window: all below the matrices is off screen, so controls are next to them. */
export function useSideBySide(): boolean {
  return useLowWindow() && useFillsWindow();
}

export function useLowWindow(): boolean {
  return useMedia(`(max-height: 500px) and (min-width: ${PHONE + 1}px) and (max-width: ${TABLET}px)`);
}

/** Below this width in px, the space left by the controls is as narrow as a phone. */
const LEFT_OVER = 842;

interface SideBySideProps {
  /** The element that takes a part of the window; a lesson takes about half. */
  readonly neighbour: 'controls' | 'lesson' | null;
  readonly children: ReactNode;
}

export function SideBySideContainer({ neighbour, children }: SideBySideProps) {
  const narrow = useMedia(`(max-width: ${LEFT_OVER}px)`) || neighbour === 'lesson';
  return <ContainerContext value={neighbour ? (narrow ? 'phone' : 'tablet') : null}>{children}</ContainerContext>;
}

/** Whether the nearest lab fills the window, and so depends on its height. */
export function useFillsWindow(): boolean {
  return use(ContainerContext) === null;
}

interface LabContainerProps {
  readonly session: number;
  readonly label: string;
  readonly children: ReactNode;
}

/** A container in a page for a lab, which takes its sizes from it and not from the window. */
export function LabContainer({ session, label, children }: LabContainerProps) {
  const [place, px] = useMeasured<HTMLElement>();
  const width = px === null ? null : widthOf(px);
  return (
    <section ref={place} className={`lab-room ${width ?? ''}`} aria-label={label} data-session={session} tabIndex={-1}>
      {width && <ContainerContext value={width}>{children}</ContainerContext>}
    </section>
  );
}

/** The width of an element in px, kept up to date; 0 until it is measured. */
export function useContainerWidth<T extends HTMLElement>(): readonly [RefObject<T | null>, number] {
  const [ref, width] = useMeasured<T>();
  return [ref, width ?? 0];
}

function useMeasured<T extends HTMLElement>(): readonly [RefObject<T | null>, number | null] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
