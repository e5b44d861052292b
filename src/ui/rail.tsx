import './rail/rail.css';
import './rail/rows.css';
import './rail/widths.css';
import type { ComponentType } from 'react';
import { GROUPS, type Group } from '../experiment/settings/kinds.ts';
import { useWidth } from './media.tsx';
import { AdapterControls, Formula } from './rail/adapter.tsx';
import { BudgetControls } from './rail/budget.tsx';
import { OptimiserControls } from './rail/optimiser.tsx';
import { Picks } from './rail/picks.tsx';
import { StartControls } from './rail/start.tsx';
import { TargetControls } from './rail/target.tsx';

const CONTROLS: Readonly<Record<Group, ComponentType>> = {
  target: TargetControls,
  adapter: AdapterControls,
  start: StartControls,
  optimiser: OptimiserControls,
  budget: BudgetControls,
};

/** The experiment, in the order of the mathematics. */
export function Rail() {
  const narrow = useWidth() !== 'desk';
  return (
    <aside className="rail" aria-label="Experiment">
      {GROUPS.map((group) => {
        const Controls = CONTROLS[group];
        return <Controls key={group} />;
      })}
      <Formula />
      {narrow && <Picks />}
    </aside>
  );
}
