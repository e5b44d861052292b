import { useWindowKeys } from '../../kit/arrows.ts';
import type { PageEvent } from '../../state/events.ts';
import { isAdapters } from '../../state/places.ts';
import { useDispatch, useGetLab } from '../page.tsx';

/** Actions of the keys; null until the first is pressed. */
let list: typeof import('./list.ts') | null = null;
/** One for all keys that are pressed meanwhile, so that they act in their order. */
let loading: Promise<typeof import('./list.ts')> | null = null;

/** The page's shortcuts while the calling component is mounted. */
export function useKeys(): void {
  const now = useGetLab();
  const dispatch = useDispatch();
  const onKey = (event: KeyboardEvent, keys = list) => {
    list = keys;
    // The class wall and the adapters have their own shortcuts; of a plan there are none.
    const { view } = now();
    if (isAdapters(view) || ['wall', 'plan'].includes(view.view)) return;
    const focus = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || event.isComposing || isKeyTaken(event, focus)) return;
    const happens = undoOf(event) ?? shortcutOf(event, focus);
    if (!happens) return;
    event.preventDefault();
    dispatch(happens);
  };
  const shortcutOf = (event: KeyboardEvent, focus: Element | null): PageEvent | null => {
    const state = now();
    if (scrolls(event)) return null;
    if (!state.shortcuts || event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.repeat && !event.key.startsWith('Arrow') && !'[],.s+=-−jlJL'.includes(event.key)) return null;
    const chart = focus?.closest('[data-chart]')?.getAttribute('data-chart') ?? null;
    const timeline = focus?.matches('.timeline input') ?? false;
    const pressed = { shift: event.shiftKey, chart, timeline };
    if (list) return list.eventOf(event.key, state, pressed);
    // The first key acts once the list has loaded, on the view it was pressed in. If its file is gone, the button for
    // the same action reports it.
    const later = (keys: NonNullable<typeof list>) => now().view.view === state.view.view && onKey(event, keys);
    loading ??= import('./list.ts');
    loading.then(later, () => {
      loading = null;
    });
    return null;
  };
  useWindowKeys(onKey);
}

/** Keys that scroll a page longer than the window, such as a projector's in a small or zoomed one. */
function scrolls({ key }: KeyboardEvent): boolean {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight + 1 && [' ', 'ArrowUp', 'ArrowDown'].includes(key);
}

/** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y; with ⌘ on a Mac. */
function undoOf(event: KeyboardEvent): PageEvent | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return { type: event.shiftKey ? 'redo' : 'undo' };
  return key === 'y' && !event.shiftKey ? { type: 'redo' } : null;
}

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

/** Whether the focused element uses a key itself, or a dialog blocks the page. */
export function isKeyTaken({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>, focus: Element | null): boolean {
  if (!focus) return false;
  if (document.querySelector('dialog[open]')) return true;
  // The browser closes an open list with it.
  if (key === 'Escape' && document.querySelector(':popover-open')) return true;
  if (isTyping(focus) || focus.closest('select')) return true;
  const arrows = ARROWS.includes(key);
  // The timeline belongs to the run: shift makes larger steps there as everywhere.
  if (shiftKey && focus.matches('.timeline input')) return !['ArrowLeft', 'ArrowRight'].includes(key) && arrows;
  if (focus.matches('input[type="range"], input[type="radio"]')) return arrows || ['Home', 'End'].includes(key);
  if (key === ' ') return focus.closest('button, summary, a, input:not([type="range"]), [role="tab"]') !== null;
  // A scrolled list, a chart or a matrix that is focused keeps the arrows.
  return arrows && focus.closest('[tabindex="0"], [role="tablist"]') !== null;
}

function isTyping(focus: Element): boolean {
  if (focus instanceof HTMLElement && focus.isContentEditable) return true;
  if (focus.closest('textarea')) return true;
  return focus instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(focus.type);
}
