import { bisector } from 'd3-array';
import type { Size } from '../../kit/chart/chart.ts';
import { type Anchor, type Mark, marked, type Point, segment, words } from './marks.ts';
import { isLarge, type Plot } from './plot.ts';
import { textWidth } from './text-width.ts';

export interface LabelBox {
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
export function lineBox(text: string, strong: boolean, x: number, y: number, anchor: Anchor, font: number): LabelBox {
  const width = textWidth(text, font, strong);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - ASCENT * font, bottom: y + (LEADING - ASCENT) * font };
}

/** The box of a dot. */
export const around = ([x, y]: Point, radius: number): LabelBox => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});

/** True where two boxes share more than an edge; sideways they keep a small gap. */
export function overlap(a: LabelBox, b: LabelBox, gap = 0): boolean {
  const slack = 0.01;
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom - slack && b.top < a.bottom - slack;
}

/** True where a lies within b. */
const inside = (a: LabelBox, b: LabelBox) =>
  a.left >= b.left && a.right <= b.right && a.top >= b.top - 0.01 && a.bottom <= b.bottom + 0.01;

/** A place where a label may stand; y is the baseline of its first line. */
export interface LabelPlace {
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
  readonly places: readonly LabelPlace[];
  /** Stands at its first place where none is free; another label is then left out. */
  readonly required?: boolean;
  /** More attributes of the text. */
  readonly more?: Mark['attributes'];
}

interface LabelRoom {
  readonly font: number;
  /** Labels stay inside. */
  readonly bounds: LabelBox;
  /** Curves and floors, each from left to right: no label lies on them. */
  readonly lines: readonly (readonly Point[])[];
  /** Dots and rings, which no label covers. */
  readonly dots?: readonly LabelBox[];
  /** px of upright lines: only a label that must be there, and has no other place, crosses one. */
  readonly uprights?: readonly number[];
}

/** Gives each label the first of its places that is free; the order of the labels is their order of importance. */
export function placeLabels(
  labels: readonly Label[],
  { font, bounds, lines, dots = [], uprights = [] }: LabelRoom,
): Mark[] {
  const taken: LabelBox[] = [...dots];
  return labels.flatMap(({ key, look, secondLook = look, places, required, more }) => {
    const boxOf = (place: LabelPlace) => placeBox(place, look.includes('strong'), font);
    const isFree = (place: LabelPlace) => {
      const box = boxOf(place);
      return (
        inside(box, bounds) &&
        !taken.some((other) => overlap(box, other, font / 3)) &&
        !lines.some((points) => passes(points, box))
      );
    };
    const clear = (place: LabelPlace) => {
      const { left, right } = boxOf(place);
      return uprights.every((x) => x < left || x > right);
    };
    const free = places.filter(isFree);
    // A label that must be there rather crosses an upright line than loses words.
    const worded = (place: LabelPlace) => clear(place) && place.lines[0] === free[0].lines[0];
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

function placeBox({ lines, x, y, anchor }: LabelPlace, strong: boolean, font: number): LabelBox {
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
function passes(points: readonly Point[], { left, right, top, bottom }: LabelBox): boolean {
  if (points.length === 0 || points[0][0] > right || points[points.length - 1][0] < left) return false;
  const within = points.slice(byX.left(points, left), byX.right(points, right)).map(([, y]) => y);
  const heights = [heightAt(points, left), ...within, heightAt(points, right)];
  return Math.min(...heights) <= bottom && Math.max(...heights) >= top;
}

/** The name of a line, right of the plot. */
export interface MarginLabel {
  readonly key: string;
  /** Classes of charts.css. */
  readonly look: string;
  /** px from the top to the end of the line. */
  readonly at: number;
  /** The text in one line or in several, and shorter ones: the first that the margin is wide enough for is taken. */
  readonly texts: readonly (string | readonly string[])[];
  /** The end of the last text, which stays where that is cut. */
  readonly kept?: string;
  /** Left out where there is no room for all, the last first. */
  readonly optional?: boolean;
  /** More attributes of the text. */
  readonly more?: Mark['attributes'];
}

/** px between the plot and its labels. */
const gapOf = (size: Size) => (isLarge(size) ? 14 : 8);
/** px that a label may be wide. */
export const marginWidth = (plot: Plot, size: Size) => size.width - plot.right - gapOf(size);
/** px: a label that has moved further is joined to its line. */
const MOVED = 2.5;
/** Baselines are never nearer, in font sizes. */
const CLOSEST = 1;

/** Labels in one column, each at the height of its line or as near as the others let it, between `top` and `bottom`. */
export function marginLabels(
  labels: readonly MarginLabel[],
  plot: Plot,
  size: Size,
  { top = 0, bottom = plot.bottom }: { readonly top?: number; readonly bottom?: number } = {},
): Mark[] {
  const { font } = size;
  const x = plot.right + gapOf(size);
  const texted = labels.map((label) => ({ ...label, lines: fitting(label, marginWidth(plot, size), font) }));
  const room = (bottom - top) / font;
  const shown = within(texted, Math.floor(room / CLOSEST));
  const leading = Math.max(CLOSEST, Math.min(LEADING, room / linesOf(shown)));
  const heights = shown.map(({ lines }) => lines.length * leading * font);
  const middles = spread(
    shown.map(({ at }) => at),
    heights,
    top,
    bottom,
  );
  return shown.flatMap(({ key, look, at, lines, more = {} }, i) => {
    const first = middles[i] - heights[i] / 2 + (leading / 2 + 0.33) * font;
    const moved = Math.abs(middles[i] - at) > MOVED;
    return [
      ...(moved ? [segment(`${key} leader`, 'hair axis', [plot.right + 1, at], [x - 2, middles[i]])] : []),
      ...marked(
        lines.map((text, n) =>
          words(n === 0 ? key : `${key}-${n}`, `${look} halo`, [x, first + n * leading * font], 'start', text),
        ),
        more,
      ),
    ];
  });
}

function fitting({ texts, look, kept = '' }: MarginLabel, width: number, font: number): readonly string[] {
  const all = texts.map((text) => (typeof text === 'string' ? [text] : text));
  const fits = (lines: readonly string[]) =>
    lines.every((text) => textWidth(text, font, look.includes('strong')) <= width);
  return all.find(fits) ?? all[all.length - 1].map((text) => cut(text, width, font, look.includes('strong'), kept));
}

/** A text with as many of its characters as there is room for; `kept`: its end, which stays. */
function cut(text: string, width: number, font: number, strong: boolean, kept: string): string {
  if (textWidth(text, font, strong) <= width) return text;
  const last = text.endsWith(kept) ? kept : '';
  let end = text.length - last.length - 1;
  while (end > 1 && textWidth(`${text.slice(0, end)} …${last}`, font, strong) > width) end--;
  return `${text.slice(0, end).trimEnd()} …${last}`;
}

type Texted = MarginLabel & { readonly lines: readonly string[] };

const linesOf = (labels: readonly Texted[]) => labels.reduce((sum, { lines }) => sum + lines.length, 0);

/** Without as many of the last optional labels as have no room. */
function within(labels: readonly Texted[], most: number): readonly Texted[] {
  if (linesOf(labels) <= most) return labels;
  const last = labels.findLastIndex(({ optional }) => optional);
  return last < 0
    ? labels
    : within(
        labels.filter((_, i) => i !== last),
        most,
      );
}

/**
 * Moves the middles of boxes as little as possible until none overlaps another and all lie between top and bottom; the
 * order stays. Where there is no room for all, the last ones run over the bottom.
 */
export function spread(
  wanted: readonly number[],
  heights: readonly number[],
  top: number,
  bottom: number,
): readonly number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Stacks of boxes that touch: where two stacks meet they become one, at the mean of what their boxes want.
  interface Stack {
    /** What the boxes want for the stack's upper edge, summed. */
    readonly sum: number;
    readonly height: number;
    readonly members: readonly number[];
  }
  const edge = ({ sum, height, members }: Stack) =>
    Math.max(top, Math.min(bottom - height, Math.max(top, sum / members.length)));
  const stacks: Stack[] = [];
  for (const i of order) {
    let stack: Stack = { sum: wanted[i] - heights[i] / 2, height: heights[i], members: [i] };
    for (let above = stacks.at(-1); above && edge(above) + above.height > edge(stack); above = stacks.at(-1)) {
      stack = {
        sum: above.sum + stack.sum - stack.members.length * above.height,
        height: above.height + stack.height,
        members: [...above.members, ...stack.members],
      };
      stacks.pop();
    }
    stacks.push(stack);
  }
  const middles = [...wanted];
  for (const stack of stacks) {
    let at = edge(stack);
    for (const i of stack.members) {
      middles[i] = at + heights[i] / 2;
      at += heights[i];
    }
  }
  return middles;
}
