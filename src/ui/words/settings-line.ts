import { inits } from '../../experiment/inits/index.ts';
import { methods } from '../../experiment/methods/index.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import { count, display, plural } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { besideLora } from '../../experiment/settings/bounds.ts';
import { isAutomatic } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { rateText } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { rateOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { shownScaling } from '../lab-scene.ts';
import { sizeText } from './parameters.ts';

/** `now`: the settings in force. */
function adapterParts(first: Experiment, now: Experiment, s: number): readonly string[] {
  const beside = besideLora(first);
  const rank = `rank ${count(first.rank)}`;
  if (!beside) return [rank, `α = ${display(now.alpha)} (s = ${display(s)})`, inits.byName(first.init).label];
  const { label, params } = methods.byName(beside);
  const trained = plural(trainedParameters(first), 'trained parameter');
  return [
    label,
    ...(params.includes('rank') ? [rank] : []),
    ...(params.includes('alpha') ? [`α = ${display(now.alpha)}`] : []),
    trained,
  ];
}

/** The settings of the run on screen in one line, for an exported picture. */
export function settingsLine(state: State): string {
  const { run, next } = state;
  // While new matrices are made, the settings on screen are not those of the run on screen.
  const e = next ? run.experiment : state.experiment;
  const rate = next ? run.rate : rateOf(state);
  const { target, seed } = run.experiment;
  const parts = [
    `Target: ${targets.byName(target).caption(run.experiment)}, ${sizeText(run.experiment)}`,
    ...adapterParts(run.experiment, e, shownScaling(state)),
    `${optimisers.byName(e.opt).label}, rate ${rate === null ? 'not known' : rateText(rate)}${isAutomatic(e) ? ' (automatic)' : ''}`,
    `step ${count(shownStep(state))} of ${count(e.steps)}`,
    `seed ${seed}`,
    ...(run.changes.length > 0 ? [`${plural(run.changes.length, 'setting')} changed during the run`] : []),
  ];
  return parts.join(' · ');
}
