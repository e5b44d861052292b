import { type Matrix64, zeros } from '../../../math/matrix.ts';
import type { Progress } from '../../../math/progress.ts';

/** One picture: a file in this folder and its name in index.ts. */
export interface Picture<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  /** Grey level 0 … 1 at (x, y), both 0 … 1, y down. Only + − × ÷ √ and the project's own elementary functions. */
  readonly shade: (x: number, y: number) => number;
}

/** Keeps the name's literal type. */
export function picture<const Name extends string>(it: Picture<Name>): Picture<Name> {
  return it;
}

// Small pieces that pictures are made of. Coordinates 0 … 1, y down; only + − × ÷ √, so the bits are the same everywhere.

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
  const u = (x - cx) / rx;
  const v = (y - cy) / ry;
  return Math.sqrt(u * u + v * v);
}

/** A line through points of rising x: x₀, y₀, x₁, y₁, … in one list, since it is asked a million times. */
export type Line = readonly number[];

/** Height of a line at x; level outside. */
export function heightAt(line: Line, x: number): number {
  if (x <= line[0]) return line[1];
  for (let i = 2; i < line.length; i += 2) {
    if (x <= line[i]) return mix(line[i - 1], line[i + 1], (x - line[i - 2]) / (line[i] - line[i - 2]));
  }
  return line[line.length - 1];
}

/** The picture as d × k grey levels: each entry the mean over a grid of points in its cell, 6 × 6 at 64 × 64. */
export function paint({ shade }: Picture, d: number, k: number, progress?: Progress): Matrix64 {
  const out = zeros(d, k);
  const { data } = out;
  const each = forPoints(
    d,
    k,
    (cell, x, y) => {
      data[cell] += shade(x, y);
    },
    progress,
  );
  for (let i = 0; i < data.length; i++) data[i] /= each;
  return out;
}

/** Visits the points at which a picture is looked at, cell after cell, row by row; gives how many a cell has. */
export function forPoints(
  d: number,
  k: number,
  visit: (cell: number, x: number, y: number) => void,
  progress?: Progress,
): number {
  const [down, across] = [points(d), points(k)];
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) {
      for (let a = 0; a < down; a++) {
        for (let b = 0; b < across; b++) visit(i * k + j, (j + (b + 0.5) / across) / k, (i + (a + 0.5) / down) / d);
      }
    }
    progress?.((i + 1) / d);
  }
  return down * across;
}

/** Points a cell along one side: fewer where cells are small. */
function points(cells: number): number {
  return Math.min(32, Math.max(2, Math.ceil(384 / cells)));
}
