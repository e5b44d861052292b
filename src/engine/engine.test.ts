import { afterEach, describe, expect, it, vi } from 'vitest';
import { productSpectrum } from '../math/spectral/product-svd.ts';
import type { Backend } from './backends/backend.ts';
import { typescriptBackend } from './backends/own-backends.ts';
import { lastStep, TestPage } from './testing/page.ts';

afterEach(() => void vi.useRealTimers());

describe('a run', () => {
  it('sends the matrices, then step 0, then nothing until it is told to train', async () => {
    const page = new TestPage();
    page.run(1, {});
    const ready = await page.ready(1);
    const [module] = ready.modules;
    expect(ready.modules).toHaveLength(1);
    expect([module.name, module.d, module.k, module.rank]).toEqual(['W', 12, 10, 3]);
    expect(ready.engine.backend).toBe('cpu');
    const first = await page.frameAt(1, 0);
    const { series, modules } = first;
    expect([first.frame, first.from, series.loss.length]).toEqual([0, 0, 1]);
    expect(modules[0].A).toEqual(module.A);
    expect(modules[0].gradNormA[0]).toBe(0);
    expect(series.loss[0]).toBeCloseTo((module.wanted?.norm ?? 0) ** 2 / 2, 10);
    expect(series.relativeError?.[0]).toBeCloseTo(1, 12);
    expect(modules[0].spectrum).toEqual(new Float64Array(3));
    await page.settled();
    expect(page.all('frame')).toHaveLength(1);
    expect(page.all('done')).toHaveLength(0);
  });

  it('trains to its budget: one entry a step, the last measured on the last factors', async () => {
    const page = new TestPage();
    page.run(1, { steps: 120 });
    const done = await page.done(page.pace(1));
    expect(done).toMatchObject({ run: 1, ending: 'finished', step: 120 });
    const loss = page.trace(1, 'loss');
    expect(loss).toHaveLength(121);
    expect(loss[120]).toBeLessThan(loss[0]);
    const last = page.all('frame').at(-1)?.modules[0];
    const [A, B] = [last?.A ?? new Float32Array(), last?.B ?? new Float32Array()];
    const product = productSpectrum({ rows: 12, cols: 3, data: B }, { rows: 3, cols: 10, data: A }, 16 / 3);
    expect(last?.spectrum).toEqual(product);
    expect(page.all('frame').map((f) => f.frame)).toEqual(page.all('frame').map((_, i) => i));
  });

  it('stops at `until`, pauses, goes on, and is finished at once where nothing is left', async () => {
    const page = new TestPage();
    page.run(1, { steps: 60 });
    expect(await page.done(page.pace(1, Number.POSITIVE_INFINITY, 25))).toMatchObject({ ending: 'paused', step: 25 });
    const slow = page.pace(1, 50);
    await page.frameAt(1, 27);
    const paused = await page.done(page.pace(1, 0));
    expect(paused.ending).toBe('paused');
    expect(page.all('done').some(({ order }) => order === slow)).toBe(false);
    expect(lastStep(page.all('frame').at(-1) ?? (await page.frameAt(1, 0)))).toBe(paused.step);
    expect(await page.done(page.pace(1))).toMatchObject({ ending: 'finished', step: 60 });
    expect(await page.done(page.pace(1))).toMatchObject({ ending: 'finished', step: 60 });
    expect(await page.done(page.pace(1, 0))).toMatchObject({ ending: 'paused', step: 60 });
    expect(page.trace(1, 'loss')).toHaveLength(61);
    // A goal beyond the budget is carried out.
    expect(await page.done(page.pace(1, Number.POSITIVE_INFINITY, 65))).toMatchObject({ ending: 'finished', step: 65 });
    expect(page.trace(1, 'loss')).toHaveLength(66);
  });

  it('keeps a pace', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    vi.setTimerTickMode('nextTimerAsync');
    // A step takes a millisecond, and everything else only waits.
    let spent = 0;
    const open: Backend['open'] = async (start) => {
      const inner = await typescriptBackend.open(start);
      const steps = (n: number) => {
        spent += n;
        return inner.steps(n);
      };
      return { ...inner, steps };
    };
    const page = new TestPage({ ...typescriptBackend, open }, [], () => performance.now() + spent);
    page.run(1, { steps: 1000 });
    await page.ready(1);
    const before = performance.now() + spent;
    await page.done(page.pace(1, 100, 31));
    // The first step is due at once, the others 10 ms apart; the last is made at the next frame.
    expect(performance.now() + spent - before).toBeGreaterThanOrEqual(300);
    expect(performance.now() + spent - before).toBeLessThanOrEqual(300 + 16 + 1);
    // A frame holds the one or two steps that fell due since the one before.
    expect(page.all('frame').length).toBeGreaterThan(15);
  });

  it('gives the same trace at any pace', async () => {
    const page = new TestPage();
    page.run(1, { steps: 40 });
    await page.done(page.pace(1, 400));
    page.run(2, { steps: 40 });
    await page.done(page.pace(2));
    expect(page.trace(2, 'loss')).toEqual(page.trace(1, 'loss'));
  });

  it('has at most two frames under way, and loses no step while the page is busy', async () => {
    const page = new TestPage();
    page.acknowledges = false;
    page.run(1, { steps: 30_000, lr: 1e-7 });
    const order = page.pace(1);
    await page.frameAt(1, 1);
    // Packs of steps are made meanwhile; a frame of them would be sent at once.
    await page.settled(10);
    expect(page.all('frame')).toHaveLength(2);
    expect(page.all('done')).toHaveLength(0);
    page.acknowledges = true;
    for (const frame of page.all('frame')) page.ack(frame);
    expect(await page.done(order)).toMatchObject({ ending: 'finished', step: 30_000 });
    expect(page.trace(1, 'loss')).toHaveLength(30_001);
  });

  it('computes only what is watched, and sends the present step again when more is', async () => {
    const page = new TestPage();
    page.run(1, { steps: 5 }, { watch: { metrics: [], modules: null } });
    await page.done(page.pace(1));
    const seen = page.all('frame').flatMap(({ modules }) => modules.flatMap((m) => [m.spectrum, m.alignment]));
    expect(new Set(seen)).toEqual(new Set([null]));
    const count = page.all('frame').length;
    page.send({ type: 'watch', run: 1, watch: { metrics: ['spectrum', 'alignment'], modules: ['W'] } });
    await page.settled();
    expect(page.all('frame')).toHaveLength(count + 1);
    const last = page.all('frame').at(-1);
    const module = last?.modules[0];
    expect([last?.from, module?.spectrum?.length, module?.alignment?.left.length]).toEqual([5, 3, 3]);
  });

  it('says why an experiment is refused', async () => {
    const page = new TestPage();
    page.run(1, { target: 'picture', d: 8, k: 8 }, { drawing: { rows: 4, cols: 4, data: new Float64Array(16) } });
    expect((await page.failed(1)).kind).toBe('refused');
    expect(page.all('ready')).toHaveLength(0);
  });

  it('reports a bug as broken and runs again after it', async () => {
    let broken = true;
    const page = new TestPage({
      ...typescriptBackend,
      open: (start) => (broken ? Promise.reject(new Error('a bug')) : typescriptBackend.open(start)),
    });
    page.run(1, {});
    expect(await page.failed(1)).toMatchObject({ kind: 'broken', why: 'a bug' });
    broken = false;
    page.run(2, { steps: 3 });
    expect((await page.done(page.pace(2))).ending).toBe('finished');
  });
});

describe('a newer run', () => {
  it('takes the place of the one that trains, whose frames end', async () => {
    const page = new TestPage();
    page.run(1, { steps: 100_000 });
    page.pace(1);
    await page.frameAt(1, 10);
    page.run(2, { steps: 10, rank: 2 });
    const sent = page.all('frame', 1).length;
    expect((await page.done(page.pace(2))).step).toBe(10);
    await page.settled();
    expect(page.all('frame', 1)).toHaveLength(sent);
    expect(page.all('done', 1)).toHaveLength(0);
  });

  it('is the only one that is made where many come at once', async () => {
    const page = new TestPage();
    for (let run = 1; run <= 20; run++) page.run(run, { rank: 1 + (run % 5), steps: 4 });
    await page.done(page.pace(20));
    expect(page.all('ready').map(({ run }) => run)).toEqual([20]);
    expect(page.all('failed')).toHaveLength(0);
  });

  it('is not changed by messages for an older one', async () => {
    const page = new TestPage();
    page.run(2, {});
    await page.ready(2);
    page.pace(1);
    page.run(1, {});
    await page.settled();
    expect(page.all('frame')).toHaveLength(1);
    expect(page.all('ready')).toHaveLength(1);
  });
});

it('sends spectra that come late after the frames of their steps, however long the page takes for those', async () => {
  const page = new TestPage();
  page.run(1, { d: 24, k: 24, rank: 18, steps: 64 });
  await page.ready(1);
  await page.done(page.pace(1, Number.POSITIVE_INFINITY, 30));
  page.acknowledges = false;
  for (const until of [31, 32, 33]) {
    page.pace(1, Number.POSITIVE_INFINITY, until);
    await page.settled();
  }
  // The maximum of frames is under way: the page gets no later steps.
  const end = page.pace(1, Number.POSITIVE_INFINITY, 64);
  await page.settled();
  const told = () => page.all('spectra').flatMap(({ samples }) => samples.map(({ step }) => step));
  const known = Math.max(...page.all('frame').map(lastStep));
  expect(known).toBeLessThanOrEqual(33);
  expect(Math.max(0, ...told())).toBeLessThanOrEqual(known);
  page.acknowledges = true;
  for (const frame of page.all('frame')) page.ack(frame);
  await page.done(end);
  await page.settled();
  expect(told().filter((step) => step > 30).length).toBeGreaterThan(20);
});

it('has spectra between the frames of a run that is over in a moment', async () => {
  const page = new TestPage();
  page.run(1, { steps: 320 });
  await page.done(page.pace(1, Number.POSITIVE_INFINITY, 320));
  const frames = page.all('frame', 1);
  const steps = frames.flatMap((f) => [
    ...f.between.map(({ step }) => step),
    ...(f.modules[0].spectrum ? [lastStep(f)] : []),
  ]);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  // One in 64 of the budget at least; a run may end before by convergence.
  for (let i = 1; i < steps.length; i++) expect(steps[i] - steps[i - 1]).toBeLessThanOrEqual(5);
  const [{ d, k }] = (await page.ready(1)).modules;
  for (const { between } of frames)
    for (const { spectra } of between) expect(spectra.map((s) => s?.length)).toEqual([Math.min(3, d, k)]);
});
