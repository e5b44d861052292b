import { describe, expect, it } from 'vitest';
import { leastOf } from '../experiment/settings/rate.ts';
import { TestPage } from './testing/page.ts';

const MAX = Number.POSITIVE_INFINITY;

describe('a run that ends by itself', () => {
  it('diverges at the same step at any pace, and stands on its last good one', async () => {
    const ends = [];
    for (const pace of [MAX, 400]) {
      const page = new TestPage();
      page.run(1, { d: 24, k: 24, rank: 4, opt: 'sgd', lr: 30, steps: 500 });
      const { ending, step, loss: beyond = 0 } = await page.done(page.pace(1, pace));
      expect(ending).toBe('diverged');
      // The loss that ended it is reported, but not among the losses.
      expect(beyond <= 1e6 * page.trace(1, 'loss')[0]).toBe(false);
      const loss = page.trace(1, 'loss');
      expect(loss).toHaveLength(step + 1);
      expect(loss.every((v) => Number.isFinite(v))).toBe(true);
      ends.push(step);
    }
    expect(ends[0]).toBe(ends[1]);
    expect(ends[0]).toBeLessThan(60);
  });

  it('converges when both gradients have been small for 50 steps, at the same step at any pace, never in the first 50', async () => {
    const ends = [];
    for (const pace of [MAX, 2000]) {
      const page = new TestPage();
      page.run(1, { d: 6, k: 6, rank: 6, truerank: 2, noise: 0, target: 'low-rank', opt: 'sgd', steps: 20_000 });
      const { ending, step } = await page.done(page.pace(1, pace));
      expect(ending).toBe('converged');
      const [a, b] = [page.trace(1, 'gradNormA'), page.trace(1, 'gradNormB')];
      expect(a).toHaveLength(step + 1);
      const small = (list: number[], t: number) =>
        list[t] <= 1e-5 * Math.max(...list.slice(0, t + 1)) || list[t] < 1e-5;
      for (let t = step - 49; t <= step; t++) expect(small(a, t) && small(b, t), `step ${t}`).toBe(true);
      expect(step).toBeGreaterThan(50);
      ends.push(step);
    }
    expect(ends[0]).toBe(ends[1]);
  });

  it('with both factors zero spends its whole budget and is finished', async () => {
    const page = new TestPage();
    page.run(1, { init: 'both-zero', steps: 200 });
    expect(await page.done(page.pace(1))).toMatchObject({ ending: 'finished', step: 200 });
    expect(page.trace(1, 'gradNormA').every((v) => v === 0)).toBe(true);
    expect(page.trace(1, 'gradNormB').every((v) => v === 0)).toBe(true);
  });
});

describe('a run that is changed, and repeated', () => {
  it('records a change at its step; a replay gives the same numbers bit for bit and goes on', async () => {
    const page = new TestPage();
    page.run(1, { steps: 300 });
    await page.done(page.pace(1, MAX, 40));
    const rate = leastOf((await page.ready(1)).rate);
    const tuning = {
      alpha: 16,
      scaling: 'standard',
      opt: 'adam',
      ratio: 1,
      epsilon: 1e-8,
      steps: 300,
      lr: rate / 2,
    } as const;
    page.send({ type: 'tune', run: 1, tuning });
    await page.done(page.pace(1, MAX, 90));
    const changes = page.all('frame', 1).flatMap((f) => f.changes);
    expect(changes).toEqual([{ step: 40, key: 'lr', value: rate / 2 }]);
    page.run(2, { steps: 300, lr: rate }, { replay: { to: 90, changes } });
    await page.done(page.pace(2, MAX, 90));
    expect(page.trace(2, 'loss')).toEqual(page.trace(1, 'loss'));
    await page.done(page.pace(2, MAX, 120));
    expect(page.trace(2, 'loss')).toHaveLength(121);
  });

  it('measures the present step again when s changes, and sends it again', async () => {
    const page = new TestPage();
    page.run(1, { steps: 100 });
    await page.done(page.pace(1, MAX, 10));
    const { rate } = await page.ready(1);
    const before = page.trace(1, 'loss')[10];
    const tuning = {
      alpha: 64,
      scaling: 'standard',
      opt: 'adam',
      ratio: 1,
      epsilon: 1e-8,
      steps: 100,
      lr: rate,
    } as const;
    page.send({ type: 'tune', run: 1, tuning });
    await page.done(page.pace(1, MAX, 11));
    expect(page.trace(1, 'loss')[10]).not.toBe(before);
    expect(page.trace(1, 'loss')).toHaveLength(12);
  });
});
