import { expect, it } from 'vitest';
import { emptyTrace } from '../../experiment/run-file/run-record.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import { extend, newRun } from '../../state/run/run.ts';
import { entries } from '../../state/testing/page.ts';
import { traceCsv } from './trace-csv.ts';

const run = { ...newRun(1, defaults()), trace: extend(emptyTrace(), entries(0, [3, 2, 1])) };
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

it('of a network has its accuracies where they were measured', () => {
  const losses = {
    steps: [0, 2],
    training: [Number.NaN, Number.NaN],
    heldOut: [5, 1.5],
    accuracy: [0.1, 0.9],
    oldAccuracy: [1, 0.5],
  };
  const [head, first, between, last] = lines(traceCsv({ ...run, losses }, '#v=1'));
  expect(head).toMatch(/,relativeError,heldOutLoss,accuracy,oldAccuracy$/);
  expect([first, between, last]).toEqual(['0,3,3,3,3,3,3,5,0.1,1', '1,2,2,2,2,2,2,,,', '2,1,1,1,1,1,1,1.5,0.9,0.5']);
});

it('names the module of a norm where there are several, and has no error where no ΔW* is known', () => {
  const { modules, series } = entries(0, [3]);
  const two = extend(emptyTrace(), { from: 0, series: { loss: series.loss }, modules: [...modules, ...modules] });
  const ready = { modules: [{ name: 'q' }, { name: 'v' }] } as unknown as NonNullable<typeof run.ready>;
  expect(lines(traceCsv({ ...run, ready, trace: two }, '#v=1'))[0]).toBe(
    'step,loss,q.gradNormA,q.gradNormB,q.updateNormA,q.updateNormB,v.gradNormA,v.gradNormB,v.updateNormA,v.updateNormB',
  );
});

it('quotes a link that would hold a formula behind a comma', () => {
  expect(traceCsv(run, '#v=1&title=a,=1+1')).toContain('\r\n"# #v=1&title=a,=1+1"\r\n');
  expect(traceCsv(run, '#v=1')).toContain('\r\n# #v=1\r\n');
});
