import { expect, it } from 'vitest';
import { type OneModule, prepareModule } from '../../experiment/layer/testing/one-module.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import { runFileOf } from '../../state/run-file/run-file.ts';
import { initialState } from '../../state/state.ts';
import { openedState, play, workerEvent } from '../../state/testing/page.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import { type BackgroundRun, trainInBackground } from '../background-runs/background-run.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { initialFactors, startFrom, taskOf } from '../tasks/task.ts';
import { composedProblem, composedStepper } from '../testing/composed-stepper.ts';
import { experimentOf } from '../testing/derived-runs.ts';
import { runJudge } from './judge.ts';
import { readyMessage } from './ready.ts';
import { Run } from './run.ts';
import { Trainer } from './trainer.ts';
import { settingsOf, tuningOf } from './tuner.ts';

const STEPS = 120;
/** Of other sizes, starts and frozen factors; rank, α and rate are those of the run. */
const COMMON = { rank: 3, truerank: 3, alpha: 6, lr: 0.004, steps: STEPS } as const;
const EXPERIMENTS: readonly Experiment[] = [
  experimentOf({ ...COMMON, d: 14, k: 9 }),
  experimentOf({ ...COMMON, d: 7, k: 12, target: 'decay', init: 'mica', seed: 5 }),
];
const NAMES = ['q', 'v'];

function moduleOf(e: Experiment, i: number): OneModule {
  const module = prepareModule(e, null);
  if ('why' in module) throw new Error(module.why);
  return { ...module, name: NAMES[i] };
}

/** Both in one run, as a worker trains it, on a page that takes every frame at once; and each by itself. */
async function both() {
  const problem = composedProblem(EXPERIMENTS.map(moduleOf));
  const task = taskOf(problem);
  const tuning = tuningOf(EXPERIMENTS[0], problem.modules);
  const settings = settingsOf(tuning, problem.modules);
  const stepper = composedStepper({ ...startFrom(task, initialFactors(problem)), settings });
  const first = await stepper.measure();
  const messages: WorkerMessage[] = [];
  const alone = await Promise.all(EXPERIMENTS.map((e) => trainInBackground(e, { backends: [typescriptBackend] })));
  await new Promise<void>((done, fail) => {
    const send = (message: WorkerMessage) => {
      messages.push(message);
      if (message.type === 'frame') queueMicrotask(() => run.ack());
      if (message.type === 'done') done();
    };
    const watch = { metrics: ['spectrum', 'alignment'], modules: null } as const;
    const outside = {
      send,
      fail,
      withVectors: () => problem,
      alone: <T>(work: () => Promise<T>) => work(),
      fitting: async () => null,
    };
    const cost = { leastPack: 1, secondsPerStep: 1e-4 };
    const parts = { run: 1, problem, rank: COMMON.rank, tuning, task, stepper, watch, replay: null, ...cost };
    const run = new Run({ ...parts, ...outside, clock: () => performance.now() }, first);
    run.pace({ type: 'pace', run: 1, order: 1, pace: Number.POSITIVE_INFINITY, until: STEPS });
  });
  return { problem, messages, alone };
}

const framesOf = (messages: readonly WorkerMessage[]) => messages.filter((m): m is FrameMessage => m.type === 'frame');

/** One list of all frames, each entry at its step: the last comes again with the spectra of a run that rests. */
function joined(frames: readonly FrameMessage[], list: (frame: FrameMessage) => Float64Array): number[] {
  const out: number[] = [];
  for (const frame of frames) out.splice(frame.from, out.length, ...list(frame));
  return out;
}

it('a run of two modules has of each the numbers that it has alone, bit for bit', async () => {
  const { problem, messages, alone } = await both();
  const frames = framesOf(messages);
  const last = frames.at(-1);
  expect(messages.at(-1)).toMatchObject({ type: 'done', ending: 'finished', step: STEPS });
  for (const [i, one] of alone.entries()) {
    for (const name of ['gradNormA', 'gradNormB', 'updateNormA', 'updateNormB'] as const)
      expect(joined(frames, ({ modules }) => modules[i][name])).toEqual([...one.points.modules[0][name]]);
    expect({ A: last?.modules[i].A, B: last?.modules[i].B }).toEqual(one.observed[0].factors[0]);
    expect(last?.modules[i].spectrum).toEqual(one.observed[0].spectra()[0]);
    expect(last?.modules[i].alignment?.left).toHaveLength(COMMON.rank);
  }
  const losses = alone.map(({ points }) => points.series.loss);
  expect(joined(frames, ({ series }) => series.loss)).toEqual([...losses[0].map((loss, t) => loss + losses[1][t])]);
  const norm = Math.hypot(...problem.modules.map(({ wanted }) => wanted?.norm ?? Number.NaN));
  const error = Math.sqrt(2 * (losses[0][STEPS] + losses[1][STEPS])) / norm;
  expect(last?.series.relativeError?.at(-1)).toBeCloseTo(error, 14);
});

it('its page keeps both, and its run file has a layer of each', async () => {
  const { problem, messages, alone } = await both();
  const engine = { ...typescriptBackend.info, why: null, timed: [] };
  const ready = readyMessage(problem, { run: 1, engine, rate: COMMON.lr, secondsPerStep: 1e-4, bytes: 1 });
  const state = play(
    initialState({ backend: null, stepper: null }),
    openedState,
    workerEvent(ready),
    ...messages.map(workerEvent),
  );
  const file = runFileOf(state.run, '1');
  const effectiveRanks = ({ observed }: BackgroundRun) => effectiveRank(observed[0].spectra()[0]);
  expect(file?.layers).toMatchObject(
    alone.map((one, i) => ({
      ...{ name: NAMES[i], d: EXPERIMENTS[i].d, k: EXPERIMENTS[i].k, rank: COMMON.rank },
      trace: { gradNormA: [...one.points.modules[0].gradNormA], updateNormB: [...one.points.modules[0].updateNormB] },
    })),
  );
  for (const [i, one] of alone.entries()) {
    expect(file?.layers[i].final.B.flat()).toEqual([...one.observed[0].factors[0].B]);
    expect(file?.layers[i].base?.flat()).toEqual([...one.problem.modules[0].base.data]);
    expect(file?.layers[i].trace.effectiveRank.values.at(-1)).toBe(effectiveRanks(one));
  }
});

it('goes on from the state that it hands over as if nothing had happened', async () => {
  const problem = composedProblem(EXPERIMENTS.map(moduleOf));
  const task = taskOf(problem);
  const settings = settingsOf(tuningOf(EXPERIMENTS[0], problem.modules), problem.modules);
  const stepper = composedStepper({ ...startFrom(task, initialFactors(problem)), settings });
  const trainer = new Trainer(stepper, problem, settings, await stepper.measure(), () => {}, task);
  await trainer.advance(20, true, () => true);
  const other = composedStepper(await trainer.start());
  await trainer.advance(9, true, () => true);
  expect((await other.steps(9)).modules).toEqual(trainer.present.modules);
});

it('has converged where the gradients of all its modules are small, no sooner', () => {
  const entry = (count: number, ...norms: number[]) => ({
    series: { loss: new Float64Array(count).fill(1) },
    modules: norms.map((norm) => {
      const list = new Float64Array(count).fill(norm);
      return { gradNormA: list, gradNormB: list, updateNormA: list, updateNormB: list };
    }),
  });
  const modules = [
    { norm: 1, frozen: null },
    { norm: 2, frozen: 'B' },
  ] as const;
  const decided = runJudge(entry(1, 1, 1), modules, [1, 1]);
  const reach = [1, 1];
  decided.accept(entry(60, 1e-9, 1), 60);
  expect(decided.converged(reach)).toBe(false);
  expect(decided.mayEnd(entry(60, 1e-9, 1e-9), 60, reach)).toBe(49);
  decided.accept(entry(49, 1e-9, 1e-9), 49);
  expect(decided.converged(reach)).toBe(false);
  decided.accept(entry(1, 1e-9, 1e-9), 1);
  expect(decided.converged(reach)).toBe(true);
});
