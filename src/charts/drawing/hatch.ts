import { type Mark, type Point, path } from './marks.ts';

/** Distance of the hatch lines along the axis, in px. */
const SPACING = 8.5;

/**
 * Hatching between a falling edge and the line y = bottom. Drawn as one path rather than a pattern, so that it needs no
 * name that another chart on the page could share. A stroke rises at 45°, the edge falls, so each stroke ends where the
 * two meet, or at the last point's x.
 */
export function hatch(key: string, edge: readonly Point[], bottom: number): Mark {
  return path(key, 'hatch rule', strokes(edge, bottom));
}

function strokes(edge: readonly Point[], bottom: number): string {
  if (edge.length < 2) return '';
  const [left, top] = edge[0];
  const right = edge[edge.length - 1][0];
  let d = '';
  // c names a stroke by where it meets the bottom line.
  const first = Math.ceil((left - (bottom - top)) / SPACING) * SPACING;
  let i = 0;
  for (let c = first; c < right; c += SPACING) {
    const start = Math.max(c, left);
    if (bottom - (start - c) <= (start === left ? top : Number.NEGATIVE_INFINITY)) continue;
    // The meeting point moves right as c does, so the search goes on from the last one.
    while (i < edge.length - 2 && edge[i + 1][1] < bottom - (edge[i + 1][0] - c)) i++;
    const end = Math.min(right, meeting(edge[i], edge[i + 1], bottom + c));
    if (end > start)
      d += `M${start.toFixed(1)},${(bottom - start + c).toFixed(1)}L${end.toFixed(1)},${(bottom - end + c).toFixed(1)}`;
  }
  return d;
}

/** x where the segment from a to b meets the stroke x + y = sum; beyond b where it ends before that. */
function meeting([x0, y0]: Point, [x1, y1]: Point, sum: number): number {
  const along = (sum - x0 - y0) / (x1 - x0 + (y1 - y0));
  return along >= 0 && along <= 1 ? x0 + along * (x1 - x0) : x1;
}
