import { beforeAll, expect, it } from 'vitest';
import type { NetworkProblem } from '../../../experiment/layer/problem.ts';
import { countRight, digitOutputs, digitsRead, mergedLayers } from '../../../experiment/network/forward.ts';
import type { LabelledData } from '../../../experiment/network/network-data.ts';
import { NO_ROUNDS, testDrawings, trainingDrawings, updateRounds } from '../../../experiment/network/rounds.ts';
import { SAMPLE_HANDS, sampleDrawing } from '../../../experiment/network/sample-hands.ts';
import { change, defaults } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { targets } from '../../../experiment/targets/index.ts';
import { startWasmBackend } from '../../backends/own-backends.ts';
import { trainInBackground } from '../../background-runs/background-run.ts';
import { assetsInNode } from '../../testing/assets-in-node.ts';
import { initialFactors } from '../task.ts';
import type { NetworkAssets } from './assets.ts';
import { evaluator } from './evaluate.ts';
import { loops64 } from './loops.ts';
import { prepareNetwork } from './problem.ts';

const drawings = Array.from({ length: 50 }, (_, slot) =>
  sampleDrawing(SAMPLE_HANDS.slanted, slot % 10, Math.floor(slot / 10)),
);
const rounds = updateRounds(NO_ROUNDS, { type: 'fill', drawings });
const hand = { training: trainingDrawings(rounds), test: testDrawings(rounds) };
const settings = (changes: Partial<Experiment> = {}) =>
  change(change(defaults(), { target: 'digits', adapt: 'hand' }), changes);

let network: NetworkAssets;
beforeAll(async () => {
  const found = await assetsInNode({ target: 'digits' }, '');
  if (!found) throw new Error('no assets');
  network = found;
});

function problemOf(changes: Partial<Experiment> = {}, drawn: typeof hand | null = hand): NetworkProblem {
  const target = targets.byName('digits');
  if (target.kind !== 'network') throw new Error('not a network');
  const problem = prepareNetwork(settings(changes), target, network, drawn);
  if ('why' in problem) throw new Error(problem.why);
  return problem;
}

function dataOf({ data }: NetworkProblem): LabelledData {
  if (data.kind !== 'labelled') throw new Error('no rows of digits');
  return data;
}

const wasm = startWasmBackend('relaxed');
if ('missing' in wasm) throw new Error(wasm.missing);
const train = (changes: Partial<Experiment> = {}) =>
  trainInBackground<NetworkProblem>(settings(changes), { backends: [wasm], network, hand });

it('takes rank 4 and 100 steps unless something else is set, and other digits their own defaults', () => {
  expect(settings()).toMatchObject({ rank: 4, steps: 100, others: 50 });
  expect(change(settings(), { adapt: 'rotate' })).toMatchObject({ steps: 300, others: 50 });
});

it('trains on all drawings in each step, and on other upright digits each time', () => {
  const data = dataOf(problemOf());
  expect([data.training.answers.length, data.heldOut, data.old]).toEqual([
    30 + 1200,
    hand.test,
    network.digits.heldOut,
  ]);
  const batches = [0, 1, 2].map((step) => [...data.batches.at(step)]);
  for (const batch of batches) {
    expect(batch.slice(0, 30)).toEqual([...Array(30).keys()]);
    expect(new Set(batch).size).toBe(80);
    expect(batch.slice(30).every((row) => row >= 30 && row < 1230)).toBe(true);
  }
  expect(batches[0]).not.toEqual(batches[1]);
  // A row of upright digits is the one that the data has.
  const row = batches[0][30];
  expect(data.training.answers[row]).toBe(network.digits.training.answers[row - 30]);
  expect([...dataOf(problemOf({ others: 0 })).batches.at(7)]).toEqual([...Array(30).keys()]);
});

it('without drawings it is the network that reads upright digits; without a test, those trained on stand for it', () => {
  const none = dataOf(problemOf({}, null));
  expect([none.training, none.heldOut]).toEqual([network.digits.training, network.digits.heldOut]);
  const empty = { inputs: new Float32Array(0), answers: new Uint8Array(0) };
  expect(dataOf(problemOf({}, { ...hand, test: empty })).heldOut).toBe(hand.training);
});

it('reads the test drawings after, and keeps the others with their digits beside', async () => {
  const [both, alone] = await Promise.all([train(), train({ others: 0 })]);
  const [before] = [evaluator(both.problem, loops64)(initialFactors(both.problem), both.scalings)];
  expect(before.accuracy).toBeLessThan(0.8);
  expect(both.summary.losses?.accuracy).toBeGreaterThan(0.9);
  expect(both.summary.losses?.oldAccuracy).toBeGreaterThan(0.94);
  expect(alone.summary.losses?.oldAccuracy).toBeLessThan((both.summary.losses?.oldAccuracy ?? 0) - 0.02);
});

it.each([{}, { method: 'full' }, { modules: 'in,out' }, { init: 'pissa' }] as const)(
  'the forward pass of the page gives the answers of the worker: %o',
  async (changes) => {
    const { problem, scalings, observed } = await train({ ...changes, steps: 40 });
    const { factors } = observed[observed.length - 1];
    const worker = evaluator(problem, loops64)(factors, scalings);
    const adapters = problem.layers.map(({ name }) => {
      const m = problem.modules.findIndex((module) => module.name === name);
      return m < 0 ? null : { ...factors[m], rank: problem.modules[m].rank, scaling: scalings[m] };
    });
    const layers = mergedLayers(
      problem.layers.map(({ d, k, W }) => ({ d, k, W: W.data })),
      adapters,
    );
    const { heldOut, old } = dataOf(problem);
    expect(digitsRead(layers, heldOut)).toEqual(worker.answers.heldOut);
    expect(digitsRead(layers, old)).toEqual(worker.answers.old);
    expect(countRight(heldOut, worker.answers.heldOut) / 20).toBeCloseTo(worker.accuracy, 12);
    // −log of the probabilities is the worker's loss, and they add up to 1.
    const outputs = Array.from(heldOut.answers, (_, i) =>
      digitOutputs(layers, heldOut.inputs.subarray(64 * i, 64 * i + 64)),
    );
    const loss = outputs.reduce((sum, p, i) => sum - Math.log(p[heldOut.answers[i]]) / 20, 0);
    expect(loss / worker.loss).toBeCloseTo(1, 3);
    for (const p of outputs) expect(p.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  },
);

it('the worker takes no other drawings than those a pad can make', async () => {
  const { isPageMessage } = await import('../../protocol/check.ts');
  const message = {
    ...{ type: 'run', run: 1, session: 0, experiment: settings(), choice: { backend: null, stepper: null } },
    ...{ drawing: null, watch: { metrics: [], modules: null }, page: '', replay: null },
  };
  expect(isPageMessage({ ...message, hand })).toBe(true);
  expect(isPageMessage(message)).toBe(true);
  const { inputs, answers } = hand.training;
  for (const training of [
    null,
    { inputs: inputs.slice(1), answers },
    { inputs: inputs.map((x) => 2 * x), answers },
    { inputs: inputs.map(() => Number.NaN), answers },
    { inputs, answers: answers.map(() => 10) },
    { inputs: new Float32Array(3001 * 64), answers: new Uint8Array(3001) },
    { inputs: [...inputs], answers },
  ])
    expect(isPageMessage({ ...message, hand: { ...hand, training } })).toBe(false);
});
