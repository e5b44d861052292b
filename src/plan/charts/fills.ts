import { type Mark, polyline, polylines } from '../../kit/chart/marks.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function outline(key: string, { x, y, width, height }: Area): Mark {
  const [right, bottom] = [x + width, y + height];
  return polyline(key, 'hair ink', [
    [x, y],
    [right, y],
    [right, bottom],
    [x, bottom],
    [x, y],
  ]);
}

/** Rising strokes at 45°, `apart` px from each other along the edge. */
export function hatchFill(key: string, { x, y, width, height }: Area, apart: number): Mark {
  const lines: [number, number][][] = [];
  // Keyed by where the stroke meets the bottom edge, or its continuation to the left.
  for (let c = apart / 2 - height; c < width; c += apart) {
    const from = Math.max(0, -c);
    const to = Math.min(height, width - c);
    if (to - from > 0.5)
      lines.push([
        [x + c + from, y + height - from],
        [x + c + to, y + height - to],
      ]);
  }
  return polylines(key, 'ref ink', lines);
}

/** Dots in a square grid: zero-length lines with round ends. */
export function dotFill(key: string, { x, y, width, height }: Area, apart: number): Mark {
  const [columns, rows] = [width, height].map((room) => Math.max(0, Math.floor((room - 1) / apart)));
  const lines: [number, number][][] = [];
  const [left, top] = [x + (width - ((columns ?? 0) - 1) * apart) / 2, y + (height - ((rows ?? 0) - 1) * apart) / 2];
  for (let i = 0; i < (columns ?? 0); i++)
    for (let j = 0; j < (rows ?? 0); j++) lines.push([[left + i * apart, top + j * apart]]);
  return polylines(key, 'dots ink', lines);
}
