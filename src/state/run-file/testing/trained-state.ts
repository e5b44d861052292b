import { TestPage } from '../../../engine/testing/page.ts';
import { defaults } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { defaultView } from '../../../experiment/settings/view.ts';
import { initialState, type State } from '../../state.ts';
import { update } from '../../update.ts';

export async function trainedState(changes: Partial<Experiment>): Promise<State> {
  const experiment = { ...defaults(), ...changes };
  const view = { ...defaultView(), pace: Number.POSITIVE_INFINITY };
  const page = new TestPage();
  let state = initialState({ backend: 'cpu', stepper: null });
  state = update(state, { type: 'opened', experiment, view, drawing: null, notices: [], preset: null });
  const number = state.next?.run.number ?? 0;
  page.run(number, experiment);
  state = update(state, { type: 'engine', message: await page.ready(number) });
  state = update(state, { type: 'train' });
  const { pace, until } = state.run.wanted;
  const done = await page.done(page.pace(number, pace, until));
  for (const message of page.all('frame', number)) state = update(state, { type: 'engine', message });
  return update(state, { type: 'engine', message: { ...done, order: state.run.wanted.order } });
}
