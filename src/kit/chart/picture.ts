import { horizontalAxis, type Scale, type Tick, verticalAxis } from './axes.ts';
import type { Drawing, Size } from './chart.ts';
import { LINE_HEIGHT, type MarginLabel, marginLabels } from './labels.ts';
import { flatten, type Mark, type Nested, words } from './marks.ts';
import type { Plot } from './plot.ts';
import { wrapText } from './text-width.ts';

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
const keys = new WeakMap<Element, string>();

/** Draws the marks of a picture. */
export function drawing<S>(picture: (scene: S, size: Size) => readonly Mark[]): Drawing<S>['draw'] {
  return (svg, scene, size) => render(svg, size, picture(scene, size));
}

/** Updates the children of an <svg> to a list of marks: elements are kept by key, and only differences are applied. */
export function render(svg: SVGSVGElement, size: Size, marks: readonly Mark[]): void {
  const { width, height, font } = size;
  update(svg, { width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': font });
  const left = new Map([...svg.children].flatMap((child) => [[keys.get(child), child] as const]));
  let next: Element | null = null;
  for (const mark of [...marks].reverse()) {
    const element = left.get(mark.key) ?? svg.ownerDocument.createElementNS(SVG, mark.tag);
    left.delete(mark.key);
    keys.set(element, mark.key);
    if (element.parentNode === null || (next && element.nextElementSibling !== next)) svg.insertBefore(element, next);
    update(element, mark.attributes);
    if (mark.text !== undefined && element.textContent !== mark.text) element.textContent = mark.text;
    next = element;
  }
  for (const [key, element] of left) if (key !== undefined) element.remove();
}

/** Writing an attribute costs the browser a style pass even if nothing changes, so compare first. */
function update(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const name in attributes) {
    const value = String(attributes[name]);
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
