import type { Anchor, Mark, Point } from '../../kit/chart/marks.ts';
import { LINE_HEIGHT } from '../../kit/chart/picture.ts';
import { textWidth } from '../../kit/chart/text-width.ts';

export interface LabelBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const ASCENT = 0.93;

export function lineBox(text: string, strong: boolean, x: number, y: number, anchor: Anchor, font: number): LabelBox {
  const width = textWidth(text, font, strong);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - ASCENT * font, bottom: y + (LINE_HEIGHT - ASCENT) * font };
}

/** Whether two boxes share more than an edge; sideways they keep a gap. */
export function doBoxesOverlap(a: LabelBox, b: LabelBox, gap = 0): boolean {
  const slack = 0.01;
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom - slack && b.top < a.bottom - slack;
}

/** Whether a line through points, which ascend in x if there are many, crosses a box. */
export function crossesBox(points: readonly Point[], box: LabelBox): boolean {
  for (let i = Math.max(1, firstFrom(points, box.left)); i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    if (points.length > FEW && x0 > box.right) return false;
    if (Math.max(x0, x1) < box.left || Math.min(x0, x1) > box.right) continue;
    if (Math.max(y0, y1) < box.top || Math.min(y0, y1) > box.bottom) continue;
    if (meets(x0, y0, x1 - x0, y1 - y0, box)) return true;
  }
  return false;
}

const FEW = 8;

/** The index of the first of many points that is not left of x; 0 for few. */
function firstFrom(points: readonly Point[], x: number): number {
  if (points.length <= FEW) return 0;
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of a segment between each pair of the box's edges; it crosses the box if these parts overlap. */
function meets(x0: number, y0: number, dx: number, dy: number, box: LabelBox): boolean {
  let enter = 0;
  let leave = 1;
  for (const [from, step, low, high] of [
    [x0, dx, box.left, box.right],
    [y0, dy, box.top, box.bottom],
  ]) {
    if (step === 0) {
      if (from < low || from > high) return false;
      continue;
    }
    const a = (low - from) / step;
    const b = (high - from) / step;
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave;
}

export function textBox({ attributes, text = '' }: Mark, font: number): LabelBox {
  const strong = String(attributes.class).includes('strong');
  const size = String(attributes.class).includes('claim') ? 1.25 * font : font;
  return lineBox(text, strong, Number(attributes.x), Number(attributes.y), attributes['text-anchor'] as Anchor, size);
}
