import { TestPage } from '../../../engine/testing/page.ts';
import { readRunFile } from '../../../experiment/run-file/read-run-file.ts';
import { lastStep } from '../../../experiment/run-file/run-record.ts';
import { initialState, type State } from '../../state.ts';
import { update } from '../../update.ts';

/** A file on the page, once its link has made its matrices and repeated its steps. */
export async function openedState(text: string): Promise<State> {
  const record = readRunFile(text);
  const page = new TestPage();
  let state = initialState({ backend: 'cpu', stepper: null });
  state = update(state, { type: 'recorded', run: record, drawing: null, notices: [] });
  const number = state.next?.run.number ?? 0;
  page.run(number, record.experiment);
  state = update(state, { type: 'engine', message: await page.ready(number) });
  await page.done(page.pace(number, Number.POSITIVE_INFINITY, lastStep(record)));
  for (const message of page.all('frame', number)) state = update(state, { type: 'engine', message });
  return state;
}
