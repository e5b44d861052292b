import './rail.css';
import './widths.css';
import { type ComponentType, Fragment } from 'react';
import { GROUPS, type Group } from '../../experiment/settings/kinds.ts';
import { useWidth } from '../../kit/media.tsx';
import { AdapterControls, Formula, InitControls } from './adapter.tsx';
import { BudgetControls, OptimiserControls } from './budget.tsx';
import { LazyLockedSettings } from './lazy-locked-settings.tsx';
import { RailButtons, TargetControls } from './target.tsx';

const CONTROLS: Readonly<Record<Group, ComponentType>> = {
  target: TargetControls,
  adapter: AdapterControls,
  start: InitControls,
  optimiser: OptimiserControls,
  budget: BudgetControls,
};

function Controls() {
  return GROUPS.map((group) => {
    const Of = CONTROLS[group];
    return (
      <Fragment key={group}>
        <Of />
        <LazyLockedSettings group={group} />
      </Fragment>
    );
  });
}

export function EmbeddedControls() {
  return (
    <section className="rail few" aria-label="Experiment">
      <Controls />
    </section>
  );
}

export function Rail() {
  const narrow = useWidth() !== 'desk';
  return (
    <aside className="rail" aria-label="Experiment">
      <Controls />
      <Formula />
      {narrow && <RailButtons />}
    </aside>
  );
}
