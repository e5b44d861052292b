import { type KeyboardEvent, useEffect, useRef } from 'react';

/**
 * The key handler of a picture or a grid in which keys move something. `take` is given every key without Ctrl, Alt and ⌘,
 * and returns false for those that it leaves to the page; the others go no further.
 */
export function arrowKeys<E extends Element>(take: (event: KeyboardEvent<E>) => false | undefined) {
  return (event: KeyboardEvent<E>) => {
    if (event.ctrlKey || event.altKey || event.metaKey || take(event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

interface WindowKeys {
  /** Whether keys are listened to now. */
  readonly on?: boolean;
  /** Before the element that has the focus. */
  readonly capture?: boolean;
}

/** Keys pressed anywhere in the window. */
export function useWindowKeys(
  press: (event: globalThis.KeyboardEvent) => void,
  { on = true, capture = false }: WindowKeys = {},
): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    if (!on) return;
    const call = (event: globalThis.KeyboardEvent) => latest.current(event);
    window.addEventListener('keydown', call, capture);
    return () => window.removeEventListener('keydown', call, capture);
  }, [on, capture]);
}
