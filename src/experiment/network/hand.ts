import { PIXELS } from './digits.ts';

/** x to the right and y down; the pad is the unit square, but a point may lie outside. Finite. */
export interface HandPoint {
  readonly x: number;
  readonly y: number;
}

/** The points of a pen from where it was put down to where it was lifted. */
export type HandStroke = readonly HandPoint[];

export interface HandDrawing {
  readonly strokes: readonly HandStroke[];
  /** Width of the pen in rows of the bitmap; 3 to 6 as those of the data. */
  readonly pen: number;
}

/** The data was made of bitmaps of 32 × 32, counted in blocks of 4 × 4. */
const ROWS = 32;
const BLOCK = 4;
const BLOCKS = ROWS / BLOCK;

/** The pen of the pad, in rows of the bitmap. */
export const PEN = 3.7;

/**
 * A smaller drawing is enlarged as if its longer side were this share of the pad, so that a dot stays one and a
 * trembling finger does not become a scribble.
 */
const SMALLEST = 0.12;

interface Line {
  readonly from: HandPoint;
  readonly to: HandPoint;
}

/**
 * The drawing as lines on the bitmap, in its pixels: the box of its ink is 32 high, or 32 wide if it is wider than
 * high, and its middle is the bitmap's. The shape is kept: a 1 stays narrow. Empty without a point.
 */
function boxedLines({ strokes, pen }: HandDrawing): Line[] {
  const points = strokes.flat();
  if (points.length === 0) return [];
  let [left, right, top, bottom] = [points[0].x, points[0].x, points[0].y, points[0].y];
  for (const { x, y } of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const scale = (ROWS - pen) / Math.max(right - left, bottom - top, SMALLEST);
  const place = ({ x, y }: HandPoint): HandPoint => ({
    x: ROWS / 2 + (x - (left + right) / 2) * scale,
    y: ROWS / 2 + (y - (top + bottom) / 2) * scale,
  });
  return strokes.flatMap((stroke) => {
    const placed = stroke.map(place);
    return placed.map((from, i) => ({ from, to: placed[i + 1] ?? from })).slice(0, Math.max(1, placed.length - 1));
  });
}

/** The square of the distance from (x, y) to a line. */
function squareDistance(x: number, y: number, { from, to }: Line): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / square;
  const t = Math.min(1, Math.max(0, along));
  const [ex, ey] = [x - from.x - t * dx, y - from.y - t * dy];
  return ex * ex + ey * ey;
}

/** 32 × 32 pixels, row by row: 1 if the middle of the pixel is below the pen. */
export function handBitmap(drawing: HandDrawing): Uint8Array {
  const bitmap = new Uint8Array(ROWS * ROWS);
  const reach = drawing.pen / 2;
  const inside = (v: number) => Math.min(ROWS - 1, Math.max(0, v));
  for (const line of boxedLines(drawing)) {
    const { from, to } = line;
    const [first, last] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
    const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
    for (let i = inside(Math.floor(first)); i <= inside(Math.floor(last)); i++)
      for (let j = inside(Math.floor(left)); j <= inside(Math.floor(right)); j++)
        if (squareDistance(j + 0.5, i + 0.5, line) <= reach * reach) bitmap[i * ROWS + j] = 1;
  }
  return bitmap;
}

/** 8 × 8 counts, row by row: pixels below the pen in each block of the bitmap, 0 to 16. */
export function handCounts(drawing: HandDrawing): Uint8Array {
  const counts = new Uint8Array(PIXELS);
  for (const [at, ink] of handBitmap(drawing).entries()) {
    const [i, j] = [Math.floor(at / ROWS), at % ROWS];
    counts[Math.floor(i / BLOCK) * BLOCKS + Math.floor(j / BLOCK)] += ink;
  }
  return counts;
}

/** Inputs of the network, x/8 − 1 of the counts, as those of the data. */
export function handInputs(drawing: HandDrawing): Float32Array {
  return Float32Array.from(handCounts(drawing), (count) => count / 8 - 1);
}
