import { shown } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { isAutomatic } from '../../experiment/settings/experiment.ts';
import { Sym } from '../../kit/symbols.tsx';
import { derivedOf, edgeOf, rateOf, scalingNow } from '../../state/select.ts';
import type { ChoiceMeaning } from '../controls/explained.tsx';
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

const EDGE: readonly ChoiceMeaning[] = [
  ['2/q', 'q is the largest curvature of the loss along the run; plain gradient descent is stable up to 2/q.'],
];

/** The learning rate: derived from the experiment until somebody sets it; the edge of stability where there is one. */
function RateControl() {
  const visible = useVisible('lr');
  const rate = useShown(rateOf);
  const edge = useShown(edgeOf);
  if (!visible) return null;
  return (
    <Numeric of="lr" value={rate} mark={edge} back={null} className="lr" choices={edge === null ? [] : EDGE}>
      <div className="note">
        <Origin />
        {edge !== null && <span>may diverge above about {shown(edge, 2)} (2/q, q: largest curvature)</span>}
      </div>
    </Numeric>
  );
}

/** What α and the rate come to together: how strongly one step of A or B moves ΔW. */
function Product() {
  const product = useShown((s) => scalingNow(s) * (rateOf(s) ?? Number.NaN));
  if (Number.isNaN(product)) return null;
  return (
    <>
      , <Sym of="s" />
      ·rate = {shown(product, 2)}
    </>
  );
}

function Origin() {
  const fixed = useShown((s) => !isAutomatic(s.experiment));
  const held = useShown((s) => s.experiment.auto !== '');
  const derived = useShown(derivedOf);
  const back = useDefault('lr');
  if (!fixed)
    return (
      <p title={held ? 'As in the link, until you change a setting' : 'Adapts to every change'}>
        automatic
        <Product />
      </p>
    );
  return (
    <>
      <p>
        fixed
        <Product />
      </p>
      automatic: {derived === null ? 'not known yet' : shown(derived)}{' '}
      <button type="button" className="back" aria-label="Use automatic learning rate" onClick={back}>
        Use automatic
      </button>
    </>
  );
}
