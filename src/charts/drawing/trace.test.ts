import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../kit/chart/marks.ts';
import { effectiveRank } from '../effective-rank/effective-rank.ts';
import { EXPLANATIONS } from '../explanations.ts';
import { spectrum } from '../spectrum/spectrum.ts';
import { madeUpScene } from '../testing/made-up-scene.ts';
import { connect, trace } from './trace.ts';

const identity = (v: number) => v;

describe('trace', () => {
  it('keeps every point of a short list, and leaves out what is not a number', () => {
    const points = trace([3, Number.NaN, 5, Number.POSITIVE_INFINITY, 7], 0, 4, (i) => i * 10, identity);
    expect(points).toEqual([
      [0, 3],
      [20, 5],
      [40, 7],
    ]);
  });

  it('draws a part of a list', () => {
    expect(trace([1, 2, 3, 4], 1, 2, identity, identity)).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(trace([1, 2], 1, 9, identity, identity)).toEqual([[1, 2]]);
  });

  it('thins a long list to about two points a column, keeps its extremes and its ends', () => {
    const n = 100_000;
    const values = Float64Array.from({ length: n }, (_, i) => Math.sin(i / 500));
    values[54_321] = 9;
    values[54_322] = -9;
    const width = 360;
    const points = trace(values, 0, n - 1, (i) => (i / (n - 1)) * width, identity);
    expect(points.length).toBeLessThanOrEqual(2 * width + 8);
    const heights = points.map(([, y]) => y);
    expect(Math.max(...heights)).toBe(9);
    expect(Math.min(...heights)).toBe(-9);
    expect(points[0]).toEqual([0, values[0]]);
    expect(points[points.length - 1]).toEqual([width, values[n - 1]]);
    expect(points.every(([x], i) => i === 0 || x >= points[i - 1][0])).toBe(true);
  });

  it('leaves what is drawn alone while a curve grows on the same axis', () => {
    const values = Float64Array.from({ length: 50_000 }, (_, i) => Math.cos(i / 300));
    const x = (i: number) => i / 100;
    const early = trace(values, 0, 30_000, x, identity);
    const late = trace(values, 0, 40_000, x, identity);
    const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];
    expect(early.slice(0, -8).every((point, i) => same(point, late[i]))).toBe(true);
  });
});

const font = 12;
/** Measurements at some steps, `scale` px per step. */
const at = (steps: readonly number[], scale = 1) => steps.map((step) => ({ step, at: [scale * step, 50] as const }));

describe('lines through measurements', () => {
  it('are solid where every step was measured, however far apart the steps are drawn', () => {
    const { solid, gaps, dots } = connect(at([0, 1, 2, 3], 100), font);
    expect([solid.length, gaps.length, dots.length]).toEqual([1, 0, 0]);
  });

  it('are dotted from one dot to the next over steps that were not', () => {
    const { solid, gaps, dots } = connect(at([0, 300]), font);
    expect(solid).toEqual([]);
    expect(gaps).toEqual([
      [
        [0, 50],
        [300, 50],
      ],
    ]);
    expect(dots.map((d) => d.step)).toEqual([0, 300]);
  });

  it('of one measurement are that point', () => expect(connect(at([7]), font).solid).toEqual([[[7, 50]]]));

  it('pass from each measurement to the next, in one way or the other', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        const measured = at([...list].sort((a, b) => a - b));
        const { solid, gaps } = connect(measured, font);
        const pairs = [...solid, ...gaps].flatMap((points) =>
          points.slice(1).map((end, i) => [points[i][0], end[0]] as const),
        );
        const wanted = measured.slice(1).map((end, i) => [measured[i].at[0], end.at[0]] as const);
        expect([...pairs].sort((a, b) => a[0] - b[0])).toEqual(wanted);
        for (const [[from], [to]] of gaps) expect(to - from).toBeGreaterThan(font);
      }),
    );
  });
});

describe('a run of which some steps were measured', () => {
  const all = madeUpScene({ rank: 8, step: 90, newest: 120 });
  const steps = [0, 40, 80, 120];
  const spectra = steps.map((step) => all.sampled.spectra[step]);
  const scene = { ...all, sampled: { steps, spectra }, spectrum: spectra[2] };

  it('says how many they were, and which one is on show', () => {
    expect(effectiveRank.describe(scene)).toContain('Measured at 4 of 121 steps; step 80 is shown.');
    expect(effectiveRank.describe(all)).not.toContain('Measured at');
    expect(EXPLANATIONS.effectiveRank(scene).numbers).toContain('at step 80:');
    expect(spectrum.describe(scene)).toContain('ΔW at step 80, where it was last measured, has');
    expect(spectrum.table(scene).columns).toContain('σᵢ of ΔW at step 80');
  });

  it('has no other steps in its table', () =>
    expect(effectiveRank.table(scene).rows.map(([step]) => step)).toEqual(steps));
});
