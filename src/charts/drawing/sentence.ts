import { LINE_HEIGHT } from '../../kit/chart/labels.ts';
import { type Mark, words } from '../../kit/chart/marks.ts';
import type { Plot } from '../../kit/chart/plot.ts';
import { wrapText } from '../../kit/chart/text-width.ts';

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
