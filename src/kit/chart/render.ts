import type { Drawing, Size } from './chart.ts';
import type { Mark } from './marks.ts';

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
