import { useRef } from 'react';
import type { State } from '../state/state.ts';
import { useShown } from './page.tsx';

/** Like useShown for a small object made from the state: it stays the same object while its fields are the same. */
export function useBuilt<T extends object>(build: (state: State) => T): T {
  const last = useRef<T | null>(null);
  return useShown((state) => {
    const next = build(state);
    if (last.current === null || !same(last.current, next)) last.current = next;
    return last.current;
  });
}

/** Equal field by field. */
export function same<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}
