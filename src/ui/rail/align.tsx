import { Label } from '../controls/label.tsx';
import { Numeric } from '../controls/numeric.tsx';
import { useDispatch, useShown } from '../page.tsx';

/** What a first click on the tick box sets. */
const FIRST = 0.5;

/** Alignment with W₀: independent (left out of the link), or a share from 0 to 1. */
export function Align() {
  const free = useShown((s) => s.experiment.align === null);
  const dispatch = useDispatch();
  const toggle = () => dispatch({ type: 'changed', changes: { align: free ? FIRST : null } });
  const independent = (
    <label className="check">
      <input type="checkbox" checked={free} onChange={toggle} /> independent
    </label>
  );
  if (!free) return <Numeric of="align" back={independent} />;
  return (
    <div className="ctl" data-param="align">
      <div className="hd">
        <Label of="align" />
        {independent}
      </div>
    </div>
  );
}
