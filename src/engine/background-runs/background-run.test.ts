import { describe, expect, it } from 'vitest';
import { layerCache, prepareProblem } from '../../experiment/layer/problem.ts';
import { makeFactors } from '../../experiment/matrix-file/testing/factors.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { timesRate } from '../../experiment/settings/rate.ts';
import { buffersOf } from '../../math/buffers.ts';
import { svd } from '../../math/factor/svd.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { type Backend, RunFault } from '../backends/backend.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import { nodeBackends } from '../testing/node-backends.ts';
import { smallExperiment, TestPage } from '../testing/page.ts';
import { type BackgroundRunOptions, trainInBackground } from './background-run.ts';
import { recordOf } from './background-runs.ts';

const [wasm] = nodeBackends;
const KEYS = ['loss', 'gradNormA', 'gradNormB', 'updateNormA', 'updateNormB', 'relativeError'] as const;

async function onPage(backend: Backend, experiment: Partial<Experiment>) {
  const page = new TestPage(backend);
  page.run(1, experiment);
  const { ending, step } = await page.done(page.pace(1));
  const { rate, modules } = await page.ready(1);
  const frame = page.all('frame', 1).at(-1);
  const last = frame?.modules[0];
  return {
    points: Object.fromEntries(KEYS.map((key) => [key, Float64Array.from(page.trace(1, key))])),
    end: { A: last?.A, B: last?.B },
    spectrum: last?.spectrum,
    ...{ status: ending, steps: step, rate, losses: frame?.losses, floor: modules[0].wanted?.floorAtRank },
  };
}

async function quietly(experiment: Partial<Experiment>, options: BackgroundRunOptions) {
  const { points, summary, observed } = await trainInBackground(smallExperiment(experiment), options);
  const { status, steps, rate, losses, modules } = summary;
  const record = { ...points.series, ...points.modules[0] };
  const { floor } = modules[0];
  return {
    points: record,
    end: observed.at(-1)?.factors[0],
    spectrum: observed.at(-1)?.spectra()[0],
    ...{ status, steps, rate, losses, floor },
  };
}

const RUNS: readonly (readonly [string, Partial<Experiment>])[] = [
  ['Adam on a low rank', { d: 24, k: 30, rank: 4, steps: 300 }],
  ['PiSSA and SGD, which converge', { d: 24, k: 30, rank: 4, steps: 200, init: 'pissa', opt: 'sgd' }],
  ['a frozen B, AdamW', { d: 20, k: 17, rank: 3, steps: 150, init: 'mica', opt: 'adamw' }],
  [
    'a rotation, momentum, another rate for B',
    { target: 'rotation', d: 16, k: 16, opt: 'momentum', ratio: 4, steps: 150 },
  ],
  ['a cosine after a warm-up', { d: 24, k: 30, rank: 4, steps: 200, warmup: 20, schedule: 'cosine' }],
  ['a start from which nothing moves', { init: 'both-zero', steps: 80 }],
  ['a high rate, which diverges', { d: 24, k: 24, rank: 4, opt: 'sgd', lr: 30, steps: 500 }],
  ['a small one, which converges', { d: 6, k: 6, rank: 6, truerank: 2, noise: 0, opt: 'sgd', steps: 20_000 }],
  ['mini-batches of samples', { target: 'regression', d: 12, k: 10, samples: 40, batch: 8, opt: 'sgd', steps: 120 }],
  ['all samples, LoRA-GA', { target: 'regression', d: 12, k: 10, samples: 40, batch: 40, init: 'lora-ga', steps: 120 }],
];

describe('a quiet run', () => {
  it.each(RUNS)('has the numbers of the page’s run bit for bit: %s', async (name, experiment) => {
    const page = await onPage(typescriptBackend, experiment);
    expect(await quietly(experiment, { backends: [typescriptBackend] })).toEqual(page);
    expect(page.points.loss).toHaveLength(page.steps + 1);
    expect(page.status).toBe(/diverge|converge/.exec(name)?.[0].concat('d') ?? 'finished');
    if (experiment.target === 'regression') return;
    const inWasm = await quietly(experiment, { backends: [wasm] });
    expect(inWasm).toEqual(await onPage(wasm, experiment));
  });

  it.each(RUNS)('has them whatever the size of its packs: %s', async (_, experiment) => {
    const backends = [typescriptBackend];
    const plain = await quietly(experiment, { backends });
    let now = 0;
    // Steps that take no time at all, and steps that take longer than a pack may: all in one pack, and one per pack.
    expect(await quietly(experiment, { backends, clock: () => 0 })).toEqual(plain);
    expect(await quietly(experiment, { backends, clock: () => (now += 50) })).toEqual(plain);
  });

  it('observes the steps that it is to observe, and its last one', async () => {
    const experiment = smallExperiment({ steps: 60 });
    const backends = [typescriptBackend];
    const { observed } = await trainInBackground(experiment, { backends, observe: [0, 7, 31, 60, 90] });
    expect(observed.map(({ step }) => step)).toEqual([0, 7, 31, 60]);
    for (const { step, spectra } of observed.slice(1)) {
      const alone = await trainInBackground({ ...experiment, steps: step }, { backends });
      expect(spectra()).toEqual(alone.observed[0].spectra());
    }
    expect(observed[0].spectra()).toEqual([new Float64Array(3)]);
  });

  it('takes the first back end that takes the shape, and a part of the derived rate', async () => {
    const run = (e: Partial<Experiment>, factor?: number) =>
      trainInBackground(smallExperiment({ steps: 3, ...e }), { backends: nodeBackends, factor });
    const [plain, quarter] = [await run({}), await run({}, 1 / 4)];
    expect(plain.backend.info.stepper).toBe('SIMD WebAssembly');
    expect(quarter.summary.rate).toBe(timesRate(1 / 4, plain.summary.rate));
    expect((await run({ target: 'regression' })).backend.info.stepper).toBe('TypeScript');
  });

  it('makes shared matrices once', async () => {
    const cache = layerCache();
    const [one, other] = [
      await trainInBackground(smallExperiment({ steps: 2 }), { backends: nodeBackends, cache }),
      await trainInBackground(smallExperiment({ steps: 2, init: 'pissa' }), { backends: nodeBackends, cache }),
    ];
    expect(other.problem.modules[0].wanted.matrix).toBe(one.problem.modules[0].wanted.matrix);
    expect(other.problem.modules[0].base).toBe(one.problem.modules[0].base);
  });

  it('lets messages come in between its packs, and ends where it is aborted: nothing is left', async () => {
    let alive = 0;
    let made = 0;
    const counted: Backend = {
      ...typescriptBackend,
      open: async (start) => {
        alive += 1;
        const stepper = await typescriptBackend.open(start);
        const steps = (n: number) => {
          made += n;
          return stepper.steps(n);
        };
        const dispose = () => {
          alive -= 1;
        };
        return { ...stepper, steps, dispose };
      },
    };
    const abort = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => abort.abort(new Error('enough'));
    port2.postMessage(null);
    const run = trainInBackground(smallExperiment({ steps: 1e6, lr: 1e-7 }), {
      backends: [counted],
      signal: abort.signal,
    });
    await expect(run).rejects.toThrow('enough');
    port1.close();
    expect([alive, made < 1e5]).toEqual([0, true]);
    const late = trainInBackground(defaults(), { backends: [counted], signal: abort.signal });
    await expect(late).rejects.toThrow('enough');
    expect(alive).toBe(0);
  });

  it('is the same for factors as for the entries of their product, on each back end', async () => {
    const factors = makeFactors(20, 14, 4);
    const target = { target: 'matrix', d: 20, k: 14, rank: 3, normalise: false, steps: 60 } as const;
    const whole = prepareProblem(smallExperiment(target), factors);
    if ('why' in whole) throw new Error(whole.why);
    const data = Float64Array.from(whole.modules[0].wanted.matrix.data);
    for (const backend of [wasm, typescriptBackend]) {
      const [byFactors, byEntries] = await Promise.all(
        [factors, { rows: 20, cols: 14, data }].map((drawing) => quietly(target, { backends: [backend], drawing })),
      );
      expect([byFactors.points, byFactors.end]).toEqual([byEntries.points, byEntries.end]);
      expect(byFactors.floor).toBeCloseTo(byEntries.floor ?? Number.NaN, 7);
    }
  });

  it('is refused as on the page', async () => {
    const drawing = { rows: 4, cols: 4, data: new Float64Array(16) };
    const run = trainInBackground(smallExperiment({ target: 'picture', d: 8, k: 8 }), {
      backends: nodeBackends,
      drawing,
    });
    const fault = await run.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(RunFault);
    expect(fault).toMatchObject({ kind: 'refused' });
  });
});

it('a longer run begins as the shorter one, unless its rates follow the number of steps', async () => {
  const losses = async (changes: Partial<Experiment>) =>
    (await quietly({ d: 12, k: 10, rank: 2, ...changes }, { backends: nodeBackends })).points.loss.slice(0, 31);
  for (const [changes, same] of [
    [{}, true],
    [{ warmup: 10 }, true],
    [{ schedule: 'linear' }, false],
    [{ schedule: 'cosine', warmup: 10 }, false],
  ] as const) {
    const [short, long] = [await losses({ ...changes, steps: 30 }), await losses({ ...changes, steps: 60 })];
    if (same) expect(long).toEqual(short);
    else expect(long).not.toEqual(short);
    // The warm-up is the same, whatever follows.
    if ('warmup' in changes) expect(long.slice(0, 11)).toEqual(short.slice(0, 11));
  }
});

describe('quiet runs that a page asks a worker for', () => {
  const order = { choice: { backend: null, stepper: null }, drawing: null, page: 'http://localhost/' } as const;
  const ask = (page: TestPage, quiet: number, experiment: Partial<Experiment>) =>
    page.send({ type: 'quiet', quiet, experiment: smallExperiment(experiment), ...order });
  const ONE = { d: 30, k: 25, steps: 400, lr: 1e-3 };
  const OTHER = { d: 9, k: 14, rank: 2, opt: 'sgd', steps: 90 } as const;

  it('are made one after another beside a lab, each with the bits that it has alone', async () => {
    const page = new TestPage();
    page.run(1, ONE);
    const lab = page.pace(1);
    ask(page, 7, OTHER);
    ask(page, 3, ONE);
    const results = [await page.quieted(7), await page.quieted(3)].map(({ result }) => result);
    await page.done(lab);
    expect(page.quieteds.map(({ quiet }) => quiet)).toEqual([7, 3]);
    const backends = [typescriptBackend];
    const alone = [
      await trainInBackground(smallExperiment(OTHER), { backends }),
      await trainInBackground(smallExperiment(ONE), { backends }),
    ];
    expect(results).toEqual(alone.map((run) => recordOf(run, {})));
    expect(results[0]).toMatchObject({ observed: [], kept: [], engine: { stepper: 'TypeScript' } });
    // Its lists move to the page as one.
    expect(buffersOf({ type: 'quieted', quiet: 1, result: recordOf(alone[0], {}) })).toHaveLength(1);
    expect(page.trace(1, 'loss')).toEqual([...alone[1].points.series.loss]);
  });

  it('tell of the steps that are to be observed, and hand over what is to be kept, without harm to shared matrices', async () => {
    const page = new TestPage();
    const moved = { d: 9, k: 14, rank: 6, init: 'pissa', opt: 'sgd', steps: 40 } as const;
    const samples = { target: 'regression', d: 12, k: 10, samples: 40, batch: 8, steps: 30 } as const;
    const more = { observe: [0, 10, 999], keep: ['factors', 'target', 'updates'] } as const;
    for (const quiet of [1, 2])
      page.send({ type: 'quiet', quiet, experiment: smallExperiment(moved), ...order, ...more });
    page.send({ type: 'quiet', quiet: 3, experiment: smallExperiment(samples), ...order, observe: [5] });
    const [first, again, third] = [await page.quieted(1), await page.quieted(2), await page.quieted(3)].map(
      ({ result }) => result,
    );
    if ('why' in first || 'why' in third) throw new Error('refused');
    // The arrays of the first have moved away: the second is made from the same W₀ and ΔW*.
    expect(again).toEqual(first);
    const alone = await trainInBackground(smallExperiment(moved), { backends: [typescriptBackend], observe: [0, 10] });
    expect(first.observed.map(({ step }) => step)).toEqual([0, 10, 40]);
    expect(first.observed.map(({ modules: [{ spectrum }] }) => spectrum)).toEqual(
      alone.observed.map(({ spectra }) => spectra()[0]),
    );
    const [{ factors, target, moved: start, scaling }] = first.kept;
    const last = alone.observed.at(-1)?.factors[0];
    expect(factors).toEqual({ A: last?.A, B: last?.B });
    expect(target).toEqual(alone.problem.modules[0].wanted.matrix.data);
    // ΔW entry by entry: its size, its values and its distance from ΔW* agree with the report.
    const delta = (one: typeof factors, s: number, i: number, j: number) =>
      Array.from({ length: 6 }, (_, p) => (one ? s * one.B[i * 6 + p] * one.A[p * 14 + j] : 0)).reduce((a, b) => a + b);
    const update = new Float64Array(9 * 14).map((_, at) => {
      const [i, j] = [Math.floor(at / 14), at % 14];
      return delta(factors, scaling, i, j) - delta(start, start?.scaling ?? 0, i, j);
    });
    const values = first.observed.at(-1)?.modules[0].update;
    const expected = singularValues({ rows: 9, cols: 14, data: update });
    expect(values?.length).toBe(9);
    for (const [i, value] of expected.entries()) expect(values?.[i]).toBeCloseTo(value, 6);
    const base = [...alone.problem.modules[0].base.data];
    const [{ relativeSize, intruders }] = first.updates ?? [];
    expect(relativeSize).toBeCloseTo(Math.hypot(...update) / Math.hypot(...base), 6);
    // Left singular vectors of 9 rows span everything: those of W₀ have a cosine of at least 1/√9 with each.
    const [before, after] = [base, base.map((x, at) => x + update[at])].map((data) =>
      svd({ rows: 9, cols: 14, data: Float64Array.from(data) }),
    );
    const closest = Array.from({ length: 9 }, (_, j) =>
      Math.max(
        ...Array.from({ length: 9 }, (_, l) =>
          Math.abs(
            Array.from({ length: 9 }, (_, i) => before.U.data[i * 9 + l] * after.U.data[i * 9 + j]).reduce(
              (a, b) => a + b,
            ),
          ),
        ),
      ),
    );
    expect(Math.min(...closest)).toBeGreaterThan(1 / 3 - 1e-9);
    expect(intruders).toBe(closest.filter((cosine) => cosine < 0.5).length);
    const miss = update.map((value, at) => value - (target?.[at] ?? 0));
    expect(Math.hypot(...miss) / Math.hypot(...(target ?? []))).toBeCloseTo(first.summary.relativeError ?? 0, 5);
    expect(Math.max(...(first.observed[0].modules[0].update ?? [9]))).toBeLessThan(1e-6);
    expect(third.observed).toMatchObject([
      { step: 5, losses: { heldOut: expect.any(Number) }, modules: [{ update: null }] },
      { step: 30, losses: third.summary.losses },
    ]);
    expect(third.kept).toEqual([]);
  });

  it('are not heard of once they are cancelled, begun or not', async () => {
    const page = new TestPage();
    ask(page, 1, { ...ONE, steps: 1e6 });
    ask(page, 2, ONE);
    ask(page, 3, OTHER);
    page.send({ type: 'cancel', quiet: 2 });
    // The first has begun by the time a lab is ready in the same worker.
    page.run(1, {});
    await page.ready(1);
    page.send({ type: 'cancel', quiet: 1 });
    await page.quieted(3);
    expect(page.quieteds.map(({ quiet }) => quiet)).toEqual([3]);
  });

  it('are told why they are not available, and hold up none that follows', async () => {
    const page = new TestPage({
      ...typescriptBackend,
      open: (start) =>
        start.modules[0].rank === 5 ? Promise.reject(new Error('a bug')) : typescriptBackend.open(start),
    });
    const drawing = { rows: 4, cols: 4, data: new Float64Array(16) };
    page.send({
      type: 'quiet',
      quiet: 1,
      experiment: smallExperiment({ target: 'picture', d: 8, k: 8 }),
      ...order,
      drawing,
    });
    ask(page, 2, { rank: 5 });
    ask(page, 3, OTHER);
    expect((await page.quieted(1)).result).toMatchObject({ kind: 'refused' });
    expect((await page.quieted(2)).result).toEqual({ kind: 'broken', why: 'a bug' });
    expect((await page.quieted(3)).result).toMatchObject({ summary: { status: 'finished', steps: 90 } });
  });
});

it('measures given factors without a step: those of the end of a run, and its start', async () => {
  const options = { backends: [wasm] };
  const experiment = smallExperiment({ d: 24, k: 30, rank: 4, steps: 40 });
  const run = await trainInBackground(experiment, options);
  const end = run.observed[run.observed.length - 1];
  const measured = await trainInBackground(experiment, { ...options, measures: end.factors });
  expect([measured.summary.steps, measured.points.series.loss.length]).toEqual([0, 1]);
  expect(measured.points.series.loss[0]).toBe(run.points.series.loss[40]);
  expect(measured.observed[0].spectra()).toEqual(end.spectra());
  const start = await trainInBackground(experiment, { ...options, measures: 'start' });
  expect([...start.points.series.loss]).toEqual([run.points.series.loss[0]]);
  const wrong = [{ A: new Float32Array(3), B: new Float32Array(3) }];
  await expect(trainInBackground(experiment, { ...options, measures: wrong })).rejects.toThrow(/other sizes/);
});
