import { param } from '../../experiment/experiment.ts';
import { Numeric } from '../controls/numeric.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { Typeset } from '../symbols.tsx';

/** What a first click on the tick box sets. */
const FIRST = 0.5;

/** Alignment with W₀: independent (left out of the link), or a share from 0 to 1. */
export function Align() {
  const free = useShown((s) => s.experiment.align === null);
  const dispatch = useDispatch();
  const { label, help } = param('align');
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
        <span className="lb" title={help}>
          <Typeset>{label}</Typeset>
        </span>
        {independent}
      </div>
    </div>
  );
}
