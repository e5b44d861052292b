import type { ReactNode } from 'react';
import { inits } from '../../experiment/inits/index.ts';
import { count, shown } from '../../experiment/numbers.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { Sym } from '../../kit/symbols.tsx';
import { scalingNow } from '../../state/select.ts';
import { Numeric, RankSlider } from '../controls/numeric.tsx';
import { meanings, Seg } from '../controls/seg.tsx';
import { useVisible } from '../controls/visible.ts';
import { useDispatch, useShown } from '../page.tsx';
import { parameterLine } from '../words/parameters.ts';

/** The rank, α, and the rule for s. */
export function AdapterControls() {
  const rank = useVisible('rank');
  return (
    <>
      {rank && <RankSlider />}
      <ScalingControls />
    </>
  );
}

const RULES = meanings('scaling', {
  standard: 'The usual rule: a higher rank makes each direction weaker.',
  rslora: 'Rank-stabilised: with a higher rank the update keeps its size.',
  none: 'α is not used.',
});

/** α and the rule that makes s of it; the head shows the sum: s = 16/8 = 2. */
function ScalingControls() {
  const [alpha, rule] = [useVisible('alpha'), useVisible('scaling')];
  if (!alpha) return rule ? <Seg of="scaling" /> : null;
  return (
    <Numeric of="alpha" className="scaling" choices={rule ? RULES : []} around={(field) => <Sum field={field} />}>
      {rule && <Seg of="scaling" bare />}
    </Numeric>
  );
}

function Sum({ field }: { readonly field: ReactNode }) {
  const rule = useShown((s) => s.experiment.scaling);
  const rank = useShown((s) => s.experiment.rank);
  const value = shown(useShown(scalingNow));
  if (rule === 'none')
    return (
      <span>
        <Sym of="s" /> = 1, <Sym of="α" /> = {field}
      </span>
    );
  return (
    <span>
      <Sym of="s" /> = {field}/{rule === 'rslora' && '√'}
      {rank} = {value}
    </span>
  );
}

/** What stays frozen beside B and A: W₀, or what is left of it where the initialisation takes a part. */
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
        <button
          type="button"
          className="link"
          aria-label="Merge the adapter"
          onClick={() => dispatch({ type: 'panel', panel: { name: 'merge' } })}
        >
          Merge
        </button>
      </div>
      <span>{costs}</span>
      <span>{line}</span>
    </div>
  );
}
