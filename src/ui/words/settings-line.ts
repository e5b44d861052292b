import { inits } from '../../experiment/inits/index.ts';
import { count, display, plural } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { isAutomatic } from '../../experiment/settings/experiment.ts';
import { rateText } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { rateOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { shownScaling } from '../lab-scene.ts';
import { sizeText } from './parameters.ts';

/** The settings of the run on screen in one line, for an exported picture. */
export function settingsLine(state: State): string {
  const { run, next } = state;
  // While new matrices are made, the settings on screen are not those of the run on screen.
  const e = next ? run.experiment : state.experiment;
  const rate = next ? run.rate : rateOf(state);
  const { target, seed } = run.experiment;
  const parts = [
    `Target: ${targets.byName(target).caption(run.experiment)}, ${sizeText(run.experiment)}`,
    `rank ${count(run.experiment.rank)}`,
    `α = ${display(e.alpha)} (s = ${display(shownScaling(state))})`,
    inits.byName(run.experiment.init).label,
    `${optimisers.byName(e.opt).label}, rate ${rate === null ? 'not known' : rateText(rate)}${isAutomatic(e) ? ' (automatic)' : ''}`,
    `step ${count(shownStep(state))} of ${count(e.steps)}`,
    `seed ${seed}`,
    ...(run.changes.length > 0 ? [`${plural(run.changes.length, 'setting')} changed during the run`] : []),
  ];
  return parts.join(' · ');
}
