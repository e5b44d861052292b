import { describe, expect, it } from 'vitest';
import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import { adaptationsOf } from '../../experiment/network/adaptations.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { startWasmBackend, typescriptBackend } from '../backends/own-backends.ts';
import { trainInBackground } from '../background-runs/background-run.ts';
import { evaluator } from '../tasks/network/evaluate.ts';
import { initialFactors } from '../tasks/task.ts';
import { assetsInNode } from '../testing/assets-in-node.ts';
import { networkProblem, startOf } from '../testing/network-start.ts';
import { networkKernels } from './wasm/network-kernels.ts';

const experiment = (target: 'transformer' | 'classifier', changes: Partial<Experiment> = {}) =>
  change(change(defaults(), { target }), changes);

async function openStart(e: Experiment) {
  const problem = await networkProblem(e);
  const start = startOf(e, problem);
  const evaluate = () =>
    evaluator(problem, networkKernels())(
      initialFactors(problem),
      start.settings.map(({ scaling }) => scaling),
    );
  return { problem, evaluate, start };
}

const built = startWasmBackend('relaxed');
if ('missing' in built) throw new Error(built.missing);
const wasm = built;

describe('a transformer', () => {
  it('adapts q, k, v, o, up and down of both layers, or those that a link names', async () => {
    const names = async (modules: string) =>
      (await networkProblem(experiment('transformer', { modules, steps: 1 }))).modules.map(({ name }) => name);
    expect(await names('')).toHaveLength(12);
    expect(await names('q,v')).toEqual(['0.q', '0.v', '1.q', '1.v']);
  });

  it('trains 400 steps of 32 sequences: 14,336 numbers at rank 8', async () => {
    const e = experiment('transformer');
    expect([e.steps, e.batch, e.rank, e.alpha]).toEqual([400, 32, 8, 16]);
    const { modules } = await networkProblem(e);
    expect(modules.reduce((sum, { A, B }) => sum + A.data.length + B.data.length, 0)).toBe(14_336);
  });

  // networks.md: the old task is known before, in .996 of whole sequences and more; sort-down is right in .073.
  const tasks: ['sort-down' | 'copy-reverse' | 'base-6', number][] = [
    ['sort-down', 0.1],
    ['copy-reverse', 0.1],
    ['base-6', 0.6],
  ];
  it.each(partOf(tasks, 3, 1))('knows the old task of %s before, and not the new one', async (adapt, most) => {
    const { accuracy, oldAccuracy } = (await openStart(experiment('transformer', { adapt }))).evaluate();
    expect(oldAccuracy).toBeGreaterThan(0.99);
    expect(accuracy).toBeLessThan(most);
  });

  it('takes the steps that plain loops take, and back to a snapshot the same ones', async () => {
    const all: Partial<Experiment>[] = [{ rank: 4 }, { method: 'full' }, { modules: 'q,v', init: 'pissa' }];
    for (const changes of partOf(all, 3, 2)) {
      const { start } = await openStart(experiment('transformer', { ...changes, batch: 4 }));
      const [one, other] = await Promise.all([wasm, typescriptBackend].map((backend) => backend.open(start)));
      const kept = one.snapshot();
      const [a, b] = [await one.steps(4), await other.steps(4)];
      for (let step = 0; step < 4; step++)
        expect(a.entries.series.loss[step] / b.entries.series.loss[step]).toBeCloseTo(1, 3);
      kept.restore();
      expect(await one.steps(4)).toEqual(a);
    }
  });

  it('starts as the pretrained network, whatever the initialisation moves', async () => {
    const adapt = { adapt: 'copy-reverse' } as const;
    const plain = (await openStart(experiment('transformer', adapt))).evaluate();
    const moved = (await openStart(experiment('transformer', { ...adapt, init: 'corda' }))).evaluate();
    expect(moved.accuracy).toBeCloseTo(plain.accuracy, 3);
  });
});

describe('a classifier of points', () => {
  const train = async (changes: Partial<Experiment>) => {
    const e = experiment('classifier', changes);
    const network = await assetsInNode(e, '');
    const { summary } = await trainInBackground<NetworkProblem>(e, { backends: [wasm], network });
    return summary;
  };

  it('adapts its hidden matrix alone unless a link names others', async () => {
    const layers = async (modules: string) =>
      (await networkProblem(experiment('classifier', { modules }))).modules.map(({ name }) => name);
    expect(await layers('')).toEqual(['hidden']);
    expect(await layers('in,hidden,out')).toEqual(['in', 'hidden', 'out']);
  });

  it.each(partOf(adaptationsOf('classifier'), 2))('learns %s at the rate .02', async (adapt) => {
    const { losses, rate } = await train({ adapt, rank: 8 });
    expect(rate).toBe(0.02);
    expect(losses?.accuracy).toBeGreaterThan(0.97);
    expect(losses?.oldAccuracy).toBeLessThan(0.9);
  });

  // networks.md: gain .61 [.59–.94] at rank 1, 1 at rank 4; the full update is not low-rank.
  it('needs more than one direction from circles to spirals', async () => {
    const [one, four, full] = await Promise.all([train({ rank: 1 }), train({ rank: 4 }), train({ method: 'full' })]);
    expect(one.losses?.accuracy).toBeLessThan((four.losses?.accuracy ?? 0) - 0.02);
    expect(full.modules[0].effectiveRank).toBeGreaterThan(8);
  });
});
