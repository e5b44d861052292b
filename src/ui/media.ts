import { useSyncExternalStore } from 'react';

/** One column, charts behind tabs, a dock. */
export const PHONE = '(max-width: 560px)';
/** The rail in rows on top; W leaves the strip. */
export const TABLET = '(max-width: 1100px)';

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
  );
}

export type Width = 'desk' | 'tablet' | 'phone';

export function useWidth(): Width {
  const phone = useMedia(PHONE);
  const tablet = useMedia(TABLET);
  return phone ? 'phone' : tablet ? 'tablet' : 'desk';
}
