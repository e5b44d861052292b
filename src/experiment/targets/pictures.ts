import { type Matrix64, zeros } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { catalogue } from '../settings/catalogue.ts';
import { type PictureName, pictureNames } from './names.ts';

export interface TargetPicture<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  /** Grey level 0 … 1 at (x, y), both 0 … 1, y down. Only + − × ÷ √ and the project's own elementary functions. */
  readonly shade: (x: number, y: number) => number;
}

function picture<Name extends PictureName>(name: Name, shade: TargetPicture['shade']): TargetPicture<Name> {
  return { name, label: pictureNames.labels[name], shade };
}

// Building blocks of pictures. Coordinates 0 … 1, y down; only + − × ÷ √, so the bits are the same everywhere.

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 below `from`, 1 above `to`, smooth between; `from` may be the larger. */
function ramp(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Distance from the centre of an ellipse in units of its half-axes: 1 on its edge. */
function ellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
  const u = (x - cx) / rx;
  const v = (y - cy) / ry;
  return Math.sqrt(u * u + v * v);
}

/** A line through points of rising x: x₀, y₀, x₁, y₁, … in one list, since it is evaluated a million times. */
type Polyline = readonly number[];

/** Height of a line at x; level outside. */
function heightAt(line: Polyline, x: number): number {
  if (x <= line[0]) return line[1];
  for (let i = 2; i < line.length; i += 2) {
    if (x <= line[i]) return mix(line[i - 1], line[i + 1], (x - line[i - 2]) / (line[i] - line[i - 2]));
  }
  return line[line.length - 1];
}

/** The picture as d × k grey levels: each entry the mean over a grid of points in its cell, 6 × 6 at 64 × 64. */
export function paint({ shade }: TargetPicture, d: number, k: number, progress?: OnProgress): Matrix64 {
  const out = zeros(d, k);
  const { data } = out;
  const each = visitPoints(
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

/** Visits the sample points of a picture, cell after cell, row by row; returns their number per cell. */
export function visitPoints(
  d: number,
  k: number,
  visit: (cell: number, x: number, y: number) => void,
  progress?: OnProgress,
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

function points(cells: number): number {
  return Math.min(32, Math.max(2, Math.ceil(384 / cells)));
}

const SHORE = 0.69;
const SUN = { x: 0.7, y: 0.29, r: 0.125 };

const FAR: Polyline = [0, 0.56, 0.1, 0.5, 0.2, 0.55, 0.5, 0.6, 0.62, 0.52, 0.7, 0.56, 0.84, 0.42, 1, 0.57];
const PEAK: Polyline = [
  0, 0.58, 0.07, 0.52, 0.12, 0.5, 0.3, 0.2, 0.335, 0.17, 0.39, 0.25, 0.44, 0.3, 0.62, 0.6, 0.72, 0.69,
];
const CREST: Polyline = [0.17, 0.335, 0.26, 0.36, 0.34, 0.33, 0.44, 0.4, 0.56, 0.36, 0.69, 0.44];
const FAR_CREST: Polyline = [0.42, 0.84, 0.5, 0.86, 0.58, 0.82, 0.69, 0.88];
const SNOW: Polyline = [0.2, 0.36, 0.255, 0.3, 0.285, 0.345, 0.32, 0.29, 0.35, 0.36, 0.39, 0.3, 0.44, 0.37];

/** Dawn over a lake: a peak with snow, a far range, the sun, and its reflection in bands of water. */
const landscape = picture('landscape', (x, y) => (y < SHORE ? land(x, y) : water(x, y)));

function land(x: number, y: number): number {
  if (y > heightAt(PEAK, x)) {
    const lit = x > heightAt(CREST, y);
    if (y < heightAt(SNOW, x)) return lit ? 0.97 : 0.6;
    return lit ? mix(0.74, 0.56, ramp(0.3, SHORE, y)) : mix(0, 0.1, ramp(0.3, SHORE, y));
  }
  if (y > heightAt(FAR, x)) return x > heightAt(FAR_CREST, y) ? mix(0.62, 0.5, ramp(0.4, SHORE, y)) : 0.2;
  return sky(x, y);
}

function sky(x: number, y: number): number {
  const distance = ellipse(x, y, SUN.x, SUN.y, SUN.r, SUN.r);
  if (distance < 1) return 1;
  return mix(0.1, 0.34, ramp(0, SHORE, y)) + 0.16 / (distance * distance);
}

/** Bands that widen towards the viewer; below the sun they shine. */
function water(x: number, y: number): number {
  const near = (y - SHORE) / (1 - SHORE);
  const phase = 5.2 * Math.sqrt(near);
  const part = phase - Math.floor(phase);
  const bright = part < 0.5;
  const glow = Math.abs(x - SUN.x) < 0.05 + 0.1 * near - (bright ? 0 : 0.03);
  if (glow) return bright ? 0.95 : 0.5;
  const mirror = mix(0.04, 0.24, ramp(0.3, 0.62, x));
  return bright ? mirror + 0.2 : mirror;
}

const LAMP = { x: 0.36, y: 0.24 };
const CLIFF: Polyline = [0, 0.7, 0.1, 0.68, 0.2, 0.73, 0.48, 0.74, 0.56, 0.78, 0.62, 0.9, 0.66, 1];

/** A striped tower on a cliff at night, its beam over the sea, a boat on its way. */
const lighthouse = picture(
  'lighthouse',
  (x, y) => tower(x, y) ?? cliff(x, y) ?? boat(x, y) ?? sea(x, y) ?? nightOverSea(x, y),
);

function tower(x: number, y: number): number | null {
  const side = Math.abs(x - LAMP.x);
  if (y < 0.17) return y > 0.17 - 0.9 * (0.09 - side) ? 0.85 : null;
  if (y < 0.3) return side < 0.035 ? 1 : side < 0.07 ? (side > 0.06 ? 0.1 : 0.9) : null;
  if (y < 0.335) return side < 0.115 ? 0.05 : null;
  if (y > 0.75 || side > mix(0.075, 0.12, (y - 0.335) / 0.415)) return null;
  const stripe = Math.floor((y - 0.335) / 0.083) % 2 === 0;
  const round = x > LAMP.x + 0.03 ? -0.15 : 0;
  return (stripe ? 0.95 : 0.3) + round;
}

function cliff(x: number, y: number): number | null {
  return y > heightAt(CLIFF, x) ? mix(0.12, 0, ramp(0.7, 1, y)) : null;
}

function boat(x: number, y: number): number | null {
  const mast = x - 0.8;
  if (y > 0.74 && y < 0.785) return Math.abs(mast) < 0.12 - (y - 0.74) ? 0 : null;
  if (y < 0.46 || y > 0.72) return null;
  if (mast > 0.01 && mast < 0.115 * ((y - 0.46) / 0.26)) return 0.95;
  return mast < -0.01 && mast > -0.1 * ((y - 0.46) / 0.26) ? 0.7 : null;
}

function sea(x: number, y: number): number | null {
  if (y < 0.76) return null;
  const wave = (y - 0.76) * 22;
  return wave - Math.floor(wave) < 0.45 ? mix(0.55, 0.42, x) : 0.25;
}

function nightOverSea(x: number, y: number): number {
  const u = x - LAMP.x;
  const v = y - LAMP.y;
  const beam = Math.abs(v + 0.08 * u) < 0.02 + 0.22 * Math.abs(u);
  return beam ? mix(0.8, 0.45, ramp(0, 0.65, Math.abs(u))) : mix(0.12, 0.34, ramp(0, 0.76, y));
}

/** An owl on a branch before the moon: large eyes that only come into view with more directions. */
export const owl = picture('owl', (x, y) => {
  const side = Math.abs(x - 0.5);
  if (y > 0.86 && y < 0.93) return claw(side) && y < 0.9 ? 0.75 : 0.02;
  return body(side, y) ?? night(x, y);
});

function night(x: number, y: number): number {
  const moon = ellipse(x, y, 0.5, 0.44, 0.42, 0.42);
  if (moon < 1) return mix(0.62, 0.5, ramp(0.1, 0.9, y));
  return mix(0.1, 0.25, ramp(0, 1, y)) + 0.1 / (moon * moon);
}

function claw(side: number): boolean {
  return Math.abs(side - 0.075) < 0.05;
}

/** `side` is the distance from the axis of symmetry. */
function body(side: number, y: number): number | null {
  const ear = side < 0.235 && side > 0.06 && y > 0.34 - 0.9 * (side - 0.06) && y < 0.35;
  const head = ellipse(side, y, 0, 0.36, 0.25, 0.2) < 1 || ear;
  const trunk = ellipse(side, y, 0, 0.6, 0.26, 0.3) < 1;
  if (!head && !trunk) return null;
  return face(side, y) ?? (y > 0.5 ? breast(side, y) : 0.1);
}

function face(side: number, y: number): number | null {
  const eye = ellipse(side, y, 0.112, 0.36, 0.1, 0.1);
  if (ellipse(side, y, 0, 0.445, 0.035, 0.065) < 1 && y > 0.4) return 0.85;
  if (eye < 0.38) return ellipse(side, y, 0.09, 0.335, 0.016, 0.016) < 1 ? 1 : 0;
  if (eye < 0.75) return 1;
  if (eye < 1.05) return 0.3;
  return null;
}

function breast(side: number, y: number): number {
  if (ellipse(side, y, 0, 0.66, 0.165, 0.2) > 1) return 0.06;
  const row = Math.floor((y - 0.5) * 16);
  const across = side * 18 + (row % 2) * 0.5;
  const u = across - Math.floor(across) - 0.5;
  const v = (y - 0.5) * 16 - row;
  return u * u * 4 + v * v < 0.7 ? 0.8 : 0.4;
}

export const pictures = catalogue([landscape, owl, lighthouse]);
