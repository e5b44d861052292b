import { describe, expect, it } from 'vitest';
import { pacer, spectrumSampler } from './packs.ts';

/** Steps with a spectrum in a run of `steps` in packs as large as may be, if a spectrum takes `ms`. */
function sampled(rank: number, steps: number, msPerStep: number, ms: number): number[] {
  const s = spectrumSampler(rank);
  const found: number[] = [];
  for (let step = 0; step < steps; ) {
    step = Math.min(steps, step + s.toNext(step, steps));
    if (s.isDue(step, steps, msPerStep)) {
      s.kept(step, ms);
      found.push(step);
    } else s.isOwed(step, steps);
  }
  return found;
}

it('has 60 and more spectra of a run of low rank, and at least a dozen of one of high rank', () => {
  expect(sampled(8, 300, 0.1, 0.1).length).toBeGreaterThanOrEqual(60);
  const high = sampled(64, 300, 0.1, 6);
  expect(high.length).toBeGreaterThanOrEqual(12);
  expect(high.length).toBeLessThanOrEqual(16);
  expect(high[0]).toBeLessThan(300 / 12);
});

it('has a spectrum of every step of a run of a few', () => {
  expect(sampled(64, 5, 1, 1)).toEqual([1, 2, 3, 4, 5]);
});

it('takes slow spectra only beside steps that are slow too', () => {
  // The first shows the cost of one.
  expect(sampled(256, 300, 10, 90)).toHaveLength(1);
  expect(sampled(256, 300, 100, 90).length).toBeGreaterThanOrEqual(12);
});

/** Steps made in `ms` milliseconds on a device with `cost` per step, with frames' times. */
function simulate(pace: number, cost: number, ms: number, leastPack = 1) {
  const p = pacer(leastPack, cost);
  const packs: number[] = [];
  let now = 0;
  p.set(pace, now);
  while (now < ms) {
    const turn = p.turn(now);
    if ('wait' in turn) {
      now += Math.max(turn.wait, 0.01);
      continue;
    }
    now += turn.steps * cost;
    packs.push(turn.steps);
    p.made(turn.steps, turn.steps * cost, now);
  }
  return { steps: packs.reduce((sum, n) => sum + n, 0), packs };
}

describe('a pace', () => {
  it.each([1, 7, 50, 60, 300, 1000])('of %d steps per second is kept', (pace) => {
    // The first step is due at once, so it may be one more; the last pack may reach a frame beyond the end.
    const { steps } = simulate(pace, 0.1, 5000);
    expect(steps).toBeGreaterThanOrEqual(5 * pace - pace / 60);
    expect(steps).toBeLessThanOrEqual(5 * pace + 1 + pace / 60);
  });

  it('above 60 a second puts several steps into a frame', () => {
    const { packs } = simulate(1000, 0.1, 2000);
    expect(packs.length).toBeLessThan(140);
  });

  it('that the device cannot keep is not made up for later', () => {
    const p = pacer(1, 50);
    p.set(100, 0);
    let now = 0;
    for (let i = 0; i < 20; i++) {
      expect(p.turn(now)).toEqual({ steps: 1 });
      now += 50;
      p.made(1, 50, now);
    }
    // The device has become fast: it goes on at the pace, from here.
    for (let i = 0; i < 200; i++) p.made(1, 0.01, now);
    expect(p.turn(now + 1)).toHaveProperty('wait');
  });

  it('makes its first step at once, and waits for the next', () => {
    const p = pacer(1, 0.1);
    p.set(2, 1000);
    expect(p.turn(1000)).toEqual({ steps: 1 });
    p.made(1, 0.1, 1000.1);
    const next = p.turn(1000.1);
    expect('wait' in next && next.wait).toBeCloseTo(499.9, 5);
  });
});

describe('full speed', () => {
  it('makes packs of 12 to 16 ms', () => {
    const { packs } = simulate(Number.POSITIVE_INFINITY, 0.25, 1000);
    expect(packs.at(-1)).toBeGreaterThanOrEqual(48);
    expect(packs.at(-1)).toBeLessThanOrEqual(64);
  });

  it('makes one step at a time where one is longer', () => {
    expect(simulate(Number.POSITIVE_INFINITY, 40, 1000).packs.every((n) => n === 1)).toBe(true);
  });

  it('gives a graphics device at least 16 steps, unless they would take longer than 40 ms', () => {
    expect(simulate(Number.POSITIVE_INFINITY, 2, 1000, 16).packs.at(-1)).toBe(16);
    expect(simulate(Number.POSITIVE_INFINITY, 8, 1000, 16).packs.at(-1)).toBe(5);
  });

  it.each([0.02, 0.2, 3])('makes packs of 7 to 28 ms by a clock of whole milliseconds, at %d ms a step', (cost) => {
    const p = pacer(1, 0.1);
    p.set(Number.POSITIVE_INFINITY, 0);
    const packs: number[] = [];
    // One step at a time, as in a run that has a spectrum of every step; then as many as may be.
    for (let [now, at] = [0, 0]; now < 2000; at = now) {
      const turn = p.turn(Math.floor(now));
      const steps = now < 1000 ? 1 : 'steps' in turn ? turn.steps : Number.NaN;
      packs.push(steps);
      now += steps * cost;
      p.made(steps, Math.floor(now) - Math.floor(at), Math.floor(now));
    }
    expect(packs.slice(-10).every((steps) => steps * cost >= 7 && steps * cost <= 28)).toBe(true);
  });

  it('is not slowed for long by one slow pack', () => {
    const p = pacer(1, 0.1);
    p.set(Number.POSITIVE_INFINITY, 0);
    p.made(100, 2000, 2000);
    const after = p.turn(2000);
    expect('steps' in after && after.steps).toBeGreaterThan(60);
  });
});

it.each([1, 2, 3, 5, 7, 50])(
  'owes a run of high rank the spectra that were too slow, so that every run has 60 and more in the end, in packs of up to %i steps',
  (pack) => {
    for (const [rank, steps, msPerStep, ms] of [
      [64, 300, 0.1, 6],
      [256, 300, 10, 90],
      [8, 300, 0.1, 0.1],
    ]) {
      const s = spectrumSampler(rank);
      let [now, later] = [0, 0];
      for (let step = 0; step < steps; ) {
        step = Math.min(steps, step + Math.min(pack, s.toNext(step, steps)));
        if (s.isDue(step, steps, msPerStep)) {
          s.kept(step, ms);
          now++;
        } else if (s.isOwed(step, steps)) later++;
      }
      expect(now + later).toBeGreaterThanOrEqual(60);
      expect(rank > 16 ? later : 0).toBe(later);
      if (rank <= 16) expect(now).toBeLessThanOrEqual(64);
    }
  },
);
