import { describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/backends/backend.ts';
import { startWasmBackend, typescriptBackend } from '../../engine/backends/own-backends.ts';
import { TestPage } from '../../engine/testing/page.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import type { RunFile } from '../../experiment/run-file/run-file.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { runFileOf } from '../run-file/run-file.ts';
import { initialState, type State } from '../state.ts';
import { update } from '../update.ts';
import { endContradictions } from './worker-updates.ts';

const wasm = startWasmBackend('plain');
if ('missing' in wasm) throw new Error(wasm.missing);

function joined(backend: Backend) {
  const engine = new TestPage(backend);
  let state = initialState({ backend: null, stepper: null });
  let taken = 0;
  const take = () => {
    for (; taken < engine.messages.length; taken++)
      state = update(state, { type: 'engine', message: engine.messages[taken] });
    return state;
  };
  const begin = async () => {
    const run = state.next?.run ?? state.run;
    engine.run(run.number, { ...run.experiment, lr: run.rate }, { replay: run.replay });
    await engine.ready(run.number);
    await engine.frameAt(run.number, 0);
  };
  const open = async (event: Parameters<typeof update>[1]) => {
    state = update(state, event);
    await begin();
    return take();
  };
  const train = async (steps: number): Promise<State> => {
    state = update(state, { type: 'train', steps, scripted: true });
    if (state.next) await begin();
    take();
    const { number, wanted } = state.run;
    const { ending, step } = await engine.done(engine.pace(number, wanted.pace, wanted.until));
    await engine.frameAt(number, step);
    take();
    return update(state, { type: 'engine', message: { type: 'done', run: number, order: wanted.order, ending, step } });
  };
  return { open, train };
}

async function fileOf(changes: Partial<Experiment>, backend: Backend, steps = 10): Promise<RunFile> {
  const experiment = { ...defaults(), d: 12, k: 10, rank: 3, truerank: 3, ...changes };
  const page = joined(backend);
  await page.open({ type: 'opened', experiment, drawing: null, notices: [], preset: null });
  const { run } = await page.train(steps);
  const file = runFileOf(run, '1');
  if (!file) throw new Error('no run');
  return JSON.parse(JSON.stringify(file));
}

async function said(file: RunFile, backend: Backend = typescriptBackend) {
  const page = joined(backend);
  const run = readRunFile(JSON.stringify(file));
  const of = ({ notices }: State) =>
    notices.filter((n) => n.about === 'recorded').map((n) => `${n.title} ${n.texts[0]}`);
  const opened = of(await page.open({ type: 'recorded', run, drawing: null, notices: [] }));
  const state = await page.train(3);
  expect(state.run.trace.length).toBe(file.trace.loss.length + 3);
  return { opened, later: of(state), state };
}

type Written<T> = { -readonly [K in keyof T]: Written<T[K]> };
const changed = (file: RunFile, change: (file: Written<RunFile>) => void): RunFile => {
  const copy = structuredClone(file) as Written<RunFile>;
  change(copy);
  return copy;
};

describe('a run file', () => {
  it.each([
    [wasm, typescriptBackend],
    [typescriptBackend, wasm],
    [wasm, wasm],
  ])('that is honest is opened and goes on without a word, here and on another back end (%#)', async (there, here) => {
    const runs: Partial<Experiment>[] = [
      {},
      { init: 'pissa', opt: 'sgd' },
      { init: 'gaussian', opt: 'momentum' },
      { opt: 'adamw', rank: 1 },
    ];
    for (const settings of runs)
      for (const steps of [1, 60]) {
        const { opened, later } = await said(await fileOf({ ...settings, steps: 1000 }, there, steps), here);
        expect([opened, later]).toEqual([[], []]);
      }
  });

  it.each<[string, (file: Written<RunFile>) => void, RegExp]>([
    [
      'its losses and its A are made up',
      ({ trace, layers: [{ initial }] }) => {
        trace.loss.fill(1e-3);
        for (const row of initial.A) row.fill(1);
      },
      /^This run file contradicts its own link\. Its A at step 0 does not match\. Its loss at step 0 is 0\.001; the link gives /,
    ],
    ['its B is', ({ layers: [{ initial }] }) => initial.B[3].fill(1e-6), /Its B at step 0 does not match/],
    ['its first loss is off by 1%', ({ trace }) => (trace.loss[0] *= 1.01), /Its loss at step 0 is/],
    ['its link has another seed', (file) => (file.link = file.link.replace('seed=1', 'seed=2')), /Its A at step 0/],
  ])('of which %s is told so as it is opened, and once', async (_, change, says) => {
    const { opened, later } = await said(changed(await fileOf({}, wasm), change));
    expect(opened).toEqual([expect.stringMatching(says)]);
    expect(opened[0]).toContain('The recorded numbers do not belong to this link.');
    expect(later).toHaveLength(1);
  });

  it.each<[string, (file: Written<RunFile>) => void, RegExp, RegExp]>([
    [
      'another last loss',
      ({ trace }) => (trace.loss[10] *= 2.5),
      /Its loss at step 10 is .*; its own A and B give 0\./,
      /Its loss at step 10 is .*; the link gives 0\./,
    ],
    [
      'other last factors',
      ({ layers: [{ final }] }) => final.A.reverse(),
      /Its error at step 10 is .*; its own A and B give /,
      /Its B·A at step 10/,
    ],
  ])('that ends with %s is told so as it is opened, and once its steps are repeated', async (_, change, own, link) => {
    const { opened, later } = await said(changed(await fileOf({}, wasm), change));
    expect(opened).toEqual([expect.stringMatching(/^This run file contradicts itself\./)]);
    expect(opened[0]).toMatch(own);
    expect(later).toHaveLength(1);
    expect(later[0]).toMatch(link);
  });

  it.each<[string, Partial<Experiment>]>([
    ['usual', {}],
    ['PiSSA', { init: 'pissa' }],
    ['frozen', { init: 'mica' }],
    ['on samples', { target: 'regression', samples: 40, batch: 40 }],
  ])('of which only the last error was edited is told so as it is opened (%s)', async (_, settings) => {
    const file = await fileOf(settings, typescriptBackend);
    expect((await said(file)).opened).toEqual([]);
    const edited = changed(file, ({ trace }) => (trace.relativeError[10] = 1e-3));
    const { opened } = await said(edited);
    expect(opened).toEqual([
      expect.stringMatching(
        /^This run file contradicts itself\. Its error at step 10 is 0\.001; its own A and B give 0\.\d+\. The figures/,
      ),
    ]);
  });

  it('of a matrix too large to be listed is told so where its last error lies below the floor', async () => {
    const { state } = await said(await fileOf({ rank: 2, truerank: 6 }, wasm));
    const { run } = state;
    const [module] = run.ready?.modules ?? [];
    if (!run.ready || !module?.wanted?.floorAtRank) throw new Error('no floor');
    const { floorAtRank } = module.wanted;
    const large = { ...run.ready, modules: [{ ...module, wanted: { ...module.wanted, matrix: null } }] as const };
    const ending = (error: number) => {
      const relativeError = run.trace.series.relativeError?.with(run.trace.length - 1, error);
      const trace = { ...run.trace, series: { ...run.trace.series, relativeError } };
      return endContradictions({ ...run, recorded: true, ready: large, trace }).map(({ of }) => of);
    };
    expect(ending(floorAtRank * 1.01)).toEqual([]);
    expect(ending(floorAtRank - 1e-6)).toEqual([]);
    expect(ending(floorAtRank * 0.9)).toEqual(['floor']);
  });

  it('has its notice no longer than it is on screen', async () => {
    const { state } = await said(changed(await fileOf({}, wasm), ({ trace }) => trace.loss.fill(1)));
    const rewound = update(state, { type: 'rewind' });
    const ready = state.run.ready && { ...state.run.ready, run: rewound.lastNumber };
    if (!ready) throw new Error('no matrices');
    expect(update(rewound, { type: 'engine', message: ready }).notices).toEqual([]);
  });
});
