import { counted } from '../../experiment/numbers.ts';
import { isActive } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { State } from '../../state/state.ts';
import { plannedOf } from '../../state/sweep/plan.ts';
import { sizeText } from '../words/parameters.ts';
import { axisWords, valueText } from './axis-words.ts';

const SAID: readonly ParamKey[] = ['rank', 'alpha', 'scaling', 'init', 'opt', 'lr', 'batch', 'steps'];

/** What all runs of a sweep have in common, in one line, for a picture that leaves the page. */
export function fixedLine(state: State): string {
  const { experiment: e } = state;
  const { plan } = plannedOf(state);
  const varies = (key: string) => plan.axes.some((axis) => axis.key === key);
  const fixed = SAID.filter((key) => !varies(key) && isActive(key, e)).map((key) => {
    const { before } = axisWords({ key, values: [e[key]] });
    return `${before}${valueText(key, e[key])}`;
  });
  const seeds = `${counted(plan.repeat, 'seed')} from ${e.seed}`;
  return [
    ...(varies('target') ? [] : [`Target: ${targets.byName(e.target).caption(e)}, ${sizeText(e)}`]),
    ...fixed,
    seeds,
  ].join(' · ');
}
