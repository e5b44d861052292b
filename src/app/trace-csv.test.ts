import { expect, it } from 'vitest';
import { defaults } from '../experiment/settings/experiment.ts';
import { newRun } from '../state/run.ts';
import { emptyTrace, extend } from '../state/trace.ts';
import { traceCsv } from './trace-csv.ts';

const list = Float64Array.of(3, 2, 1);
const norms = { gradNormA: list, gradNormB: list, updateNormA: list, updateNormB: list, relativeError: list };
const run = { ...newRun(1, defaults()), trace: extend(emptyTrace(), { from: 0, loss: list, ...norms }) };
const lines = (text: string) => text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));

it('has a line a step', () => {
  expect(lines(traceCsv(run, '#v=1'))).toEqual([
    'step,loss,gradNormA,gradNormB,updateNormA,updateNormB,relativeError',
    '0,3,3,3,3,3,3',
    '1,2,2,2,2,2,2',
    '2,1,1,1,1,1,1',
  ]);
});

it('of a run on samples has the full losses where they were measured', () => {
  const losses = { steps: [0, 2], training: [4, 0.5], heldOut: [5, 1.5] };
  const [head, first, between, last] = lines(traceCsv({ ...run, losses }, '#v=1'));
  expect(head).toMatch(/,relativeError,trainingLoss,heldOutLoss$/);
  expect([first, between, last]).toEqual(['0,3,3,3,3,3,3,4,5', '1,2,2,2,2,2,2,,', '2,1,1,1,1,1,1,0.5,1.5']);
});
