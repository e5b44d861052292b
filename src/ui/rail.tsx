import './rail/rail.css';
import './rail/rows.css';
import './rail/widths.css';
import { optimisers } from '../experiment/optimisers.ts';
import { RankSlider } from './controls/rank.tsx';
import { Seg } from './controls/seg.tsx';
import { useVisible } from './controls/visible.ts';
import { useWidth } from './media.ts';
import { BudgetControls } from './rail/budget.tsx';
import { Formula } from './rail/formula.tsx';
import { Picks } from './rail/picks.tsx';
import { RateControl } from './rail/rate.tsx';
import { ScalingControls } from './rail/scaling.tsx';
import { StartControls } from './rail/start.tsx';
import { TargetControls } from './rail/target.tsx';

const RULES = Object.fromEntries(optimisers.all.map((o) => [o.name, `${o.explanation} ${o.formula}`]));

/** The experiment, in the order of the mathematics. */
export function Rail() {
  const narrow = useWidth() !== 'desk';
  const [rank, opt] = [useVisible('rank'), useVisible('opt')];
  return (
    <aside className="rail" aria-label="Experiment">
      <TargetControls />
      {rank && <RankSlider />}
      <ScalingControls />
      <StartControls />
      {opt && <Seg of="opt" titles={RULES} />}
      <RateControl />
      <BudgetControls />
      <Formula />
      {narrow && <Picks />}
    </aside>
  );
}
