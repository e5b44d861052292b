import { Button } from '../../kit/button.tsx';
import './vary.css';
import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { useDispatch, useNow, useShown } from '../page.tsx';
import { usePicked } from './visible.ts';

/** Offered by a control that is pointed at or has the focus: a sweep with this setting as its columns. */
export function Vary({ of }: { readonly of: ParamKey }) {
  const lab = useShown((s) => s.view.view === 'lab');
  const picked = usePicked();
  const now = useNow();
  const dispatch = useDispatch();
  const vary = async () => {
    try {
      const { variedPlan } = await import('../sweep/roles.ts');
      dispatch({ type: 'planned', changes: { sweep: variedPlan(now(), of) } });
    } finally {
      dispatch({ type: 'screen', screen: 'sweep' });
    }
  };
  // A class link shows what its author chose, and no other part of the page.
  if (!lab || picked) return null;
  return (
    <Button className="vary" aria-label={`Vary ${param(of).label} in a sweep`} onClick={() => void vary()}>
      vary
    </Button>
  );
}
