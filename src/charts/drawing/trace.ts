import type { Point } from './marks.ts';

/**
 * The points of values[from … to] (both included). Longer lists than a screen has columns are thinned to four points a
 * column: the first, the lowest, the highest and the last, so that the drawn line is the same. Values that are not
 * numbers are left out.
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
  // Buckets start at multiples of the stride, so that a growing curve is not thinned anew at every step.
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
