import { horizontalAxis, type Scale, type Tick, verticalAxis } from './axes.ts';
import { type Drawing, isLarge, type Plot, type Size } from './chart.ts';
import { type Anchor, flatten, type Mark, type Nested, type Point, polyline, withAttributes, words } from './marks.ts';
import { shortened, textWidth, wrapText } from './text-width.ts';

/** The area of a plot with its horizontal axis. */
export interface AxisFrame {
  readonly size: Size;
  readonly plot: Plot;
  readonly x: { readonly name?: string; readonly scale: Scale; readonly ticks: readonly Tick[] };
}

interface PictureParts extends AxisFrame {
  /** Areas behind the grid. */
  readonly behind?: Nested<Mark>;
  readonly y?: { readonly scale: Scale; readonly ticks: readonly (Tick | number)[] };
  /** In front of the axes, from back to front. */
  readonly marks: Nested<Mark>;
  /** In the right margin, the most important first. */
  readonly names?: Nested<MarginLabel>;
}

/** A chart: areas, grid, axes, marks, and the names of lines in the margin. */
export function picture({ size, plot, x, y, behind, marks, names }: PictureParts): Mark[] {
  return flatten([
    behind,
    y && verticalAxis(y.ticks.map(tickOf), y.scale, plot, size),
    horizontalAxis(x.name ?? '', x.ticks, x.scale, plot, size),
    marks,
    marginLabels(flatten(names), plot, size),
  ]);
}

const tickOf = (tick: Tick | number): Tick => (typeof tick === 'number' ? { value: tick, text: String(tick) } : tick);

/** Sentences are a little larger than labels: see .claim in charts.css. */
const CLAIM = 1.25;

/** An empty state: a sentence instead of the data, in lines of about the same length. */
export function sentence(text: string, plot: Plot, size: number): Mark[] {
  const font = size * CLAIM;
  let width = Math.max(font, plot.right - plot.left - 2 * font);
  const parts = text.split(' ');
  let lines = wrapText(parts, ' ', width, font);
  for (let next = lines; next.length === lines.length && width > font; ) {
    lines = next;
    width -= font / 2;
    next = wrapText(parts, ' ', width, font);
  }
  const x = (plot.left + plot.right) / 2;
  const first = (plot.top + plot.bottom) / 2 - ((lines.length - 1) / 2) * LINE_HEIGHT * font + font / 3;
  return lines.map((line, i) =>
    words(`sentence ${i}`, 'ink-2 claim', [x, first + i * LINE_HEIGHT * font], 'middle', line),
  );
}

const SVG = 'http://www.w3.org/2000/svg';
/** What an element shows: reading it from the page takes longer, most of the time of drawing it again. */
const drawn = new WeakMap<Element, Mark>();

/** Draws the marks of a picture. */
export function drawing<S>(picture: (scene: S, size: Size) => readonly Mark[]): Drawing<S>['draw'] {
  return (svg, scene, size) => render(svg, size, picture(scene, size));
}

/** Updates the children of an <svg> to a list of marks: elements are kept by key, and only differences are applied. */
export function render(svg: SVGSVGElement, size: Size, marks: readonly Mark[]): void {
  const { width, height, font } = size;
  update(svg, { width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': font });
  const left = new Map([...svg.children].map((child) => [drawn.get(child)?.key, child] as const));
  let next: Element | null = null;
  for (const mark of [...marks].reverse()) {
    const element = left.get(mark.key) ?? svg.ownerDocument.createElementNS(SVG, mark.tag);
    left.delete(mark.key);
    if (element.parentNode === null || (next && element.nextElementSibling !== next)) svg.insertBefore(element, next);
    const before = drawn.get(element);
    update(element, mark.attributes, before?.attributes);
    if (mark.text !== undefined && mark.text !== before?.text) element.textContent = mark.text;
    drawn.set(element, mark);
    next = element;
  }
  for (const [key, element] of left) if (key !== undefined) element.remove();
}

/** Writing an attribute costs the browser a style pass even if nothing changes, so compare first. */
function update(element: Element, attributes: Mark['attributes'], before?: Mark['attributes']): void {
  for (const name in attributes) {
    const value = String(attributes[name]);
    if ((before ? String(before[name]) : element.getAttribute(name)) !== value) element.setAttribute(name, value);
  }
}

/** Baselines are this many font sizes apart. */
export const LINE_HEIGHT = 1.2;

/** A text over the picture, shifted sideways so that it stays inside. */
export function clampedText(
  key: string,
  className: string,
  text: string,
  [x, y]: Point,
  anchor: Anchor,
  { left, right }: Pick<Plot, 'left' | 'right'>,
  font: number,
): Mark {
  const width = textWidth(text, font, className.includes('strong'));
  const before = { start: 0, middle: width / 2, end: width }[anchor];
  const at = Math.max(left + before, Math.min(right - width + before, x));
  return words(key, `${className} halo`, [at, y], anchor, text);
}

/** The name of a line or of a point, right of the plot. */
export interface MarginLabel {
  readonly key: string;
  readonly className: string;
  /** px from the top to the end of the line. */
  readonly at: number;
  /** px from the left to that end if it lies within the plot: a dotted line leads from it to the name. */
  readonly from?: number;
  /** The text in one line or in several, and shorter ones: the first that fits the margin is taken. */
  readonly texts: readonly (string | readonly string[])[];
  readonly secondClassName?: string;
  /** The end of the last text, which stays if that is cut. */
  readonly kept?: string;
  /** Dropped if there is no space for all, the last first. */
  readonly optional?: boolean;
  readonly more?: Mark['attributes'];
}

export function endName(line: readonly Point[], label: Omit<MarginLabel, 'at' | 'from'>): MarginLabel[] {
  return line.slice(-1).map(([from, at]) => ({ ...label, from, at }));
}

/** px between the plot and its labels. */
const gapOf = (size: Size) => (isLarge(size) ? 14 : 8);
/** px that a label may be wide. */
const marginWidth = (plot: Plot, size: Size) => size.width - plot.right - gapOf(size);
/** px: a label shifted further is joined to its line. */
const MOVED = 2.5;
/** Minimum distance of baselines, in font sizes. */
const CLOSEST = 1;

/** Labels in one column, each at the height of its line or as close as the others allow, between `top` and `bottom`. */
export function marginLabels(
  labels: readonly MarginLabel[],
  plot: Plot,
  size: Size,
  { top = 0, bottom = plot.bottom + size.font / 2 }: { readonly top?: number; readonly bottom?: number } = {},
): Mark[] {
  const { font } = size;
  const x = plot.right + gapOf(size);
  const room = (bottom - top) / font;
  const shown = within(labels, room, marginWidth(plot, size), font);
  const leading = Math.max(CLOSEST, Math.min(LINE_HEIGHT, room / linesOf(shown)));
  const heights = shown.map(({ lines }) => lines.length * leading * font);
  const middles = spreadBoxes(
    shown.map(({ at }) => at),
    heights,
    top,
    bottom,
  );
  return shown.flatMap(
    ({ key, className, secondClassName = className, at, from = plot.right, lines, more = {} }, i) => {
      const middle = middles[i];
      const first = middle - heights[i] / 2 + (leading / 2 + 0.33) * font;
      // The nearest of its lines.
      const reach = (heights[i] - leading * font) / 2;
      const nearest = Math.max(middle - reach, Math.min(middle + reach, at));
      const leader: readonly Point[] = [
        ...(from < plot.right - font ? [[from + font / 2, at] as const] : []),
        [plot.right + 1, at],
        ...(Math.abs(nearest - at) > MOVED ? [[x - 2, nearest] as const] : []),
      ];
      const stroke = `hair axis${leader[0][0] < plot.right ? ' dotted' : ''}`;
      return [
        ...(leader.length > 1 ? [polyline(`${key} leader`, stroke, leader)] : []),
        ...withAttributes(
          lines.map((text, n) =>
            words(
              n === 0 ? key : `${key}-${n}`,
              `${n === 0 ? className : secondClassName} halo`,
              [x, first + n * leading * font],
              'start',
              text,
            ),
          ),
          more,
        ),
      ];
    },
  );
}

type WrappedLabel = MarginLabel & { readonly lines: readonly string[] };

const linesOf = (labels: readonly WrappedLabel[]) => labels.reduce((sum, { lines }) => sum + lines.length, 0);

/** If space is short, shorter texts of one line, then without the last optional ones. `room`: in font sizes. */
function within(labels: readonly MarginLabel[], room: number, width: number, font: number): readonly WrappedLabel[] {
  const texted = (single: boolean) =>
    labels.map((label): WrappedLabel => ({ ...label, lines: fitting(label, width, font, single) }));
  const [long, short] = [texted(false), texted(true)];
  if (linesOf(long) * LINE_HEIGHT <= room) return long;
  const last = labels.findLastIndex(({ optional }) => optional);
  if (linesOf(short) * CLOSEST <= room || last < 0) return short;
  const fewer = labels.filter((_, i) => i !== last);
  return within(fewer, room, width, font);
}

function fitting(
  { texts, className, kept = '' }: MarginLabel,
  width: number,
  font: number,
  single: boolean,
): readonly string[] {
  const strong = className.includes('strong');
  const all = texts.map((text) => (typeof text === 'string' ? [text] : text));
  const some = single ? all.filter(({ length }) => length === 1) : all;
  const fits = (lines: readonly string[]) => lines.every((text) => textWidth(text, font, strong) <= width);
  return (
    some.find(fits) ?? all.find(fits) ?? all[all.length - 1].map((text) => shortened(text, width, font, strong, kept))
  );
}

/**
 * Moves the centres of boxes as little as possible until none overlap and all lie between top and bottom; the order
 * stays. If there is no space for all, the last ones exceed the bottom.
 */
export function spreadBoxes(
  wanted: readonly number[],
  heights: readonly number[],
  top: number,
  bottom: number,
): readonly number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Stacks of boxes that touch: two stacks that meet are merged, at the mean of the preferred positions.
  interface Stack {
    /** Sum of the upper edges of the stack that its boxes prefer. */
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
