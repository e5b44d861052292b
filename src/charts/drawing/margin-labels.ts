import type { Size } from '../chart.ts';
import { LEADING } from './labels.ts';
import { type Mark, marked, segment, words } from './marks.ts';
import { isLarge, type Plot } from './plot.ts';
import { textWidth } from './text-width.ts';

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
