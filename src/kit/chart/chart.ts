/** In px. */
export interface Size {
  readonly width: number;
  readonly height: number;
  readonly font: number;
  /** Less text on phones and tablets. */
  readonly short: boolean;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

export interface Drawing<S> {
  /** Draws into an <svg>; called again on every change, it updates the existing elements (a D3 join). */
  readonly draw: (svg: SVGSVGElement, scene: S, size: Size) => void;
  /** The current picture in one or two sentences, for screen readers and the header of the CSV. */
  readonly describe: (scene: S) => string;
}

export interface Chart<S> extends Drawing<S> {
  readonly name: string;
  readonly title: string;
  readonly help: (scene: S) => string;
  readonly table?: (scene: S) => Table;
}

/** The readable places of an axis, whole numbers, and the one that is read. */
export interface AxisPlaces {
  readonly first: number;
  readonly last: number;
  /** Start of the arrow keys. */
  readonly start: number;
  /** If none is read, null. */
  readonly at: number | null;
}

export interface ReadableChart<S> extends Chart<S> {
  readonly places: (scene: S) => AxisPlaces;
  /** The place under a point, in px from the upper left corner; null outside the plot. Most places are at an x alone. */
  readonly locate: (scene: S, size: Size, x: number, y?: number) => number | null;
  readonly readout: (scene: S, at: number) => string;
}

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
