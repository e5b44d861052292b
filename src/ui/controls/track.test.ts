import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { fingerPull, nextTick, positionOf, type Track, valueAt } from '../../kit/slider.tsx';
import { trackOf } from './track.ts';

const e = defaults();

const labelled = ({ ticks, textOf }: Track) => ticks.filter((tick) => textOf(tick) !== '');

describe('the track of a slider', () => {
  it('has the ticks of the rank axis', () => {
    expect(trackOf('rank', e, [8]).ticks).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(trackOf('rank', change(e, { d: 100, k: 100 }), [8]).ticks).toEqual([1, 2, 4, 8, 16, 32, 64, 100]);
    expect(trackOf('rank', change(e, { d: 1, k: 5 }), [1]).ticks).toEqual([1]);
  });

  it('shows a usual stretch of the table and widens for what lies outside it', () => {
    expect(labelled(trackOf('alpha', e, [16]))).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
    expect(trackOf('alpha', e, [300]).to).toBe(512);
    expect(trackOf('lr', e, [0.015]).ticks).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(trackOf('lr', e, [3e-8, 400])).toMatchObject({ from: 1e-8, to: 1000 });
    expect(trackOf('noise', e, [4]).to).toBe(4);
  });

  it('never labels more than fits, first and last always', () => {
    for (const [d, k] of [
      [1024, 1024],
      [65, 65],
      [3, 900],
      [2, 2],
    ] as const) {
      const track = trackOf('rank', change(e, { d, k }), [1]);
      expect(labelled(track).length).toBeLessThanOrEqual(9);
      expect(labelled(track)[0]).toBe(track.ticks[0]);
      expect(labelled(track).at(-1)).toBe(track.ticks.at(-1));
    }
  });

  it('leaves room for a long last number, which does not hang over the end', () => {
    // On a track of 196 px: "1,024" would reach from 148 to 179, and "4,096" begins at 174.
    const track = trackOf('d', e, [64]);
    expect(track.to).toBe(4096);
    expect(labelled(track).slice(-2)).toEqual([256, 4096]);
  });

  it('finds every tick again, and stays inside whatever the position', () => {
    for (const key of ['rank', 'alpha', 'lr', 'sigma', 'ratio', 'steps', 'noise', 'align', 'rate', 'd'] as const) {
      const track = trackOf(key, e, []);
      for (const tick of track.ticks) expect(valueAt(positionOf(tick, track), track)).toBe(tick);
      fc.assert(
        fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (t) => {
          const value = valueAt(t, track);
          expect(value).toBeGreaterThanOrEqual(track.from);
          expect(value).toBeLessThanOrEqual(track.to);
        }),
      );
    }
  });

  it('draws a finger to a tick from 10 px on either side, and to the nearer of two', () => {
    const rank = trackOf('rank', e, []);
    for (const px of [150, 188, 326]) {
      const at = (tick: number, by: number) => valueAt(positionOf(tick, rank) + by / px, rank, fingerPull(px));
      for (const by of [-10, -6, 0, 6, 10]) expect(at(32, by), `${by} of ${px} px`).toBe(32);
      expect(at(16, 12), `${px} px`).toBeGreaterThan(16);
      expect(at(16, 12), `${px} px`).toBeLessThan(32);
    }
    // A track so short that two pulls meet.
    expect(valueAt(positionOf(16, rank) + 4 / 60, rank, fingerPull(60))).toBe(16);
    expect(valueAt(positionOf(32, rank) - 4 / 60, rank, fingerPull(60))).toBe(32);
    // A mouse pulls from 2 to 3 px away.
    expect(valueAt(positionOf(32, rank) + 6 / 188, rank)).not.toBe(32);
  });

  it('steps from tick to tick, or a little', () => {
    const rank = trackOf('rank', e, []);
    expect([nextTick(8, 1, rank), nextTick(9, -1, rank), nextTick(64, 1, rank)]).toEqual([16, 8, 64]);
    expect([rank.smallStep(8, 1), rank.smallStep(1, -1)]).toEqual([9, 1]);
    const lr = trackOf('lr', e, []);
    expect([lr.smallStep(0.001, 1), lr.smallStep(0.001, -1), lr.smallStep(0.0151, 1)]).toEqual([0.0012, 0.0008, 0.02]);
  });
});
