import { select } from 'd3-selection';
import type { Size } from '../chart.ts';
import type { Mark } from './marks.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Brings the children of an <svg> to a list of marks: elements are kept by key, and only what differs is touched. */
export function render(svg: SVGSVGElement, size: Size, marks: readonly Mark[]): void {
  const { width, height, font } = size;
  update(svg, { width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': font });
  select(svg)
    .selectChildren<SVGElement, Mark>('.stroke, .fill, text')
    .data(marks, (mark) => mark.key)
    .join((enter) => enter.append((mark) => svg.ownerDocument.createElementNS(SVG, mark.tag)))
    .each(function (mark) {
      update(this, mark.attributes);
      if (mark.text !== undefined && this.textContent !== mark.text) this.textContent = mark.text;
    });
}

/** Writing an attribute costs the browser a style pass even where nothing changes, so look first. */
function update(element: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const name in attributes) {
    const value = String(attributes[name]);
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
