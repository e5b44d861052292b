import { useMemo } from 'react';
import { percentile99 } from '../../charts/matrices/heatmap.ts';
import { shownModule } from '../../state/run/run.ts';
import { useShown } from '../page.tsx';
import { targetKey } from './compared.ts';

/** ΔW* as it is drawn, what tells it from others, and the value at full strength of the one colour scale; null where it is not known. */
export function useWanted() {
  const target = useShown((s) => targetKey(s.run.experiment));
  const plane = useShown((s) => shownModule(s.run)?.wanted?.plane.mean ?? null);
  return useMemo(() => plane && { plane, target, scale: percentile99(plane.values) }, [plane, target]);
}
