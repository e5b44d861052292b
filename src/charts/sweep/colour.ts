import { scaleLog } from 'd3-scale';
import type { Palette, Rgb } from './cells.ts';

/** Paper at 0, the full hue at 1. */
export function mixed({ paper, hue }: Palette, t: number): Rgb {
  const part = (i: 0 | 1 | 2) => Math.round(paper[i] + (hue[i] - paper[i]) * Math.min(1, Math.max(0, t)));
  return [part(0), part(1), part(2)];
}

/** Paper or ink, whichever contrasts more with a colour. */
export function inkOn(colour: Rgb, { paper, ink }: Palette): Rgb {
  return contrast(colour, paper) > contrast(colour, ink) ? paper : ink;
}

/** The contrast ratio of WCAG 2, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((v) => {
    const share = v / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export const css = ([r, g, b]: Rgb) => `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`;

/** Values nearer than this factor are not told apart by colour alone. */
const LEAST_SPAN = 1.5;

/** The stretch of values that a colour key runs through, from the full hue to paper. */
export interface Stretch {
  readonly best: number;
  readonly worst: number;
}

/** From the best (smallest) value to the worst; `from` is the best that there could be. Null where no value is finite. */
export function stretchOf(values: readonly number[], from: number | null): Stretch | null {
  const known = values.filter((v) => Number.isFinite(v) && v > 0);
  if (known.length === 0) return null;
  const best = Math.min(from ?? Number.POSITIVE_INFINITY, ...known);
  return { best, worst: Math.max(best * LEAST_SPAN, ...known) };
}

/** How much of the hue a value has: 1 at the best, 0 at the worst, by ratio between. */
export function strength(value: number, { best, worst }: Stretch): number {
  if (!(value > 0)) return 1;
  return scaleLog().domain([best, worst]).range([1, 0]).clamp(true)(value);
}
