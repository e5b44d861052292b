import { useEffect } from 'react';
import type { PageEvent } from '../state/events.ts';
import { eventOf } from './keys/list.ts';
import { wanted } from './keys/wanted.ts';
import { useDispatch, useNow } from './page.tsx';

/** The page's keys, for as long as the component that asks for them is there. */
export function useKeys(): void {
  const now = useNow();
  const dispatch = useDispatch();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const focus = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || event.isComposing || wanted(event, focus)) return;
      const happens = undoOf(event) ?? shortcutOf(event, focus);
      if (!happens) return;
      event.preventDefault();
      dispatch(happens);
    };
    const shortcutOf = (event: KeyboardEvent, focus: Element | null): PageEvent | null => {
      const state = now();
      if (!state.shortcuts || event.ctrlKey || event.metaKey || event.altKey) return null;
      if (event.repeat && !event.key.startsWith('Arrow') && !'[],.s'.includes(event.key)) return null;
      const chart = focus?.closest('[data-chart]')?.getAttribute('data-chart') ?? null;
      return eventOf(event.key, state, { shift: event.shiftKey, chart });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [now, dispatch]);
}

/** Ctrl Z, Ctrl Shift Z and Ctrl Y; with ⌘ on a Mac. */
function undoOf(event: KeyboardEvent): PageEvent | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return { type: event.shiftKey ? 'redo' : 'undo' };
  return key === 'y' && !event.shiftKey ? { type: 'redo' } : null;
}
