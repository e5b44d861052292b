import { useEffect, useMemo, useState } from 'react';
import type { State } from '../../state/state.ts';
import { useLab } from '../page.tsx';

/** True once the preparation that goes on has taken long enough to be worth a word: most are over at once. */
export function useLongPreparation(): boolean {
  const preparing = useLab((s) => s.run.status === 'preparing');
  // Which preparation is long: nothing is to be set back when the next one begins, which a held key does at every press.
  const [long, setLong] = useState<object | null>(null);
  const mine = useMemo(() => ({ preparing }), [preparing]);
  useEffect(() => {
    if (!mine.preparing) return;
    const timer = window.setTimeout(() => setLong(mine), 400);
    return () => window.clearTimeout(timer);
  }, [mine]);
  return preparing && long === mine;
}

/** The state with a short preparation left out, so that buttons and words do not flicker while a slider is dragged. */
export function steadyState(state: State, long: boolean): State {
  const { run, next } = state;
  if (run.status !== 'preparing' || long) return state;
  return { ...state, run: { ...run, status: next?.before ?? 'idle' } };
}
