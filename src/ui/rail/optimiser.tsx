import { shown } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { derivedOf, edgeOf, rateOf } from '../../state/select.ts';
import { Numeric, useDefault } from '../controls/numeric.tsx';
import { Seg } from '../controls/seg.tsx';
import { useVisible } from '../controls/visible.ts';
import { useShown } from '../page.tsx';

const RULES = Object.fromEntries(optimisers.all.map((o) => [o.name, `${o.explanation} ${o.formula}`]));

/** The optimiser and its rate. */
export function OptimiserControls() {
  const opt = useVisible('opt');
  return (
    <>
      {opt && <Seg of="opt" titles={RULES} />}
      <RateControl />
    </>
  );
}

/** The learning rate: derived from the experiment until somebody sets it; the edge of stability where there is one. */
function RateControl() {
  const visible = useVisible('lr');
  const rate = useShown(rateOf);
  const edge = useShown(edgeOf);
  if (!visible) return null;
  return (
    <Numeric of="lr" value={rate} mark={edge} back={null} className="lr">
      <div className="note">
        <Origin />
        {edge !== null && <span>may be unstable beyond 2/q = {shown(edge, 2)}</span>}
      </div>
    </Numeric>
  );
}

function Origin() {
  const fixed = useShown((s) => s.experiment.lr !== null);
  const derived = useShown(derivedOf);
  const back = useDefault('lr');
  if (!fixed) return <>derived, follows every change</>;
  return (
    <>
      fixed; derived is {derived === null ? 'not known yet' : shown(derived)}{' '}
      <button type="button" className="back" aria-label="Learning rate: back to the derived value" onClick={back}>
        use derived
      </button>
    </>
  );
}
