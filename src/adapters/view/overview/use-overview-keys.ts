import { useEffect, useRef } from 'react';
import { wanted } from '../../../ui/keys/keys.ts';
import { useNow } from '../../../ui/page.tsx';

/** Keys anywhere on the overview, but where something is being typed: `event.key` → what happens. */
export function useOverviewKeys(keys: Readonly<Record<string, () => void>>): void {
  const page = useNow();
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || event.isComposing || wanted(event, focus)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || !page().shortcuts) return;
      if (!Object.hasOwn(now.current, event.key)) return;
      now.current[event.key]();
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [page]);
}
