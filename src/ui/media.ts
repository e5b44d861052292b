import { useCallback, useSyncExternalStore } from 'react';

/** One column, charts behind tabs, a dock. */
export const PHONE = '(max-width: 560px)';
/** The rail in rows on top; W leaves the strip. */
export const TABLET = '(max-width: 1100px)';

interface Watched {
  matches: boolean;
  readonly listeners: Set<() => void>;
}

const watched = new Map<string, Watched>();

/**
 * One list a query, read when it is made and in its own event only: Chromium sends no event for a change that somebody
 * has already seen in `matches`, and then whoever waits for the event would keep the old answer.
 */
function watch(query: string): Watched {
  const known = watched.get(query);
  if (known) return known;
  const list = window.matchMedia(query);
  const entry: Watched = { matches: list.matches, listeners: new Set() };
  list.addEventListener('change', (event) => {
    entry.matches = event.matches;
    for (const changed of entry.listeners) changed();
  });
  watched.set(query, entry);
  return entry;
}

/** Whether a media query holds, kept up to date. */
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

export function useWidth(): Width {
  const phone = useMedia(PHONE);
  const tablet = useMedia(TABLET);
  return phone ? 'phone' : tablet ? 'tablet' : 'desk';
}
