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

/** A line through points; `look` are classes of charts.css: hue, stroke, dash. */
export function polyline(key: string, look: string, points: readonly Point[]): Mark {
  const outline = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${tenth(x)},${tenth(y)}`).join('');
  // One point alone shows as the dot of its round line cap.
  return path(key, look, points.length === 1 ? `${outline}Z` : outline);
}

/** Several lines as one mark. */
export function polylines(key: string, look: string, lines: readonly (readonly Point[])[]): Mark {
  return path(key, look, lines.map((points) => polyline(key, look, points).attributes.d).join(''));
}

/** A straight line. */
export function segment(key: string, look: string, from: Point, to: Point): Mark {
  return path(key, look, `M${tenth(from[0])},${tenth(from[1])}L${tenth(to[0])},${tenth(to[1])}`);
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
