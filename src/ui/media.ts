import { useCallback, useSyncExternalStore } from 'react';

/** One column, charts behind tabs, a dock. */
export const PHONE = '(max-width: 560px)';
/** The rail in rows on top; W leaves the strip. */
export const TABLET = '(max-width: 1100px)';

const lists = new Map<string, MediaQueryList>();

/** Asked at every redraw, so each query is made once. */
function listOf(query: string): MediaQueryList {
  const list = lists.get(query) ?? window.matchMedia(query);
  lists.set(query, list);
  return list;
}

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = listOf(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => listOf(query).matches);
}

export type Width = 'desk' | 'tablet' | 'phone';

export function useWidth(): Width {
  const phone = useMedia(PHONE);
  const tablet = useMedia(TABLET);
  return phone ? 'phone' : tablet ? 'tablet' : 'desk';
}
