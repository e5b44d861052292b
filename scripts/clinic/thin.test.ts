import { expect, it } from 'vitest';
import type { CaseChart } from '../../src/clinic/cases/case.ts';
import { thinEvidence } from './thin.ts';

type Points = CaseChart['lines'][number]['points'];

function thinned(points: Points, scale: 'linear' | 'log', dots = false): Points {
  const line = { label: 'a', look: 'symptom', dots, points } as const;
  const chart: CaseChart = {
    ...{ title: 't', about: 'a', lines: [line] },
    ...{ x: { label: 'step', scale: 'linear' }, y: { label: 'y', scale } },
  };
  return thinEvidence({ headline: 'h', charts: [chart] }).charts[0].lines[0].points;
}

/** The height of a line at an x, between its points. */
function heightAt(points: Points, x: number, log: boolean): number {
  const i = Math.max(
    1,
    points.findIndex(([at]) => at >= x),
  );
  const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
  const t = (x - x0) / (x1 - x0);
  return log ? y0 * (y1 / y0) ** t : y0 + t * (y1 - y0);
}

it('a straight line needs its ends alone, on its own kind of axis', () => {
  const steps = Array.from({ length: 301 }, (_, i) => i);
  const linear = steps.map((i) => [i, 2 - i / 300] as const);
  const exponential = steps.map((i) => [i, 10 ** (-i / 100)] as const);
  expect(thinned(linear, 'linear')).toEqual([
    [0, 2],
    [300, 1],
  ]);
  expect(thinned(exponential, 'log')).toEqual([
    [0, 1],
    [300, 0.001],
  ]);
  expect(thinned(exponential, 'linear').length).toBeGreaterThan(10);
});

it.each(['linear', 'log'] as const)('a curve stays where it was on a %s axis', (scale) => {
  const points = Array.from({ length: 301 }, (_, i) => [i, 1 / (1 + i / 20) + 0.01 * Math.sin(i / 9)] as const);
  const few = thinned(points, scale);
  expect(few.length).toBeLessThan(120);
  const values = points.map(([, y]) => (scale === 'log' ? Math.log(y) : y));
  const range = Math.max(...values) - Math.min(...values);
  for (const [x, y] of points) {
    const at = heightAt(few, x, scale === 'log');
    const off = scale === 'log' ? Math.log(at / y) : at - y;
    // A twentieth of a percent across a line is up to 16 times that upwards, at its steepest.
    expect(Math.abs(off) / range).toBeLessThan(0.01);
  }
});

it('a gap stays a gap, and dots stay as they are', () => {
  const gap = thinned(
    [
      [0, 1],
      [1, 1],
      [2, 1],
      [3, Number.NaN],
      [4, 2],
      [5, 2],
    ],
    'linear',
  );
  expect(gap.map(([x]) => x)).toEqual([0, 2, 4, 4, 5]);
  expect(gap.map(([, y]) => y)).toEqual([1, 1, Number.NaN, 2, 2]);
  expect(
    thinned(
      [
        [0, 1],
        [1, 1],
        [2, 1],
      ],
      'linear',
      true,
    ),
  ).toHaveLength(3);
});
