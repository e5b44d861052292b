import './rail.css';
import './widths.css';
import { type ComponentType, Fragment } from 'react';
import { GROUPS, type Group } from '../../experiment/settings/kinds.ts';
import { useWidth } from '../../kit/media.tsx';
import { AdapterControls, Formula, StartControls } from './adapter.tsx';
import { BudgetControls, OptimiserControls } from './budget.tsx';
import { LockedPart } from './locked-part.tsx';
import { TargetControls } from './target.tsx';
import { Picks } from './thumbnail.tsx';

const CONTROLS: Readonly<Record<Group, ComponentType>> = {
  target: TargetControls,
  adapter: AdapterControls,
  start: StartControls,
  optimiser: OptimiserControls,
  budget: BudgetControls,
};

/** All controls that are visible, in the order of the mathematics. */
function Controls() {
  return GROUPS.map((group) => {
    const Of = CONTROLS[group];
    return (
      <Fragment key={group}>
        <Of />
        <LockedPart group={group} />
      </Fragment>
    );
  });
}

/** In the frame of another page: the controls that its link asks for, side by side. */
export function FewControls() {
  return (
    <section className="rail few" aria-label="Experiment">
      <Controls />
    </section>
  );
}

/** The experiment. */
export function Rail() {
  const narrow = useWidth() !== 'desk';
  return (
    <aside className="rail" aria-label="Experiment">
      <Controls />
      <Formula />
      {narrow && <Picks />}
    </aside>
  );
}
