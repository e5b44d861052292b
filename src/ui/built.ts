import { useRef } from 'react';
import type { State } from '../state/state.ts';
import { useShown } from './page.tsx';
import { same } from './same.ts';

/** Like useShown for a small object made from the state: it stays the same object while its fields are the same. */
export function useBuilt<T extends object>(build: (state: State) => T): T {
  const last = useRef<T | null>(null);
  return useShown((state) => {
    const next = build(state);
    if (last.current === null || !same(last.current, next)) last.current = next;
    return last.current;
  });
}
