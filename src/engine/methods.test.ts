import { describe, expect, it } from 'vitest';
import { layerCache } from '../experiment/layer/problem.ts';
import { floorAtRank } from '../experiment/layer/reach.ts';
import { methods } from '../experiment/methods/index.ts';
import type { BesideLora } from '../experiment/methods/starts.ts';
import { trainedParameters } from '../experiment/network/costs.ts';
import { isPairRule, optimisers } from '../experiment/optimisers.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { partOf } from '../math/testing/part-of.ts';
import { trainInBackground } from './background-runs/background-run.ts';
import { experimentOf, layerOf, trainAtDerivedRate } from './testing/derived-runs.ts';
import { nodeBackends } from './testing/node-backends.ts';
import { TestPage } from './testing/page.ts';

const BESIDES = methods.all.flatMap(({ name }) => (name === 'lora' ? [] : [name]));

async function course(changes: Partial<Experiment>, steps: number) {
  const e = experimentOf(changes);
  const layer = layerOf(e, layerCache());
  const { entries, summary } = await trainAtDerivedRate(e, layer, steps);
  const errors = entries.loss.map((loss) => Math.sqrt(2 * loss) / layer.targetNorm);
  return { e, layer, summary, errors, end: errors[errors.length - 1], floor: floorAtRank(layer) };
}

describe('at the derived rate', () => {
  const grid = BESIDES.flatMap((method) =>
    (['low-rank', 'rotation', 'edit', 'row-scaling', 'kronecker'] as const).flatMap((target) =>
      (
        [
          [64, 64],
          [16, 48],
          [48, 16],
        ] as const
      ).flatMap(([d, k]) =>
        optimisers.all
          .filter(({ name }) => !isPairRule(name))
          .flatMap(({ name: opt }) => [1, 8].map((rank) => ({ method, target, d, k, opt, rank }))),
      ),
    ),
  );

  it.each(BESIDES)('%s never diverges, and ends below its start', async (method) => {
    for (const cell of partOf(
      grid.filter((one) => one.method === method),
      30,
    )) {
      const { errors, end, summary } = await course(cell, 100);
      const what = `${JSON.stringify(cell)}: ${errors[0]} → ${end}`;
      expect(summary.status, what).not.toBe('diverged');
      expect(Math.max(...errors), what).toBeLessThan(3);
      // An exact start, and rules that never come to rest, may stay where they are.
      expect(end, what).toBeLessThan(errors[0] + 0.05);
    }
  });

  it.each([
    ['ia3', {}, 0.002],
    ['ia3', { side: 'in' }, 0.002],
    ['shira', {}, 0.002],
    ['shira', { places: 'random' }, 0.002],
    ['lora-xs', {}, 0.002],
    ['lokr', {}, 0.002],
    ['lokr', { factor: '2x2' }, 0.002],
    ['oft', {}, 0.01],
  ] as const)('%s %o ends at its own floor, never below it', async (method, more, within) => {
    for (const target of ['low-rank', 'rotation', 'edit'] as const)
      for (const opt of ['adam', 'sgd'] as const) {
        const { end, floor } = await course({ target, d: 48, k: 40, method, opt, ...more }, opt === 'sgd' ? 900 : 500);
        expect(floor, target).not.toBeNull();
        expect(end, `${target} ${opt}`).toBeGreaterThan((floor ?? 0) - 1e-5);
        expect(end - (floor ?? 0), `${target} ${opt}`).toBeLessThan(opt === 'sgd' ? 0.02 : within);
      }
  });
});

it('each method finds the update that is made for it', async () => {
  const made = { d: 64, k: 64, noise: 0 } as const;
  expect((await course({ ...made, target: 'row-scaling', method: 'ia3' }, 400)).end).toBeLessThan(1e-3);
  expect((await course({ ...made, target: 'kronecker', method: 'lokr', factor: '2x2' }, 400)).end).toBeLessThan(2e-3);
});

it('detached DoRA stalls on row scaling under Adam, where the exact norm goes on', async () => {
  const made = { d: 64, k: 64, target: 'row-scaling', method: 'dora', rank: 7, lr: 0.02 } as const;
  const end = async (norm: 'detached' | 'exact') => {
    const e = experimentOf({ ...made, norm, steps: 1500 });
    const run = await trainInBackground(e, { backends: nodeBackends });
    return run.summary.relativeError ?? Number.NaN;
  };
  const [detached, exact] = [await end('detached'), await end('exact')];
  expect(detached).toBeGreaterThan(0.1);
  expect(exact).toBeLessThan(detached / 2);
});

describe('a run beside LoRA through the engine', () => {
  it.each(BESIDES)(
    '%s: frames have its ΔW and its own numbers, and a change of the rate is taken over',
    async (method: BesideLora) => {
      const page = new TestPage();
      const e = experimentOf({ d: 24, k: 32, rank: 3, method, steps: 30 });
      page.run(1, e);
      const { modules, engine } = await page.ready(1);
      expect(['wasm', 'cpu']).toContain(engine.backend);
      const [{ method: about, wanted, rank, facts }] = modules;
      expect([about?.name, rank]).toEqual([method, 24]);
      expect(facts.method).toBeDefined();
      await page.done(page.pace(1));
      const frames = page.all('frame', 1);
      const frame = frames[frames.length - 1];
      const [{ A, own }] = frame.modules;
      // d < k: ΔW is A.
      const target = wanted?.matrix ?? new Float32Array();
      const error = Math.hypot(...A.map((x, at) => x - target[at])) / (wanted?.norm ?? 1);
      expect(error).toBeCloseTo(frame.series.relativeError?.at(-1) ?? Number.NaN, 5);
      expect(own?.map(({ length }) => length)).toEqual(about?.own.map(({ length }) => length));
      expect(own?.reduce((sum, { length }) => sum + length, 0)).toBe(trainedParameters(e));
    },
  );
});
