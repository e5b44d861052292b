import { area } from 'd3-shape';
import type { Scale } from '../drawing/axes.ts';
import { dot, type Mark, type Point, polyline, square } from '../drawing/marks.ts';

/** A band between two heights at each x. */
export function bandMark(
  key: string,
  look: string,
  points: readonly (readonly [x: number, low: number, high: number])[],
): Mark {
  const shape = area<readonly [number, number, number]>()
    .x(([x]) => x)
    .y0(([, low]) => low)
    .y1(([, , high]) => high)
    .digits(1);
  return { tag: 'path', key, attributes: { class: `fill band ${look}`, d: shape(points) ?? '' } };
}

/** A triangle with its centre at a point. */
function triangle(key: string, look: string, [x, y]: Point, radius: number): Mark {
  const [w, h] = [radius * 1.25, radius * 1.1];
  const corners: readonly Point[] = [
    [x - w, y + h],
    [x + w, y + h],
    [x, y - h * 1.2],
    [x - w, y + h],
  ];
  const line = polyline(key, '', corners);
  return { ...line, attributes: { ...line.attributes, class: `fill ${look}` } };
}

const SHAPES = [dot, square, triangle];
const DASHES = ['', ' dashed', ' sparse', ' dotted'];

/** One shape a series: a ring, a square, a triangle, a filled dot …. */
export function shape(i: number, key: string, look: string, at: Point, radius: number): Mark {
  const mark = SHAPES[i % SHAPES.length] ?? dot;
  return mark(key, `${i < SHAPES.length ? 'open ' : ''}${look}`, at, radius);
}

export const dashes = (i: number) => DASHES[i % DASHES.length] ?? '';

/** The parts of a line that are finite, each a list of points. */
export function finiteParts(steps: readonly number[], values: readonly number[], x: Scale, y: Scale): Point[][] {
  const parts: Point[][] = [[]];
  for (const [i, step] of steps.entries()) {
    const value = values[i] ?? Number.NaN;
    if (Number.isFinite(value)) parts.at(-1)?.push([x(step), y(value)]);
    else if (parts.at(-1)?.length) parts.push([]);
  }
  return parts.filter((points) => points.length > 0);
}
