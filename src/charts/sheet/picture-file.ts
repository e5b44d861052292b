/** What a stylesheet may have set; written onto each element, the file needs no stylesheet. */
const INLINED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'paint-order'] as const;

/**
 * A drawn <svg> as markup that stands at x, y of a larger one: colours and fonts as the page shows them, nothing that points
 * elsewhere. The element must be in the page, since its styles are read from there.
 */
export function markupOf(svg: SVGSVGElement, x: number, y: number): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = getComputedStyle(svg);
  inline(svg, copy, style);
  for (const name of [...copy.attributes].map((a) => a.name)) if (!KEPT.has(name)) copy.removeAttribute(name);
  copy.setAttribute('x', String(x));
  copy.setAttribute('y', String(y));
  copy.setAttribute('overflow', 'visible');
  copy.setAttribute('font-family', style.getPropertyValue('font-family'));
  for (const title of copy.querySelectorAll('title')) title.remove();
  return new XMLSerializer().serializeToString(copy);
}

const KEPT = new Set(['width', 'height', 'viewBox', 'font-size']);

/** Handed down from an element to those in it. */
const FONT = ['font-size', 'font-family', 'font-weight', 'font-style'] as const;

function inline(from: Element, to: Element, above: CSSStyleDeclaration): void {
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
    for (const name of FONT) {
      const value = style.getPropertyValue(name);
      if (value && value !== above.getPropertyValue(name)) target.setAttribute(name, value);
    }
    target.removeAttribute('class');
    target.removeAttribute('style');
    inline(source, target, style);
  }
}

/** What every viewer takes anyway. */
const DEFAULTS = new Set(['stroke: none', 'stroke-dasharray: none', 'stroke-linejoin: miter', 'paint-order: normal']);

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

/** A standalone SVG as an image. Rejects where the browser cannot draw it. A blob: address is used, which the page's policy allows for images. */
export async function imageOf(svgText: string): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(new Blob([svgText], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A standalone SVG as PNG, `scale` pixels to a px. */
export async function pngOf(svgText: string, width: number, height: number, scale: number): Promise<Blob> {
  const image = await imageOf(svgText);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no canvas to draw the picture on');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise<Blob>((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made a PNG'))),
      'image/png',
    );
  });
}
