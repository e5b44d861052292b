/** A square sheet of shades 0 … 1, row by row, and what a brush does to it. */
export const SIDE = 64;

export type Shades = Float64Array;

export interface Brush {
  /** Width in cells. */
  readonly size: number;
  /** 0 is blank paper, 1 the full hue. */
  readonly shade: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function blank(): Shades {
  return new Float64Array(SIDE * SIDE);
}

/** A stroke from one point to another, in cells; the cell of a point is its whole part. Returns a new sheet. */
export function stroke(sheet: Shades, from: Point, to: Point, brush: Brush): Shades {
  const out = sheet.slice();
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const steps = Math.max(1, Math.ceil(2 * length));
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    dab(out, { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) }, brush);
  }
  return out;
}

/** One dab: every cell whose middle lies in the brush's disc, at least the one under it. */
function dab(sheet: Shades, { x, y }: Point, { size, shade }: Brush): void {
  const radius = size / 2;
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const reach = Math.ceil(radius);
  for (let i = row - reach; i <= row + reach; i++) {
    for (let j = column - reach; j <= column + reach; j++) {
      if (i < 0 || j < 0 || i >= SIDE || j >= SIDE) continue;
      const inside = Math.hypot(j + 0.5 - x, i + 0.5 - y) <= radius || (i === row && j === column);
      if (inside) sheet[i * SIDE + j] = shade;
    }
  }
}

/** True where there is nothing to learn from: one shade everywhere, as a link would store it. */
export function isBlank(sheet: Shades): boolean {
  const stored = (v: number) => Math.round(255 * v);
  return sheet.every((v) => stored(v) === stored(sheet[0]));
}
