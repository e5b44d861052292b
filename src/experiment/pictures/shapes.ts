/** Small pieces that pictures are made of. Coordinates 0 … 1, y down; only + − × ÷ √, so the bits are the same everywhere. */

/** a at t = 0, b at t = 1. */
export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `from`, 1 above `to`, smooth between; `from` may be the larger. */
export function ramp(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Distance from the centre of an ellipse in units of its half-axes: 1 on its edge. */
export function ellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
  const [u, v] = [(x - cx) / rx, (y - cy) / ry];
  return Math.sqrt(u * u + v * v);
}

/** Height at x of a line through points (x, y) with rising x; level outside. */
export function polyline(points: readonly (readonly [number, number])[], x: number): number {
  if (x <= points[0][0]) return points[0][1];
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    if (x <= x1) return mix(y0, y1, (x - x0) / (x1 - x0));
  }
  return points[points.length - 1][1];
}
