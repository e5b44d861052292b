import type { Size } from './chart.ts';

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Margins in px at a font size, shared by all charts so that a vertical line runs through a column. */
interface Margins extends Plot {
  readonly font: number;
}

const DESK: Margins = { font: 13, left: 58, right: 134, top: 8, bottom: 23 };
const SHORT: Margins = { font: 13, left: 54, right: 105, top: 8, bottom: 23 };
const LARGE: Margins = { font: 22, left: 86, right: 224, top: 12, bottom: 38 };

export const isLarge = (size: Size) => size.font >= 18;

/** Radius of a dot: circles take a number, not a variable. */
export const dotRadius = (size: Size) => (isLarge(size) ? 6 : 3);

export function plotOf(size: Size, below = 0): Plot {
  const m = isLarge(size) ? LARGE : size.short ? SHORT : DESK;
  const scale = size.font / m.font;
  const left = m.left * scale;
  const top = m.top * scale;
  return {
    left,
    right: Math.max(left + 20, size.width - m.right * scale),
    top,
    bottom: Math.max(top + 10, size.height - (m.bottom + below) * scale),
  };
}
