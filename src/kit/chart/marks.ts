import { line } from 'd3-shape';

export type Point = readonly [x: number, y: number];

/** In px, from its upper left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One element of a picture as plain data. A chart is a list of them, from back to front. */
export interface Mark {
  readonly tag: 'path' | 'circle' | 'rect' | 'text';
  /** Its key in this picture: the same mark keeps its element from one drawing to the next. */
  readonly key: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

/** Lists within lists; an absent entry is null, undefined or false. */
export type Nested<T> = T | readonly Nested<T>[] | null | undefined | false;

const isList = <T>(nested: Nested<T>): nested is readonly Nested<T>[] => Array.isArray(nested);

export function flatten<T>(nested: Nested<T>): T[] {
  if (isList(nested)) return nested.flatMap((part) => flatten(part));
  return nested ? [nested] : [];
}

export const withAttributes = (marks: Nested<Mark>, more: Mark['attributes']): Mark[] =>
  flatten(marks).map((mark) => ({ ...mark, attributes: { ...mark.attributes, ...more } }));

/** A tenth of a pixel is below any screen's resolution and keeps the markup small. */
const tenth = (v: number) => Math.round(v * 10) / 10;

const outline = line<Point>().digits(1);

/** A line through points; a single one shows as the dot of its round cap; `className` are classes of charts.css. */
export function polyline(key: string, className: string, points: readonly Point[]): Mark {
  return path(key, className, outline(points) ?? '');
}

export function polylines(key: string, className: string, lines: readonly (readonly Point[])[]): Mark {
  return path(key, className, lines.map((points) => outline(points) ?? '').join(''));
}

/** The connected parts of a line that is broken where a point is missing. */
export function pieces<P>(points: readonly (P | null)[]): readonly (readonly P[])[] {
  const all: P[][] = [[]];
  for (const point of points) {
    if (point !== null) all[all.length - 1].push(point);
    else if (all[all.length - 1].length > 0) all.push([]);
  }
  return all.filter(({ length }) => length > 0);
}

export function segment(key: string, className: string, from: Point, to: Point): Mark {
  return polyline(key, className, [from, to]);
}

function path(key: string, className: string, d: string): Mark {
  return { tag: 'path', key, attributes: { class: `stroke ${className}`, d } };
}

/** A filled circle, or with the class `open` a ring. */
export function dot(key: string, className: string, [x, y]: Point, radius: number): Mark {
  return {
    tag: 'circle',
    key,
    attributes: { class: `fill ${className}`, cx: tenth(x), cy: tenth(y), r: tenth(radius) },
  };
}

/** A filled square centred at a point: B's mark, as the circle is A's. */
export function square(key: string, className: string, [x, y]: Point, radius: number): Mark {
  return box(key, className, x - radius, y - radius, 2 * radius, 2 * radius);
}

export function box(
  key: string,
  className: string,
  x: number,
  y: number,
  width: number,
  height: number,
  rounding = 0,
): Mark {
  const place = { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) };
  const attributes = rounding > 0 ? { ...place, rx: rounding } : place;
  return { tag: 'rect', key, attributes: { class: `fill ${className}`, ...attributes } };
}

export type Anchor = 'start' | 'middle' | 'end';

export function words(key: string, className: string, [x, y]: Point, anchor: Anchor, text: string): Mark {
  return { tag: 'text', key, attributes: { class: className, x: tenth(x), y: tenth(y), 'text-anchor': anchor }, text };
}

/** Distance of the hatch lines along the axis, in px. */
const SPACING = 8.5;

/**
 * Hatching between a falling edge and the line y = bottom. One path rather than a pattern, so that it needs no id that
 * another chart on the page could share. A stroke rises at 45°, the edge falls, so each stroke ends at their
 * intersection, or at the last point's x.
 */
export function hatch(key: string, edge: readonly Point[], bottom: number): Mark {
  return path(key, 'hatch rule', strokes(edge, bottom));
}

function strokes(edge: readonly Point[], bottom: number): string {
  if (edge.length < 2) return '';
  const [left, top] = edge[0];
  const right = edge[edge.length - 1][0];
  let d = '';
  // c is the x where a stroke meets the bottom line.
  const first = Math.ceil((left - (bottom - top)) / SPACING) * SPACING;
  let i = 0;
  for (let c = first; c < right; c += SPACING) {
    const start = Math.max(c, left);
    if (bottom - (start - c) <= (start === left ? top : Number.NEGATIVE_INFINITY)) continue;
    // The intersection moves right with c, so the search continues from the last one.
    while (i < edge.length - 2 && edge[i + 1][1] < bottom - (edge[i + 1][0] - c)) i++;
    const end = Math.min(right, meeting(edge[i], edge[i + 1], bottom + c));
    if (end > start)
      d += `M${start.toFixed(1)},${(bottom - start + c).toFixed(1)}L${end.toFixed(1)},${(bottom - end + c).toFixed(1)}`;
  }
  return d;
}

/** x where the segment from a to b meets the stroke x + y = sum; beyond b if it ends before that. */
function meeting([x0, y0]: Point, [x1, y1]: Point, sum: number): number {
  const along = (sum - x0 - y0) / (x1 - x0 + (y1 - y0));
  return along >= 0 && along <= 1 ? x0 + along * (x1 - x0) : x1;
}
