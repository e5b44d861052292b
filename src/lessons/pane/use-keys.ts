import { useWindowKeys } from '../../kit/arrows.ts';

/** Whether something is open, or has the focus, that has a use for keys. */
const taken = () => document.querySelector('dialog[open], :popover-open') !== null;

/** Esc closes the lesson, unless something else that is open, or that has the focus, has a use for it. */
export function useEscape(close: () => void): void {
  useWindowKeys(({ key, defaultPrevented }) => {
    if (key !== 'Escape' || defaultPrevented || taken()) return;
    const focus = document.activeElement;
    if (focus === document.body || focus?.closest('.lesson')) close();
  });
}

/** What has a use for arrows of its own. */
const USES_ARROWS =
  'input, select, textarea, [role="tab"], [role="slider"], [role="grid"], [contenteditable], .figure-slot';

/** ← and → turn the steps while neither the lab nor a control has the focus. */
export function useArrows(at: number, steps: number, go: (to: number) => void): void {
  useWindowKeys((event) => {
    const { key, defaultPrevented, ctrlKey, metaKey, altKey, shiftKey } = event;
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || defaultPrevented || ctrlKey || metaKey || altKey || shiftKey || taken()) return;
    const focus = document.activeElement;
    if (focus !== document.body && (!focus?.closest('.lesson') || focus.matches(USES_ARROWS))) return;
    const to = at + by;
    if (to < 0 || to >= steps) return;
    event.preventDefault();
    go(to);
  });
}
