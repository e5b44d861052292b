import { expect, it } from 'vitest';
import { defaults } from '../../experiment/settings/experiment.ts';
import { isPageMessage, runOf } from './check.ts';

const run = {
  type: 'run',
  run: 3,
  session: 0,
  experiment: defaults(),
  choice: { backend: null, stepper: null },
  drawing: null,
  watch: { metrics: ['spectrum'], modules: null },
  page: 'https://example.org/',
  replay: null,
};
const { type: _, run: __, session: ___, watch: ____, replay: _____, ...order } = run;
const quiet = { ...order, type: 'quiet', quiet: 7 };
const tuning = { alpha: 16, scaling: 'standard', opt: 'adam', lr: 0.01, ratio: 1, epsilon: 1e-8, steps: 300 };

const matrix = (rows: number, cols: number) => ({ rows, cols, data: new Float32Array(rows * cols) });
const stored = {
  ...{
    rows: 2,
    cols: 3,
    rank: 1,
    scaling: 1,
    name: '',
    text: 'tw',
    preview: matrix(1, 1),
    values: new Blob(['x'.repeat(64)]),
  },
  ...{ start: { rank: 1, scaling: 1, name: '' }, base: { name: '' } },
};
const factors = { rows: 2, cols: 3, scaling: 1, name: '', B: matrix(2, 1), A: matrix(1, 3) };

it('lets through what the page sends', () => {
  const drawing = { rows: 2, cols: 3, data: new Float64Array(6) };
  const replay = { to: 40, changes: [{ step: 3, key: 'opt', value: 'sgd' }] };
  for (const message of [
    run,
    { ...run, drawing: factors },
    { ...run, drawing: stored },
    { ...run, drawing: { ...stored, rank: 0, start: undefined, values: new Blob(['x'.repeat(48)]) } },
    { ...run, drawing, replay, choice: { backend: 'cpu', stepper: 'tfjs' } },
    { type: 'tune', run: 3, tuning },
    { type: 'tune', run: 3, tuning: { ...tuning, lr: '0.1,0.02,1e-7' } },
    { type: 'watch', run: 3, watch: { metrics: [], modules: ['q', 'v'] } },
    { type: 'watch', run: 3, watch: { metrics: [], modules: null, every: 40 } },
    { type: 'pace', run: 3, order: 1, pace: Number.POSITIVE_INFINITY, until: 300 },
    { type: 'ack', run: 3, frame: 0 },
    { type: 'leave', session: 2 },
    quiet,
    { ...quiet, observe: [0, 5, 300], keep: ['factors', 'target'] },
    { type: 'cancel', quiet: 1 },
    { type: 'merge', run: 3, order: 1, module: 'W', A: new Float32Array(2), B: new Float32Array(3), scaling: 2 },
  ])
    expect(isPageMessage(message), JSON.stringify(message)).toBe(true);
});

it('stops everything else', () => {
  const { page: _, ...pageless } = run;
  for (const message of [
    null,
    'run',
    {},
    { type: 'stop', run: 1 },
    { ...run, run: -1 },
    { ...run, session: null },
    { type: 'leave', session: -1 },
    { ...quiet, quiet: 0.5 },
    { ...quiet, experiment: {} },
    { ...quiet, page: null },
    { ...quiet, observe: [5, 5] },
    { ...quiet, observe: [-1] },
    { ...quiet, observe: Array.from({ length: 101 }, (_, i) => i) },
    { ...quiet, observe: 'all' },
    { ...quiet, keep: ['everything'] },
    { ...quiet, keep: ['factors', 'factors', 'factors', 'factors'] },
    { type: 'cancel', run: 1 },
    { type: 'leave', run: 3 },
    pageless,
    { ...run, experiment: { ...run.experiment, d: 1e9 } },
    { ...run, experiment: { ...run.experiment, rank: 65 } },
    { ...run, experiment: { ...run.experiment, opt: '__proto__' } },
    { ...run, experiment: {} },
    { ...run, drawing: { rows: 2, cols: 2, data: new Float64Array(3) } },
    { ...run, drawing: { rows: 1, cols: 1, data: [0.5] } },
    { ...run, drawing: { ...factors, B: matrix(3, 1) } },
    { ...run, drawing: { ...factors, A: matrix(2, 3) } },
    { ...run, drawing: { ...factors, A: { ...matrix(1, 3), data: new Float32Array(4) } } },
    { ...run, drawing: { ...factors, scaling: Number.NaN } },
    { ...run, drawing: { ...factors, B: undefined } },
    { ...run, drawing: { ...stored, rank: 2 } },
    { ...run, drawing: { ...stored, rank: '1' } },
    { ...run, drawing: { ...stored, base: undefined } },
    { ...run, drawing: { ...stored, text: undefined } },
    { ...run, drawing: { ...stored, start: { rank: 1, scaling: Number.NaN } } },
    { ...run, choice: { backend: 'webgl', stepper: null } },
    { ...run, replay: { to: 5, changes: [{ step: 1, key: 'rank', value: 2 }] } },
    { type: 'tune', run: 3, tuning: { ...tuning, lr: null } },
    ...['', ',', '0.1,', '0.1,-0.2', '0.1,NaN', '0.1,0x10', `${'0.1,'.repeat(400)}0.1`].map((lr) => ({
      ...{ type: 'tune', run: 3, tuning: { ...tuning, lr } },
    })),
    { type: 'tune', run: 3, tuning: { ...tuning, alpha: Number.NaN } },
    { type: 'watch', run: 3, watch: { metrics: ['weather'], modules: null } },
    { type: 'watch', run: 3, watch: { metrics: [], modules: [1] } },
    { type: 'watch', run: 3, watch: ['spectrum'] },
    { type: 'watch', run: 3, watch: { metrics: [], modules: null, every: -1 } },
    { type: 'pace', run: 3, order: 1, pace: Number.NaN, until: 300 },
    { type: 'pace', run: 3, order: 1, pace: 5, until: -1 },
    { type: 'ack', run: 3 },
    { type: 'merge', run: 3, order: 1, module: 'W', A: [1, 2], B: new Float32Array(3), scaling: 2 },
    { type: 'merge', run: 3, order: 1, A: new Float32Array(2), B: new Float32Array(3), scaling: 2 },
    {
      type: 'merge',
      run: 3,
      order: 1,
      module: 'W',
      A: new Float32Array(2),
      B: new Float32Array(3),
      scaling: Number.NaN,
    },
    { type: 'merge', run: 3, A: new Float32Array(2), B: new Float32Array(3), scaling: 2 },
  ])
    expect(isPageMessage(message), JSON.stringify(message)).toBe(false);
});

it('tells which run a message was about', () => {
  expect(runOf({ type: 'stop', run: 4 })).toBe(4);
  expect(runOf('nonsense')).toBe(-1);
});
