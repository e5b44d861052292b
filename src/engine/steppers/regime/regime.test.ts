import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../experiment/layer/testing/fingerprint.ts';
import { parseLink } from '../../../experiment/link/link.ts';
import { change, defaults } from '../../../experiment/settings/experiment.ts';
import { type Regime, regimeOf } from '../../../experiment/settings/regime.ts';
import golden from '../../../math/golden/float16.json' with { type: 'json' };
import { runShapeOf } from '../../backends/device.ts';
import { startWasmBackend, typescriptBackend } from '../../backends/own-backends.ts';
import { trainInBackground } from '../../background-runs/background-run.ts';
import { settingsOf, tuningOf } from '../../run/tuner.ts';
import { problemOf } from '../../tasks/problem-of.ts';
import { initialFactors, startFrom, taskOf } from '../../tasks/task.ts';
import { digitsStart } from '../../testing/network-start.ts';
import { nodeBackends } from '../../testing/node-backends.ts';
import { startOfMatrix } from '../../testing/one-matrix.ts';
import { sampledStart } from '../../testing/sampled-start.ts';
import { randomStart } from '../../testing/starts.ts';
import type { Settings, StepperStart } from '../stepper.ts';
import { typescriptStepper } from '../typescript.ts';
import { updates } from '../updates.ts';
import { decay, shortenJointly } from './regime-steps.ts';

const SGD: Settings = { scaling: 2, opt: 'sgd', lr: 0.01, ratio: 3 };
const flat = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat());
const norm = (...all: ArrayLike<number>[]) => Math.hypot(...all.flatMap((one) => Array.from(one)));
const less = (x: Float32Array, y: Float32Array) => Array.from(x, (value, i) => value - y[i]);

function doraStart(): StepperStart {
  const e = change(change(defaults(), { d: 12, k: 10 }), { rank: 3, method: 'dora', opt: 'sgd', lr: 0.01 });
  const problem = problemOf(e, { drawing: null, assets: null });
  if ('why' in problem) throw new Error(problem.why);
  const settings = settingsOf(tuningOf(e, problem.modules), problem.modules);
  return { ...startFrom(taskOf(problem), initialFactors(problem)), settings };
}

/** B = 0 has no gradient of A; this one has both. */
const bothMove = { ...randomStart(9, 7, 3, SGD), B: Float32Array.from({ length: 27 }, (_, i) => Math.sin(i)) };
const wasm = startWasmBackend('plain');
if ('missing' in wasm) throw new Error(wasm.missing);

const STARTS = {
  'a matrix': [startOfMatrix(bothMove), typescriptBackend],
  'one factor of a matrix': [startOfMatrix({ ...bothMove, frozen: 'A' }), typescriptBackend],
  samples: [startOfMatrix(sampledStart({ settings: SGD }).start), typescriptBackend],
  'a network in loops': [digitsStart({ opt: 'sgd', lr: 0.01, init: 'symmetric' }), typescriptBackend],
  'a network in WebAssembly': [digitsStart({ opt: 'sgd', lr: 0.01, init: 'symmetric' }), wasm],
  'a network trained whole': [digitsStart({ method: 'full', opt: 'sgd', lr: 0.01 }), wasm],
  'another method': [doraStart(), wasm],
} as const;
const cases = Object.entries(STARTS).map(([name, [start, backend]]) => ({ name, start, backend }));

describe.each(cases)('the gradient of $name', ({ start, backend }) => {
  const moved = async (regime: Regime | null) => {
    const stepper = await backend.open({ ...start, regime });
    const { modules } = await stepper.steps(1);
    const from = (await (await backend.open(start)).measure()).modules;
    return modules.flatMap((after, i) =>
      after.own
        ? after.own.flatMap((own, n) => less(own, from[i].own?.[n] ?? own))
        : // At one rate for both.
          [...less(after.A, from[i].A), ...less(after.B, from[i].B).map((x) => x / start.settings[i].ratio)],
    );
  };

  it('is shortened to a largest norm over all trained factors, in its direction', async () => {
    const whole = await moved(null);
    const full = norm(whole) / start.settings[0].lr;
    const short = await moved({ clip: full / 5 });
    expect(norm(short) / norm(whole)).toBeCloseTo(1 / 5, 4);
    expect(norm(short.map((x, i) => x - whole[i] / 5)) / norm(short)).toBeLessThan(1e-3);
  });

  it('stays as it is, to the bit, below that norm', async () => {
    expect(await moved({ clip: 1e6 })).toEqual(await moved(null));
  });
});

describe('PyTorch', () => {
  it.each(Object.entries(golden.clipping))('clips a gradient, %s, and decays B alone, as here', (_, one) => {
    const [gradA, gradB] = [flat(one.start.gradA), flat(one.start.gradB)];
    shortenJointly(one.most, [gradA, gradB], (gradient) => norm(gradient));
    const [A, B] = [flat(one.start.A), flat(one.start.B)];
    decay(B, one.lr * one.decay);
    for (const [theta, g] of [
      [A, gradA],
      [B, gradB],
    ] as const)
      updates.adam(theta, g, [new Float32Array(g.length), new Float32Array(g.length)], {
        ...{ rate: one.lr, t: 1, columns: 2, epsilon: 1e-8 },
      });
    for (const [x, y] of [
      [gradA, one.clipped.gradA],
      [gradB, one.clipped.gradB],
      [A, one.end.A],
      [B, one.end.B],
    ] as const)
      expect(Math.max(...less(x, flat(y)).map(Math.abs))).toBeLessThan(3e-7);
  });
});

describe('weight decay on B', () => {
  const decaying = cases.filter(({ name }) => /^a matrix|samples|network in/.test(name));
  it.each(decaying)(
    'shortens it by the share of its rate before its step, and counts it in ‖ΔB‖: $name',
    async (one) => {
      const { start, backend } = one;
      const plain = (await (await backend.open(start)).steps(1)).modules;
      const { modules, entries } = await (await backend.open({ ...start, regime: { decayB: 0.5 } })).steps(1);
      for (const [i, { A, B }] of modules.entries()) {
        const { lr, ratio } = start.settings[i];
        const before = start.modules[i].B;
        expect(A).toEqual(plain[i].A);
        const wanted = plain[i].B.map((b, n) => b - lr * ratio * 0.5 * before[n]);
        expect(norm(less(B, wanted)) / norm(less(B, before))).toBeLessThan(1e-4);
        expect(entries.modules[i].updateNormB[0]).toBeCloseTo(norm(less(B, before)), 9);
      }
    },
  );

  it('is no setting where B does not train', () => {
    const read = (link: string) => regimeOf(parseLink(`#v=1&${link}`).experiment);
    expect(read('decayb=1')).toEqual({ decayB: 1 });
    for (const link of [
      'decayb=1&train=A',
      'decayb=1&init=mica',
      'decayb=1&method=dora',
      'target=digits&method=full&decayb=1',
    ])
      expect(read(link), link).toBeNull();
  });
});

describe('a link', () => {
  const experimentOf = (link: string) => parseLink(`#v=1&target=edit&edit=sunglasses&rank=8&${link}`).experiment;
  const end = async (link: string) => (await trainInBackground(experimentOf(link), { backends: nodeBackends })).summary;

  it('without these keys has no regime, and goes where it went', () => {
    expect(regimeOf(defaults())).toBeNull();
    expect(runShapeOf(defaults())).not.toHaveProperty('regime');
    expect(runShapeOf(experimentOf('precision=float16&clip=1&decayb=1')).regime).toEqual([
      'lossScale',
      'clip',
      'decayB',
    ]);
    expect(regimeOf(parseLink('#v=1&target=digits&precision=float16&lossscale=8').experiment)).toBeNull();
  });

  it('with a loss scale whose gradients pass 65,504 diverges at the first step; a smaller one trains as float32', async () => {
    const broken = await end('alpha=64&opt=adam&precision=float16&lossscale=65536&steps=40');
    expect([broken.status, broken.steps, broken.loss]).toMatchObject(['diverged', 0, expect.any(Number)]);
    const cured = await end('alpha=64&opt=adam&precision=float16&lossscale=1024&steps=40');
    const float32 = await end('alpha=64&opt=adam&steps=40');
    expect(cured.relativeError).toBeCloseTo(float32.relativeError ?? 0, 2);
  });

  it('whose gradients are lost below 2⁻²⁵ learns nothing; a loss scale keeps them', async () => {
    const tiny = 'alpha=0.003&size=0.001&opt=sgd&steps=40';
    expect((await end(`${tiny}&precision=float16`)).relativeError).toBeCloseTo(1, 12);
    const [cured, float32] = [await end(`${tiny}&precision=float16&lossscale=1024`), await end(tiny)];
    expect(float32.relativeError).toBeLessThan(0.7);
    expect(cured.relativeError).toBeCloseTo(float32.relativeError ?? 0, 2);
  });

  it('in float16 has gradients that are finite in every entry, also where one overflows', async () => {
    const e = experimentOf('alpha=64&precision=float16&lossscale=65536&steps=4');
    const { points } = await trainInBackground(e, { backends: nodeBackends });
    const { gradNormA, gradNormB } = points.modules[0];
    expect([...gradNormA, ...gradNormB].every(Number.isFinite)).toBe(true);
    expect(gradNormB[0]).toBeGreaterThanOrEqual(65_504 / 65_536);
  });

  it.each(['muon', 'polar', 'scaled', 'lora-pro', 'momentum', 'adamw'] as const)(
    'ends a run of %s that overflows',
    async (opt) => {
      const { status } = await end(`alpha=64&opt=${opt}&precision=float16&lossscale=4194304&steps=4`);
      expect(status).toBe('diverged');
    },
  );
});

const RECORDED = new URL('../../testing/regime-ends.json', import.meta.url);

it('ends at the recorded bits, as in every browser (e2e/bits.ts)', async () => {
  const recorded: Record<string, unknown> = JSON.parse(readFileSync(RECORDED, 'utf8'));
  const found: typeof recorded = {};
  for (const link of Object.keys(recorded)) {
    const { experiment, faults } = parseLink(link);
    expect(faults).toEqual([]);
    const { observed, problem } = await trainInBackground(experiment, { backends: nodeBackends });
    const [{ d, k, rank }] = problem.modules;
    const [{ A, B }] = observed[observed.length - 1].factors;
    found[link] = {
      A: fingerprint({ rows: rank, cols: k, data: Float32Array.from(A) }),
      B: fingerprint({ rows: d, cols: rank, data: Float32Array.from(B) }),
    };
  }
  if (process.env.RECORD) writeFileSync(RECORDED, `${JSON.stringify(found, null, 1)}\n`);
  expect(found).toEqual(recorded);
});

it('a snapshot and a start in between go on with the same bits', async () => {
  const regime = { lossScale: 512, clip: 0.2, decayB: 0.3 };
  const start = { ...startOfMatrix({ ...bothMove, settings: { ...SGD, opt: 'adam' } }), regime };
  const stepper = typescriptStepper(start);
  const kept = stepper.snapshot();
  const whole = await stepper.steps(6);
  kept.restore();
  await stepper.steps(2);
  const { modules } = await stepper.measure();
  const state = await stepper.optimiserState();
  const again = typescriptStepper({ ...start, modules: [{ ...start.modules[0], ...modules[0] }], state, step: 2 });
  expect((await again.steps(4)).modules).toEqual(whole.modules);
});
