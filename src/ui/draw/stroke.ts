import { NO_PAINT } from '../../experiment/targets/painting.ts';
import { SIDE } from '../../state/draft.ts';
import type { Paint } from '../../state/view.ts';

/** In cells: the middle of the first cell is (½, ½). */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
}

/** A grey level that replaces the present one; null erases to the ground. */
export type Shade = number | null;

/** Share of each cell covered by a stroke so far, 0 … 1. */
export type Coverage = Float64Array;

export const emptyCoverage = (): Coverage => new Float64Array(SIDE * SIDE);

/**
 * Adds a segment to a stroke, in place: max with clip(size/2 + ½ − distance, 0, 1), distance from cell centre to
 * segment.
 */
export function cover(coverage: Coverage, from: StrokePoint, to: StrokePoint, size: number): void {
  const reach = size / 2 + 0.5;
  const inside = (v: number) => Math.min(SIDE - 1, Math.max(0, v));
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  if (right < -reach || bottom < -reach || left > SIDE + reach || top > SIDE + reach) return;
  for (let i = inside(Math.floor(top - reach)); i <= inside(Math.ceil(bottom + reach)); i++) {
    for (let j = inside(Math.floor(left - reach)); j <= inside(Math.ceil(right + reach)); j++) {
      const covered = reach - distance({ x: j + 0.5, y: i + 0.5 }, from, to);
      const at = i * SIDE + j;
      if (covered > coverage[at]) coverage[at] = Math.min(1, covered);
    }
  }
}

function distance(point: StrokePoint, from: StrokePoint, to: StrokePoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / square;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}

/** A new sheet with a stroke over `before`. `ground`: greys below the paint. */
export function layStroke(before: Paint, coverage: Coverage, shade: Shade, ground: Float64Array): Paint {
  return before.map((old, i) => {
    const share = coverage[i];
    if (share === 0) return old;
    const below = old === NO_PAINT ? ground[i] : old;
    if (shade !== null) return below + share * (shade - below);
    return old === NO_PAINT || share === 1 ? NO_PAINT : below + share * (ground[i] - below);
  });
}

/** Greys of a sheet: its paint, or the ground if unpainted. */
export function greysOf(paint: Paint, ground: Float64Array): Float64Array {
  return paint.map((grey, i) => (grey === NO_PAINT ? ground[i] : grey));
}
