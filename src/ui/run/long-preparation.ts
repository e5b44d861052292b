import { useEffect, useMemo, useState } from 'react';
import type { State } from '../../state/state.ts';
import { useLab } from '../page.tsx';

/** Whether the present preparation has taken long enough to be reported: most finish at once. */
export function useLongPreparation(): boolean {
  const preparing = useLab((s) => s.run.status === 'preparing');
  // The long preparation, as an object: nothing to reset when the next begins, as a held key does at every repeat.
  const [long, setLong] = useState<object | null>(null);
  const mine = useMemo(() => ({ preparing }), [preparing]);
  useEffect(() => {
    if (!mine.preparing) return;
    const timer = window.setTimeout(() => setLong(mine), 400);
    return () => window.clearTimeout(timer);
  }, [mine]);
  return preparing && long === mine;
}

/** The state without a short preparation, so that buttons and texts do not flicker while a slider is dragged. */
export function steadyState(state: State, long: boolean): State {
  const { run, next } = state;
  if (run.status !== 'preparing' || long) return state;
  return { ...state, run: { ...run, status: next?.before ?? 'idle' } };
}
