import { plannedOf } from '../../state/sweep/plan.ts';
import { useDispatch, useNow } from '../page.tsx';

/** Opens a cell of the sweep in the lab: its first seed, the same run. An impossible one stays closed. */
export function useOpenCell(): (at: readonly number[]) => void {
  const now = useNow();
  const dispatch = useDispatch();
  return (at) => {
    const run = plannedOf(now()).runs.find(({ cell }) => cell.at.every((v, i) => v === at[i]));
    const experiment = run?.cell.experiment;
    if (experiment) dispatch({ type: 'sweep', sweep: { does: 'open', experiment } });
  };
}
