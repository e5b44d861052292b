import { line } from 'd3-shape';

/** Pixels from the left and from the top. */
export type Point = readonly [x: number, y: number];

/** One element of a picture as plain data. A chart is a list of them, from back to front. */
export interface Mark {
  readonly tag: 'path' | 'circle' | 'rect' | 'text';
  /** Its name in this picture: the same mark keeps its element from one drawing to the next. */
  readonly key: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

/** A tenth of a pixel is finer than any screen, and the page stays small. */
const tenth = (v: number) => Math.round(v * 10) / 10;

const outline = line<Point>().digits(1);

/** A line through points, of which one alone shows as the dot of its round cap; `look` are classes of charts.css. */
export function polyline(key: string, look: string, points: readonly Point[]): Mark {
  return path(key, look, outline(points) ?? '');
}

/** Several lines as one mark. */
export function polylines(key: string, look: string, lines: readonly (readonly Point[])[]): Mark {
  return path(key, look, lines.map((points) => outline(points) ?? '').join(''));
}

/** A straight line. */
export function segment(key: string, look: string, from: Point, to: Point): Mark {
  return polyline(key, look, [from, to]);
}

export function path(key: string, look: string, d: string): Mark {
  return { tag: 'path', key, attributes: { class: `stroke ${look}`, d } };
}

/** A filled circle, or with the class `open` a ring. */
export function dot(key: string, look: string, [x, y]: Point, radius: number): Mark {
  return { tag: 'circle', key, attributes: { class: `fill ${look}`, cx: tenth(x), cy: tenth(y), r: tenth(radius) } };
}

/** A filled square with its centre at a point: B's mark, as the circle is A's. */
export function square(key: string, look: string, [x, y]: Point, radius: number): Mark {
  return box(key, look, x - radius, y - radius, 2 * radius, 2 * radius);
}

export function box(
  key: string,
  look: string,
  x: number,
  y: number,
  width: number,
  height: number,
  rounding = 0,
): Mark {
  const place = { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) };
  const attributes = rounding > 0 ? { ...place, rx: rounding } : place;
  return { tag: 'rect', key, attributes: { class: `fill ${look}`, ...attributes } };
}

export type Anchor = 'start' | 'middle' | 'end';

/** A line of text; y is its baseline. */
export function words(key: string, look: string, [x, y]: Point, anchor: Anchor, text: string): Mark {
  return { tag: 'text', key, attributes: { class: look, x: tenth(x), y: tenth(y), 'text-anchor': anchor }, text };
}
