import './rail.css';
import './widths.css';
import type { ComponentType } from 'react';
import { GROUPS, type Group } from '../../experiment/settings/kinds.ts';
import { useWidth } from '../media.tsx';
import { AdapterControls, Formula } from './adapter.tsx';
import { BudgetControls } from './budget.tsx';
import { OptimiserControls } from './optimiser.tsx';
import { StartControls } from './start.tsx';
import { TargetControls } from './target.tsx';
import { Picks } from './thumbnail.tsx';

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
