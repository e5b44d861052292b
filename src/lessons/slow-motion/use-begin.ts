import { useEffect } from 'react';

/** A step of the lesson begins where its text does, and leaves nothing of where it ended to another one. */
export function useBegin<T>(begins: T, set: (to: T | null) => void): void {
  useEffect(() => {
    set(begins);
    return () => set(null);
  }, [begins, set]);
}
