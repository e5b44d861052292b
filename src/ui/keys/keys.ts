import { useWindowKeys } from '../../kit/arrows.ts';
import type { PageEvent } from '../../state/events.ts';
import { useDispatch, useGetLab } from '../page.tsx';

/** What keys do; null until the first of them is pressed. */
let list: typeof import('./list.ts') | null = null;

/** The page's keys, for as long as the component that asks for them is there. */
export function useKeys(): void {
  const now = useGetLab();
  const dispatch = useDispatch();
  const onKey = (event: KeyboardEvent, keys = list) => {
    list = keys;
    // The class wall has keys of its own.
    if (['wall', 'adapters'].includes(now().view.view)) return;
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
    // The first key acts as soon as it can. Whoever presses it on a page whose files are gone is told so by the button that
    // does the same.
    const later = (keys: NonNullable<typeof list>) => onKey(event, keys);
    import('./list.ts').then(later, () => {});
    return null;
  };
  useWindowKeys(onKey);
}

/** True for a key that moves a page which is longer than the window, as a projector's is in a small or enlarged one. */
function scrolls({ key }: KeyboardEvent): boolean {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight + 1 && [' ', 'ArrowUp', 'ArrowDown'].includes(key);
}

/** Ctrl Z, Ctrl Shift Z and Ctrl Y; with ⌘ on a Mac. */
function undoOf(event: KeyboardEvent): PageEvent | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return { type: event.shiftKey ? 'redo' : 'undo' };
  return key === 'y' && !event.shiftKey ? { type: 'redo' } : null;
}

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

/** True where the focused element has a use of its own for a key, or the page is not to be reached from there. */
export function isKeyTaken({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>, focus: Element | null): boolean {
  if (!focus) return false;
  if (document.querySelector('dialog[open]')) return true;
  if (isTyping(focus) || focus.closest('select')) return true;
  const arrows = ARROWS.includes(key);
  // The timeline is that of the run: shift makes larger steps there as everywhere.
  if (shiftKey && focus.matches('.timeline input')) return !['ArrowLeft', 'ArrowRight'].includes(key) && arrows;
  if (focus.matches('input[type="range"], input[type="radio"]')) return arrows || ['Home', 'End'].includes(key);
  if (key === ' ') return focus.closest('button, summary, a, input:not([type="range"]), [role="tab"]') !== null;
  // A scrolled list, a chart or a matrix that takes the focus keeps the arrows.
  return arrows && focus.closest('[tabindex="0"], [role="tablist"]') !== null;
}

function isTyping(focus: Element): boolean {
  if (focus instanceof HTMLElement && focus.isContentEditable) return true;
  if (focus.closest('textarea')) return true;
  return focus instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(focus.type);
}
