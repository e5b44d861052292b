import type { CaseChart, Evidence } from '../../src/clinic/cases/case.ts';
import { pieces } from '../../src/kit/chart/marks.ts';

type Point = CaseChart['lines'][number]['points'][number];

/** Of the width and the height of what is drawn: a quarter of a pixel in 500. */
const TOLERANCE = 0.0005;
const DIGITS = 4;

/** Where points stand in a square with sides of 1 over the ranges of both axes. */
function placer(points: readonly Point[], { x, y }: CaseChart): (point: Point) => Point {
  const axes = [x, y].map(({ scale }, axis) => {
    const to = (value: number) => (scale === 'log' ? Math.log(Math.max(value, Number.MIN_VALUE)) : value);
    const all = points.map((point) => to(point[axis])).filter(Number.isFinite);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return (value: number) => (high > low ? (to(value) - low) / (high - low) : 0);
  });
  return ([a, b]) => [axes[0](a), axes[1](b)];
}

/** Ramer–Douglas–Peucker: of a line without gaps, the points that it needs to stay within the tolerance. */
function needed(points: readonly Point[], at: (point: Point) => Point): readonly Point[] {
  if (points.length < 3) return points;
  const [first, last] = [at(points[0]), at(points[points.length - 1])];
  const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(dx, dy);
  let [worst, off] = [0, 0];
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = at(points[i]);
    const from: Point = [x - first[0], y - first[1]];
    const distance = length === 0 ? Math.hypot(...from) : Math.abs(dx * from[1] - dy * from[0]) / length;
    if (distance > off) [worst, off] = [i, distance];
  }
  if (off <= TOLERANCE) return [points[0], points[points.length - 1]];
  return [...needed(points.slice(0, worst + 1), at).slice(0, -1), ...needed(points.slice(worst), at)];
}

/** Lists of points between gaps, which are points without a finite value. */
const connected = (points: readonly Point[]) =>
  pieces(points.map((point) => (point.every(Number.isFinite) ? point : null)));

const rounded = ([x, y]: Point): Point => [Number(x.toPrecision(DIGITS)), Number(y.toPrecision(DIGITS))];

/** A chart whose lines have the points that the eye can tell apart, in four digits; a gap is NaN. */
function thinChart(chart: CaseChart): CaseChart {
  const at = placer(
    chart.lines.flatMap(({ points }) => connected(points).flat()),
    chart,
  );
  const lines = chart.lines.map((line) => ({
    ...line,
    points: connected(line.points).flatMap((piece, i): readonly Point[] => {
      const kept = (line.dots ? piece : needed(piece, at)).map(rounded);
      return i === 0 ? kept : [[kept[0][0], Number.NaN], ...kept];
    }),
  }));
  return { ...chart, lines };
}

export const thinEvidence = ({ headline, charts }: Evidence): Evidence => ({ headline, charts: charts.map(thinChart) });
