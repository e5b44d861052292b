const SVG = 'http://www.w3.org/2000/svg';

/** What a stylesheet may have set; written onto each element, the file needs no stylesheet. */
const INLINED = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'paint-order',
  'font-weight',
] as const;

/**
 * A drawn chart as a file of its own: colours and fonts as the page shows them, title and description inside, nothing
 * that points elsewhere. The element must be in the page, since its styles are read from there.
 */
export function chartSvg(svg: SVGSVGElement, title: string, description: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = getComputedStyle(svg);
  inline(svg, copy, style);
  for (const name of [...copy.attributes].map((a) => a.name)) if (!KEPT.has(name)) copy.removeAttribute(name);
  copy.setAttribute('xmlns', SVG);
  copy.setAttribute('font-family', style.getPropertyValue('font-family'));
  copy.setAttribute('role', 'img');
  const paper = copy.ownerDocument.createElementNS(SVG, 'rect');
  for (const [name, value] of [
    ['width', '100%'],
    ['height', '100%'],
    ['fill', plainColour(style.getPropertyValue('--paper').trim() || 'none')],
  ])
    paper.setAttribute(name, value);
  copy.prepend(named('title', title, copy), named('desc', description, copy), paper);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

const KEPT = new Set(['width', 'height', 'viewBox', 'font-size']);

function named(tag: 'title' | 'desc', text: string, svg: SVGSVGElement): Element {
  const element = svg.ownerDocument.createElementNS(SVG, tag);
  element.textContent = text;
  return element;
}

const FONT = ['font-size', 'font-family'] as const;

function inline(from: Element, to: Element, root: CSSStyleDeclaration): void {
  for (let i = 0; i < from.children.length; i++) {
    const source = from.children[i];
    const target = to.children[i];
    const style = getComputedStyle(source);
    const outlined = style.getPropertyValue('stroke') !== 'none';
    for (const name of INLINED) {
      const value = style.getPropertyValue(name);
      const needless = name.startsWith('stroke-') && !outlined;
      if (value && !needless && !DEFAULTS.has(`${name}: ${value}`)) target.setAttribute(name, plainColour(value));
    }
    for (const name of source.tagName === 'text' ? FONT : []) {
      const value = style.getPropertyValue(name);
      if (value && value !== root.getPropertyValue(name)) target.setAttribute(name, value);
    }
    target.removeAttribute('class');
    target.removeAttribute('style');
    inline(source, target, root);
  }
}

/** What every viewer takes anyway. */
const DEFAULTS = new Set([
  'stroke: none',
  'stroke-dasharray: none',
  'stroke-linejoin: miter',
  'paint-order: normal',
  'font-weight: 400',
]);

/** Mixed colours are computed as "color(srgb 0.3 0.5 0.4)", which few programs but browsers read. */
function plainColour(value: string): string {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/.exec(value);
  return mixed
    ? `rgb(${mixed
        .slice(1)
        .map((part) => Math.round(255 * Number(part)))
        .join(', ')})`
    : value;
}

/**
 * A standalone SVG as PNG, `scale` pixels to a px. Rejects where the browser cannot draw it. A blob: address is used,
 * which the page's policy allows for images.
 */
export async function chartPng(svgText: string, width: number, height: number, scale: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svgText], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser gives no canvas to draw the chart on');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the chart could not be made a PNG'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
