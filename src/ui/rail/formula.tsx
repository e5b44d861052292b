import { inits } from '../../experiment/inits/index.ts';
import { count, shown } from '../../experiment/numbers.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { scalingNow } from '../../state/select.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Sym } from '../symbols.tsx';
import { parameterLine } from '../words/parameters.ts';

/** What stays frozen beside B and A: W₀, or what is left of it where the start takes a part. */
function Base() {
  const moves = useShown((s) => inits.byName(s.experiment.init).moves);
  if (!moves) return <Sym of="W₀" />;
  return (
    <i className="m w0">
      W<sub>frozen</sub>{' '}
    </i>
  );
}

/** The layer with the numbers of this experiment, what it computes, and what it trains. */
export function Formula() {
  const scaling = shown(useShown(scalingNow));
  const costs = useShown((s) => {
    const { full, adapter } = countsOf(adapterOf(s.experiment));
    return `${count(full)} + ${count(adapter)} multiply-adds per input`;
  });
  const dispatch = useDispatch();
  const line = useShown((s) => parameterLine(adapterOf(s.experiment)));
  return (
    <div className="formula">
      <div>
        <Sym of="h" /> = <Base />
        <Sym of="x" /> + {scaling}·<Sym of="B" />(<Sym of="A" />
        <Sym of="x" />)
        <button type="button" className="link" onClick={() => dispatch({ type: 'panel', panel: { name: 'merge' } })}>
          merge
        </button>
      </div>
      <span>{costs}</span>
      <span>{line}</span>
    </div>
  );
}
