import { dotRadius, type Size } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polylines } from '../../kit/chart/marks.ts';

/**
 * The points of values[from … to] (both included). Lists with more entries than a screen has columns are thinned to
 * four points per column: the first, the lowest, the highest and the last, so that the drawn line is the same. NaN is
 * left out.
 */
export function trace(
  values: ArrayLike<number>,
  from: number,
  to: number,
  x: (index: number) => number,
  y: (value: number) => number,
): Point[] {
  const last = Math.min(to, values.length - 1);
  const points: Point[] = [];
  const columns = Math.max(1, x(last) - x(from));
  const stride = last - from > 2 * columns ? Math.ceil((last - from) / columns) * 2 : 1;
  if (stride <= 1) {
    for (let i = from; i <= last; i++) if (Number.isFinite(values[i])) points.push([x(i), y(values[i])]);
    return points;
  }
  // Buckets start at multiples of the stride, so that thinning is stable while a curve grows.
  for (let start = from - (from % stride); start <= last; start += stride) {
    let low = -1;
    let high = -1;
    const first = Math.max(from, start);
    const end = Math.min(last, start + stride - 1);
    for (let i = first; i <= end; i++) {
      if (!Number.isFinite(values[i])) continue;
      if (low < 0 || values[i] < values[low]) low = i;
      if (high < 0 || values[i] > values[high]) high = i;
    }
    if (low < 0) continue;
    const kept = new Set([first, Math.min(low, high), Math.max(low, high), end]);
    for (const i of kept) if (Number.isFinite(values[i])) points.push([x(i), y(values[i])]);
  }
  return points;
}

export interface Measurement {
  readonly step: number;
  readonly at: Point;
}

/** More measurements than this look the same as fewer. */
const MOST = 1000;

/** The finite values of a list measured at some steps, ascending. */
export function measurementsOf(
  steps: readonly number[],
  values: ArrayLike<number>,
  x: (step: number) => number,
  y: (value: number) => number,
): Measurement[] {
  const stride = Math.max(1, Math.floor(steps.length / MOST));
  return steps.flatMap((step, i): Measurement[] => {
    const kept = i % stride === 0 || i === steps.length - 1;
    return kept && Number.isFinite(values[i]) ? [{ step, at: [x(step), y(values[i])] }] : [];
  });
}

/** A line cut at a step, to which its last value is extended. */
export function cutLine(all: readonly Measurement[], step: number, x: (step: number) => number, font: number) {
  const [until, after] = [all.filter((one) => one.step <= step), all.filter((one) => one.step > step)];
  const last = until.at(-1);
  const here: Measurement[] = last ? [{ step, at: [x(step), last.at[1]] }] : [];
  return {
    until: connect([...until, ...here], font),
    after: connect(after.length > 0 ? [...here, ...after] : [], font),
  };
}

interface MeasurementLines {
  /** Between close neighbours. */
  readonly solid: readonly (readonly Point[])[];
  /** Across unmeasured steps. */
  readonly gaps: readonly (readonly Point[])[];
  /** Measurements that are too far apart for a line. */
  readonly dots: readonly Measurement[];
}

/** In font sizes: neighbours further apart are joined by a dotted line, and from APART on they are dots. */
const FAR = 1.5;
const APART = 1;

/**
 * Joins measurements, ascending in step, so that the picture claims no more than was measured: a line is solid if every
 * step was, or if no difference is visible; over longer gaps it is dotted, between dots.
 */
export function connect(list: readonly Measurement[], font: number): MeasurementLines {
  const solid: Point[][] = [];
  const gaps: Point[][] = [];
  const dots = new Set<Measurement>();
  for (const [i, now] of list.entries()) {
    const last = list[i - 1];
    const skipped = last && now.step - last.step > 1 ? now.at[0] - last.at[0] : 0;
    if (last && skipped > APART * font) dots.add(last).add(now);
    if (last && skipped > FAR * font) gaps.push([last.at, now.at]);
    if (!last || skipped > FAR * font) solid.push([now.at]);
    else solid[solid.length - 1].push(now.at);
  }
  // A measurement between two gaps is a dot without a line.
  return { solid: solid.filter((points) => points.length > 1 || list.length === 1), gaps, dots: [...dots] };
}

/** The marks of these lines; `weight` is the class of the solid parts, dotted ones are at most as wide as a line. */
export function measurementMarks(
  key: string,
  weight: string,
  hue: string,
  lines: MeasurementLines,
  size: Size,
): Mark[] {
  const thin = weight === 'main' ? 'line' : weight;
  const radius = dotRadius(size) * (weight === 'pin' ? 0.6 : 0.85);
  return [
    polylines(key, `${weight} ${hue}`, lines.solid),
    ...(lines.gaps.length > 0 ? [polylines(`${key} gaps`, `${thin} ${hue} jump`, lines.gaps)] : []),
    ...lines.dots.map(({ step, at }) => dot(`${key} at ${step}`, hue, at, radius)),
  ];
}
