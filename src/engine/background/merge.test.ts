import { describe, expect, it } from 'vitest';
import { inits } from '../../experiment/inits/index.ts';
import { initSettingsOf } from '../../experiment/settings/availability.ts';
import { decide, param } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { SCALINGS, type Scaling, scalingOf } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { isOwnMatrix } from '../../experiment/targets/target.ts';
import { frobenius, toFloat32 } from '../../math/matrix.ts';
import { gaussian, type Stream, stream } from '../../math/random.ts';
import { partOf } from '../../math/testing/part-of.ts';
import type { ModuleFrame } from '../protocol/frame.ts';
import type { MergedMessage } from '../protocol/worker-messages.ts';
import type { Factors } from '../steppers/stepper.ts';
import { TestPage } from '../testing/page.ts';

let order = 0;

async function merged(page: TestPage, run: number, { A, B }: Factors, scaling: number): Promise<MergedMessage> {
  order += 1;
  const mine = order;
  page.send({ type: 'merge', run, order: mine, module: 'W', A, B, scaling });
  return page.when((m): m is MergedMessage => m.type === 'merged' && m.order === mine && m.intruders !== null);
}

async function trained(page: TestPage, run: number, e: Partial<Experiment>): Promise<ModuleFrame> {
  page.run(run, e);
  await page.ready(run);
  await page.done(page.pace(run));
  const frame = page.all('frame', run).at(-1)?.modules[0];
  if (!frame) throw new Error('no frame');
  return frame;
}

const pick = <T>(list: readonly T[], source: Stream): T => list[source.integer(list.length)];

/** A setting of any target that needs no file, and of any initialisation that it offers. */
function drawnSetting(seed: number): Experiment {
  const source = stream(seed, 'merge test');
  const [d, k] = [4 + source.integer(40), 4 + source.integer(40)];
  const wanted: Partial<Experiment> = {
    ...{ d, k, seed: seed + 1, steps: 12, rank: 1 + source.integer(Math.min(d, k)) },
    target: pick(
      targets.all.filter((target) => target.kind !== 'network' && !isOwnMatrix(target)),
      source,
    ).name,
    scaling: pick(Object.keys(SCALINGS) as Scaling[], source),
    alpha: pick([1, 4, 16, 64], source),
  };
  const made = (changes: Partial<Experiment>) =>
    decide((key, draft) => ({ ...wanted, ...changes })[key] ?? param(key).default(draft));
  const offered = inits.all.filter((init) => !init.unavailable?.(initSettingsOf(made({ init: init.name }))));
  return made({ init: pick(offered, source).name });
}

describe('merging, as the engine tells the page', () => {
  const settings = Array.from({ length: 50 }, (_, seed) => drawnSetting(seed));

  it('stays below its bounds in both formats and gives the weight back, 50 random settings', async () => {
    const page = new TestPage();
    for (const [i, e] of partOf(settings, 3).entries()) {
      const frame = await trained(page, i + 1, e);
      const { float32, bfloat16, inputs } = await merged(page, i + 1, frame, scalingOf(e));
      const what = `${e.target} ${e.init} ${e.d} × ${e.k}, rank ${e.rank}`;
      expect(inputs).toBe(16);
      for (const { outputs, unmerged, worstCase } of [float32, bfloat16]) {
        expect(outputs.difference, what).toBeLessThanOrEqual(outputs.bound);
        expect(outputs.share, what).toBeLessThanOrEqual(1);
        expect(outputs.bound, what).toBeLessThanOrEqual(worstCase);
        expect(unmerged.difference, what).toBeLessThanOrEqual(unmerged.bound);
        expect(unmerged.share, what).toBeLessThanOrEqual(1);
      }
      // Bounds that explain something: rounding of numbers of this size, no more.
      expect(float32.outputs.bound, what).toBeLessThan(bfloat16.outputs.bound);
      expect(float32.unmerged.bound, what).toBeLessThan(1e-5 * (1 + e.alpha));
      expect(float32.lost, what).toBeLessThanOrEqual(bfloat16.lost);
    }
    const kinds = (of: (e: Experiment) => string | number) => new Set(settings.map(of)).size;
    expect(kinds((e) => e.target)).toBeGreaterThanOrEqual(4);
    expect(kinds((e) => e.init)).toBeGreaterThanOrEqual(10);
    expect(kinds((e) => e.rank)).toBeGreaterThanOrEqual(10);
    expect(kinds((e) => e.scaling)).toBe(Object.keys(SCALINGS).length);
  });

  it.each([
    [0.1, 0.02],
    [0.01, 0.17],
    [0.001, 0.79],
    [0.0001, 0.98],
  ])('in bfloat16 an update of %f of the weight’s norm loses about the share %f', async (size, share) => {
    const page = new TestPage();
    const [d, k, rank] = [96, 80, 24];
    page.run(1, { d, k, rank });
    await page.ready(1);
    const A = toFloat32(gaussian(rank, k, stream(2, 'A'))).data;
    const B = toFloat32(gaussian(d, rank, stream(2, 'B'))).data;
    const { size: atOne } = await merged(page, 1, { A, B }, 1);
    const found = await merged(page, 1, { A, B }, size / atOne);
    expect(found.size / size).toBeCloseTo(1, 2);
    expect(found.bfloat16.lost / share).toBeGreaterThan(0.8);
    expect(found.bfloat16.lost / share).toBeLessThan(1.2);
    expect(found.float32.lost).toBeLessThan(0.01);
  });

  it('measures the update against the frozen weight that the page was told of', async () => {
    const page = new TestPage();
    const e = { d: 9, k: 7, rank: 2, steps: 5 };
    const { A, B } = await trained(page, 1, e);
    const [{ base }] = (await page.ready(1)).modules;
    let square = 0;
    for (let i = 0; i < 9; i++)
      for (let j = 0; j < 7; j++) {
        const product = B[2 * i] * A[j] + B[2 * i + 1] * A[7 + j];
        square += (3 * product) ** 2;
      }
    const norm = frobenius({ rows: 9, cols: 7, data: base ?? new Float32Array(0) });
    expect((await merged(page, 1, { A, B }, 3)).size).toBeCloseTo(Math.sqrt(square) / norm, 6);
  });

  it('counts no intruders where nothing was added, all where four strong directions were, and those of the start', async () => {
    const page = new TestPage();
    const [d, k, rank] = [64, 64, 4];
    page.run(1, { d, k, rank });
    await page.ready(1);
    const A = toFloat32(gaussian(rank, k, stream(1, 'A'))).data;
    const B = toFloat32(gaussian(d, rank, stream(1, 'B'))).data;
    expect((await merged(page, 1, { A, B }, 0)).intruders).toEqual({ before: 0, after: 0 });
    const strong = (await merged(page, 1, { A, B }, 1)).intruders;
    expect(strong).toMatchObject({ before: 0 });
    expect(strong && 'after' in strong && strong.after).toBeGreaterThanOrEqual(4);
    const frame = await trained(page, 2, { d, k, rank, init: 'both-random', alpha: 64, steps: 1 });
    const random = (await merged(page, 2, frame, 16)).intruders;
    expect(random && 'before' in random && random.before).toBeGreaterThanOrEqual(4);
    // An initialisation that moves a part of W₀ leaves the layer as it was.
    const moved = await trained(page, 3, { d, k, rank, init: 'pissa', steps: 1 });
    expect((await merged(page, 3, moved, 4)).intruders).toMatchObject({ before: 0 });
  });

  it('leaves intruders out of large layers, and says why', async () => {
    const page = new TestPage();
    page.run(1, { d: 1025, k: 4096, rank: 1, target: 'low-rank', truerank: 1, noise: 0, init: 'gaussian' });
    const [{ A, B }] = (await page.ready(1)).modules;
    const { intruders } = await merged(page, 1, { A, B }, 1);
    expect(intruders && 'why' in intruders && intruders.why).toMatch(/4,198,400 numbers.*4,194,304/);
  });

  it('answers while the run goes on, the newest message only, and none of a run that is over', async () => {
    const page = new TestPage();
    page.run(1, { d: 128, k: 128, rank: 4, steps: 100_000 });
    const [{ A, B }] = (await page.ready(1)).modules;
    page.pace(1);
    page.send({ type: 'merge', run: 1, order: 999, module: 'W', A, B, scaling: 1 });
    expect((await merged(page, 1, { A, B }, 1)).intruders).toEqual({ before: 0, after: 0 });
    expect(page.all('merged', 1).filter((m) => m.order === 999)).toEqual([]);
    const steps = page.all('frame', 1).length;
    expect(steps).toBeGreaterThan(1);
    page.send({ type: 'merge', run: 1, order: 1000, module: 'W', A, B, scaling: 1 });
    await trained(page, 2, { steps: 3 });
    expect(page.all('merged', 1).filter((m) => m.order === 1000)).toEqual([]);
  });

  it('takes no factors of another size, and none of a module that it does not have', async () => {
    const page = new TestPage();
    const frame = await trained(page, 1, { steps: 3 });
    page.send({ type: 'merge', run: 1, order: 2000, module: 'W', A: frame.A.slice(1), B: frame.B, scaling: 1 });
    page.send({ type: 'merge', run: 1, order: 2001, module: 'q', A: frame.A, B: frame.B, scaling: 1 });
    await merged(page, 1, frame, 1);
    expect(page.all('merged', 1).some((m) => m.order === 2000 || m.order === 2001)).toBe(false);
  });
});
