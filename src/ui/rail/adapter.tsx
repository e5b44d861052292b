import type { ReactNode } from 'react';
import { shown } from '../../experiment/numbers.ts';
import { scalingNow } from '../../state/select.ts';
import { Numeric } from '../controls/numeric.tsx';
import { RankSlider } from '../controls/rank.tsx';
import { Seg } from '../controls/seg.tsx';
import { useVisible } from '../controls/visible.ts';
import { useShown } from '../page.tsx';
import { Sym } from '../symbols.tsx';

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

/** α and the rule that makes s of it; the head shows the sum: s = 16/8 = 2. */
function ScalingControls() {
  const [alpha, rule] = [useVisible('alpha'), useVisible('scaling')];
  if (!alpha) return rule ? <Seg of="scaling" /> : null;
  return (
    <Numeric of="alpha" className="scaling" around={(field) => <Sum field={field} />}>
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
      <>
        <Sym of="s" /> = 1, <Sym of="α" /> = {field}
      </>
    );
  return (
    <>
      <Sym of="s" /> = {field}/{rule === 'rslora' && '√'}
      {rank} = {value}
    </>
  );
}
