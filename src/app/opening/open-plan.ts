import type { OpenedLink } from '../../experiment/link/link.ts';
import { readGoal, writeGoal } from '../../experiment/plan/goal.ts';
import { readPins, writePins } from '../../experiment/plan/pins.ts';
import { readSweep, writeSweep } from '../../experiment/plan/sweep.ts';
import { readCost, writeCost } from '../../plan/model/cost-link.ts';

export function openPlan({ experiment, view, faults }: OpenedLink): Pick<OpenedLink, 'view' | 'faults'> {
  const pins = readPins(view.compare, experiment);
  const sweep = readSweep(view.sweep, experiment);
  const goal = readGoal(view.goal);
  const cost = readCost(view.cost);
  return {
    view: {
      ...view,
      compare: writePins(pins.pins, experiment),
      sweep: writeSweep(sweep),
      goal: goal.goal === null ? '' : writeGoal(goal.goal),
      cost: writeCost(cost.cost),
    },
    faults: [...faults, ...pins.faults, ...sweep.faults, ...goal.faults, ...cost.faults],
  };
}
