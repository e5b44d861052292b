import { escaped } from '../../src/charts/sheet/sheet.ts';
import type { Prose } from '../../src/clinic/cases/case.ts';
import type { Size } from '../../src/kit/chart/chart.ts';
import type { Mark } from '../../src/kit/chart/marks.ts';

/** Attributes with their values escaped, each after a space; one that is undefined is left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escaped(String(value))}"`]))
    .join('');
}

/** Letters of a piece of code that a phone has room for in one line. */
const LONGEST = 34;

/** Broken between its arguments only, if they are not too long: a line that ends in "--" is no option. */
const codeMarkup = (code: string): string =>
  `<code>${code
    .split(' ')
    .map((part) => (part.length > LONGEST ? escaped(part) : `<span class="whole">${escaped(part)}</span>`))
    .join(' ')}</code>`;

/** A text with its pieces of code marked as such. */
export const proseMarkup = (prose: Prose): string =>
  prose.map((part) => (typeof part === 'string' ? escaped(part) : codeMarkup(part.code))).join('');

/** A picture as an <svg> of a page: its colours are those of the page's style sheet. */
export function svgMarkup(marks: readonly Mark[], { width, height, font }: Size, label: string, className: string) {
  const children = marks.map(
    ({ tag, attributes: of, text }) =>
      `<${tag}${attributes(of)}${text === undefined ? '/>' : `>${escaped(text)}</${tag}>`}`,
  );
  const own = { class: `chart ${className}`, viewBox: `0 0 ${width} ${height}`, 'font-size': font };
  return `<svg xmlns="http://www.w3.org/2000/svg"${attributes({ ...own, role: 'img', 'aria-label': label })}>${children.join('')}</svg>`;
}
