import { useEffect, useRef } from 'react';

/** A step of the lesson begins where its text does, and not where the last one was left. */
export function useBegin<T>(begins: T, set: (to: T) => void): void {
  const begun = useRef<T | null>(null);
  useEffect(() => {
    if (begun.current === begins) return;
    begun.current = begins;
    set(begins);
  }, [begins, set]);
}
