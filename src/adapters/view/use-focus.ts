import { useEffect } from 'react';

/**
 * Where what had the focus has gone from the page, the focus goes on to its main part, so that the keyboard does not begin
 * again at the top. `of`: what goes changes with it.
 */
export function useFocus(...of: readonly unknown[]): void {
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
  }, [...of]);
}
