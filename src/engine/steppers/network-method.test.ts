import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { methods } from '../../experiment/methods/index.ts';
import type { BesideLora } from '../../experiment/methods/starts.ts';
import { networkCosts, trainedParameters } from '../../experiment/network/costs.ts';
import { count } from '../../experiment/numbers.ts';
import { isPairRule, optimisers } from '../../experiment/optimisers.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { startWasmBackend, typescriptBackend } from '../backends/own-backends.ts';
import { trainInBackground } from '../background-runs/background-run.ts';
import { settingsOf, tuningOf } from '../run/tuner.ts';
import { evaluator } from '../tasks/network/evaluate.ts';
import { loops64 } from '../tasks/network/loops.ts';
import { initialFactors } from '../tasks/task.ts';
import { assetsInNode } from '../testing/assets-in-node.ts';
import { digits, digitsProblem, digitsStart } from '../testing/network-start.ts';

const BESIDES = methods.all.flatMap(({ name }) => (name === 'lora' ? [] : [name]));
const [plain, relaxed] = (['plain', 'relaxed'] as const).map((build) => {
  const backend = startWasmBackend(build);
  if ('missing' in backend) throw new Error(backend.missing);
  return backend;
});
const network = await assetsInNode({ target: 'digits' }, '');

const train = (changes: Partial<Experiment>) =>
  trainInBackground<NetworkProblem>(digits(changes), { backends: [plain], network });

const answersOf = (changes: Partial<Experiment>) => {
  const problem = digitsProblem(changes);
  const { modules } = problem;
  const scalings = settingsOf(tuningOf(digits(changes), modules), modules).map(({ scaling }) => scaling);
  return evaluator(problem, loops64)(initialFactors(problem), scalings).answers;
};

describe.each(BESIDES)('%s on a network', (method) => {
  it('starts with the answers of the pretrained network', () => {
    expect(answersOf({ method })).toEqual(answersOf({}));
  });

  it('takes on both builds of the products the steps that plain loops take', async () => {
    const start = digitsStart({ method, modules: 'hidden,out' });
    const [wanted, ...found] = await Promise.all(
      [typescriptBackend, plain, relaxed].map(async (backend) => (await backend.open(start)).steps(8)),
    );
    for (const { entries } of found)
      for (let step = 0; step < 8; step++)
        expect(entries.series.loss[step] / wanted.entries.series.loss[step]).toBeCloseTo(1, 4);
  });

  it('moves ΔW alone, which is given beside an identity', async () => {
    const start = digitsStart({ method });
    const { modules } = await (await plain.open(start)).steps(3);
    for (const [i, { A, B, own = [] }] of modules.entries()) {
      const { d, k } = start.modules[i];
      const [whole, still] = d < k ? [A, B] : [B, A];
      expect(whole).toHaveLength(d * k);
      expect(Math.hypot(...whole)).toBeGreaterThan(1e-4);
      expect(still).toEqual(d < k ? start.modules[i].B : start.modules[i].A);
      expect(own.map(({ length }) => length)).toEqual(start.modules[i].own?.map(({ length }) => length));
    }
  });

  it('goes back to a snapshot, and on from numbers and optimiser state, bit for bit', async () => {
    const start = digitsStart({ method, modules: 'hidden,out' });
    const stepper = await plain.open(start);
    const pack = await stepper.steps(3);
    const [kept, state] = [stepper.snapshot(), await stepper.optimiserState()];
    const first = await stepper.steps(3);
    kept.restore();
    expect(await stepper.steps(3)).toEqual(first);
    const modules = start.modules.map((module, i) => ({ ...module, ...pack.modules[i] }));
    const next = await plain.open({ ...start, modules, state, step: 3 });
    expect(await next.steps(3)).toEqual(first);
  });

  it('neither diverges nor ends above its start at the derived rate, whatever the rule', async () => {
    const cells = optimisers.all.flatMap(({ name: opt }) =>
      isPairRule(opt) || opt === 'polar'
        ? []
        : (['rotate', 'invert', 'relabel'] as const).flatMap((adapt) =>
            ([{}, { rank: 1, block: 2, factor: '8x8', entries: 20 }, { rank: 32, block: 64, side: 'in' }] as const).map(
              (sizes) => ({ ...sizes, opt, adapt, method }),
            ),
          ),
    );
    for (const cell of partOf(cells, cells.length, 10 * BESIDES.indexOf(method))) {
      const { summary, points } = await train({ ...cell, steps: 100 });
      expect(summary.status, JSON.stringify(cell)).toBe('finished');
      expect(summary.loss, JSON.stringify(cell)).toBeLessThan(points.series.loss[0]);
    }
  });
});

it('a change of α changes ΔW of DoRA at once, to that of a start with the other α', async () => {
  const start = digitsStart({ method: 'dora', alpha: 8 });
  const stepper = await plain.open(start);
  const { modules } = await stepper.steps(5);
  const other = start.settings.map((one) => ({ ...one, inner: 3 }));
  stepper.tune(other);
  const found = await stepper.measure();
  const again = await plain.open({
    ...start,
    modules: start.modules.map((module, i) => ({ ...module, ...modules[i] })),
    settings: other,
    step: 5,
  });
  const wanted = await again.measure();
  expect(found.entries.series.loss).toEqual(wanted.entries.series.loss);
  expect(found.modules).toEqual(wanted.modules);
  expect(found.modules).not.toEqual(modules);
});

it('with one factor alone the other stays as it starts', async () => {
  for (const [train, moves, still] of [
    ['B', 'B', 'A'],
    ['A', 'A', 'B'],
  ] as const) {
    const start = digitsStart({ train });
    const { modules, entries } = await (await plain.open(start)).steps(4);
    for (const [i, module] of modules.entries()) {
      expect(module[still]).toEqual(start.modules[i][still]);
      expect(module[moves]).not.toEqual(start.modules[i][moves]);
      expect(entries.modules[i][still === 'A' ? 'updateNormA' : 'updateNormB']).toEqual(new Float64Array(4));
    }
  }
  const [both, A, B] = (['both', 'A', 'B'] as const).map((train) => trainedParameters(digits({ train })));
  expect(A + B).toBe(both);
});

describe('sizes of a method in the matrices of a network', () => {
  it('are about those of LoRA at its rank, and those that its modules hold', () => {
    const lora = trainedParameters(digits({ rank: 8 }));
    for (const method of ['dora', 'oft', 'lokr', 'hira', 'shira', 'lora-xs'] satisfies BesideLora[]) {
      const trained = trainedParameters(change(change(defaults(), { target: 'digits' }), { method }));
      expect(trained / lora, method).toBeGreaterThan(0.7);
      expect(trained / lora, method).toBeLessThan(1.1);
    }
    for (const method of BESIDES) {
      const held = digitsProblem({ method }).modules.flatMap((module) => module.method?.own ?? []);
      expect(
        held.reduce((sum, { length }) => sum + length, 0),
        method,
      ).toBe(trainedParameters(digits({ method })));
    }
  });

  it('are cut to what a matrix of 10 rows has, and refused where 64 rows do not have them', async () => {
    const sizesIn = (changes: Partial<Experiment>) =>
      digitsProblem(changes).modules.map(({ method }) => method?.settings);
    expect(sizesIn({ method: 'oft', block: 16 }).map((sizes) => sizes?.block)).toEqual([16, 16, 10]);
    expect(sizesIn({ method: 'oft', block: 8 }).map((sizes) => sizes?.block)).toEqual([8, 8, 5]);
    expect(sizesIn({ method: 'lokr', factor: '4x4' }).map((sizes) => sizes?.factor)).toEqual(['4x4', '4x4', '2x4']);
    expect(sizesIn({ method: 'hira', rank: 16 }).map((sizes) => sizes?.rank)).toEqual([16, 16, 10]);
    expect(sizesIn({ method: 'shira', entries: 256 }).map((sizes) => sizes?.entries)).toEqual([256, 256, 148]);
    await expect(train({ method: 'oft', block: 24 })).rejects.toThrow(/Use blocks of/);
  });

  it('cost a step the gradient of W, and what the method does with it', () => {
    const target = targets.byName('digits');
    if (target.kind !== 'network') throw new Error('not a network');
    const { full, beside } = networkCosts(target, digits({ method: 'ia3' }));
    // Two operations an entry: ΔW and ∂ℓ.
    expect((beside?.multiplyAdds ?? 0) - full.multiplyAdds).toBe(2 * (2 * 64 * 64 + 10 * 64));
  });
});

describe('what is learned and kept on digits (docs/methods.md)', () => {
  const [, table = ''] = /<!-- learned -->([\s\S]*?)<!-- end/.exec(readFileSync('docs/methods.md', 'utf8')) ?? [];
  const rows = [...table.matchAll(/^\| [^|]+ \| `(.+?)` \| (.+) \|$/gm)].map(([, settings, cells]) => ({
    settings,
    cells: cells.split(' | '),
  }));
  const TASKS = ['rotate', 'invert'] as const;
  const SEEDS = partOf([1, 2, 3, 4, 5], 5);
  const said = (value: number, digits: number) => value.toFixed(digits).replace(/^0/, '');

  it('has every method', () => {
    for (const method of BESIDES) expect(table).toContain(`\`method=${method}`);
  });

  it.each(partOf(rows, 8, 3))('$settings', async ({ settings, cells: [trained, ...cells] }) => {
    for (const [n, adapt] of TASKS.entries()) {
      const ends = [];
      for (const seed of SEEDS) {
        const { experiment, faults } = parseLink(
          `#v=1&target=digits&adapt=${adapt}&seed=${seed}&auto=alpha&${settings}`,
        );
        expect(faults).toEqual([]);
        expect(count(trainedParameters(experiment))).toBe(trained);
        const { summary } = await trainInBackground<NetworkProblem>(experiment, { backends: [plain], network });
        ends.push([summary.losses?.accuracy ?? 0, summary.losses?.oldAccuracy ?? 0]);
      }
      for (const [part, digits] of [3, 2].entries()) {
        const values = ends.map((end) => end[part]).sort((a, b) => a - b);
        const [median, least, most] = cells[2 * n + part].split(/ \[|–|\]/);
        if (values.length === 5)
          expect([values[2], values[0], values[4]].map((v) => said(v, digits))).toEqual([median, least, most]);
        for (const value of values) {
          expect(Number(said(value, digits))).toBeGreaterThanOrEqual(Number(least));
          expect(Number(said(value, digits))).toBeLessThanOrEqual(Number(most));
        }
      }
    }
  });

  it('row factors of −1 in the first matrix undo an inversion of all pixels', () => {
    const problem = digitsProblem({ method: 'ia3', adapt: 'invert' });
    const factors = initialFactors(problem).map((pair, i) =>
      i === 0 ? { ...pair, B: problem.modules[i].base.data.map((w) => -2 * w) } : pair,
    );
    const { accuracy, oldAccuracy } = evaluator(problem, loops64)(factors, [1, 1, 1]);
    const before = evaluator(problem, loops64)(initialFactors(problem), [1, 1, 1]);
    expect(accuracy).toBe(before.oldAccuracy);
    expect(oldAccuracy).toBe(before.accuracy);
  });
});
