import { bisector } from 'd3-array';
import { type Anchor, type Mark, marked, type Point, words } from './marks.ts';
import { textWidth } from './text-width.ts';

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Baselines keep this many font sizes apart. */
export const LEADING = 1.2;
/** Of a line's height, the part above its baseline. */
const ASCENT = 0.93;

/** The box of one line of text, LEADING font sizes high. */
export function lineBox(text: string, strong: boolean, x: number, y: number, anchor: Anchor, font: number): Box {
  const width = textWidth(text, font, strong);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - ASCENT * font, bottom: y + (LEADING - ASCENT) * font };
}

/** The box of a dot. */
export const around = ([x, y]: Point, radius: number): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});

/** True where two boxes share more than an edge; sideways they keep a small gap. */
export function overlap(a: Box, b: Box, gap = 0): boolean {
  const slack = 0.01;
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom - slack && b.top < a.bottom - slack;
}

/** True where a lies within b. */
const inside = (a: Box, b: Box) =>
  a.left >= b.left && a.right <= b.right && a.top >= b.top - 0.01 && a.bottom <= b.bottom + 0.01;

/** A place where a label may stand; y is the baseline of its first line. */
export interface Place {
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly anchor: Anchor;
}

/** A label inside a plot. */
export interface Label {
  readonly key: string;
  /** Classes of charts.css. */
  readonly look: string;
  /** Those of a second line, where they are others. */
  readonly secondLook?: string;
  /** A few, the best first; places with shorter texts last. */
  readonly places: readonly Place[];
  /** Stands at its first place where none is free; another label is then left out. */
  readonly required?: boolean;
  /** More attributes of the text. */
  readonly more?: Mark['attributes'];
}

export interface Room {
  readonly font: number;
  /** Labels stay inside. */
  readonly bounds: Box;
  /** Curves and floors, each from left to right: no label lies on them. */
  readonly lines: readonly (readonly Point[])[];
  /** Dots and rings, which no label covers. */
  readonly dots?: readonly Box[];
  /** px of upright lines: only a label that must be there, and has no other place, crosses one. */
  readonly uprights?: readonly number[];
}

/** Gives each label the first of its places that is free; the order of the labels is their order of importance. */
export function placeLabels(labels: readonly Label[], { font, bounds, lines, dots = [], uprights = [] }: Room): Mark[] {
  const taken: Box[] = [...dots];
  return labels.flatMap(({ key, look, secondLook = look, places, required, more }) => {
    const boxOf = (place: Place) => placeBox(place, look.includes('strong'), font);
    const isFree = (place: Place) => {
      const box = boxOf(place);
      return (
        inside(box, bounds) &&
        !taken.some((other) => overlap(box, other, font / 3)) &&
        !lines.some((points) => passes(points, box))
      );
    };
    const clear = (place: Place) => {
      const { left, right } = boxOf(place);
      return uprights.every((x) => x < left || x > right);
    };
    const free = places.filter(isFree);
    // A label that must be there rather crosses an upright line than loses words.
    const worded = (place: Place) => clear(place) && place.lines[0] === free[0].lines[0];
    const place = required ? (free.find(worded) ?? free[0] ?? places[0]) : free.find(clear);
    if (!place) return [];
    taken.push(boxOf(place));
    return marked(
      place.lines.map((text, i) =>
        words(
          i === 0 ? key : `${key}-${i}`,
          `${i === 0 ? look : secondLook} halo`,
          [place.x, place.y + i * LEADING * font],
          place.anchor,
          text,
        ),
      ),
      more ?? {},
    );
  });
}

function placeBox({ lines, x, y, anchor }: Place, strong: boolean, font: number): Box {
  const widest = lines.reduce((a, b) => (textWidth(b, font) > textWidth(a, font) ? b : a));
  const box = lineBox(widest, strong, x, y, anchor, font);
  return { ...box, bottom: box.bottom + (lines.length - 1) * LEADING * font };
}

const byX = bisector(([x]: Point) => x);

/** px from the top of a line, which ascends in x, at x; beyond its ends that of the end. */
export function heightAt(points: readonly Point[], x: number): number {
  const i = Math.max(1, Math.min(points.length - 1, byX.left(points, x)));
  const [[x0, y0], [x1, y1]] = [points[i - 1], points[i] ?? points[i - 1]];
  const share = x1 > x0 ? Math.max(0, Math.min(1, (x - x0) / (x1 - x0))) : 0;
  return y0 + share * (y1 - y0);
}

/** Whether a line, which ascends in x, passes through a box. */
function passes(points: readonly Point[], { left, right, top, bottom }: Box): boolean {
  if (points.length === 0 || points[0][0] > right || points[points.length - 1][0] < left) return false;
  const within = points.slice(byX.left(points, left), byX.right(points, right)).map(([, y]) => y);
  const heights = [heightAt(points, left), ...within, heightAt(points, right)];
  return Math.min(...heights) <= bottom && Math.max(...heights) >= top;
}
