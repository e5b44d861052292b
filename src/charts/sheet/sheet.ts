import type { Rect } from '../../kit/chart/marks.ts';
import { wrapText } from '../../kit/chart/text-width.ts';

/** The shape of a saved picture: for a page of text, a slide or a film. */
export type SheetShape = 'page' | 'slide' | 'film';

export interface SheetWords {
  readonly title: string;
  readonly subtitle: string;
  /** In one line, parts divided by " · ". */
  readonly settings: string;
  /** The address of the run; null: omitted. */
  readonly link: string | null;
  /** Alternative text. */
  readonly description: string;
}

interface SheetSizes {
  readonly margin: number;
  readonly title: number;
  readonly text: number;
  readonly foot: number;
  /** Null: the height of its content. */
  readonly height: number | null;
}

const SIZES: Readonly<Record<SheetShape, SheetSizes>> = {
  page: { margin: 24, title: 18, text: 13, foot: 12, height: null },
  slide: { margin: 40, title: 34, text: 22, foot: 18, height: 720 },
  film: { margin: 24, title: 20, text: 14, foot: 12, height: 540 },
};
const WIDE = 16 / 9;

interface SheetText {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly style: 'title' | 'soft' | 'quiet';
  readonly text: string;
}

interface SheetLayout {
  readonly width: number;
  readonly height: number;
  readonly body: Rect;
  readonly texts: readonly SheetText[];
}

/** Positions of title, definition, picture and settings, in px. `body`: the picture's size on a page. */
export function layoutSheet(
  words: SheetWords,
  shape: SheetShape,
  body: { readonly width: number; readonly height: number },
): SheetLayout {
  const { margin, title, text, foot, height: fixed } = SIZES[shape];
  const width = fixed === null ? body.width + 2 * margin : fixed * WIDE;
  const room = width - 2 * margin;
  const texts: SheetText[] = [];
  const write = (lines: readonly string[], size: number, style: SheetText['style'], from: number): number => {
    lines.forEach((line, i) => {
      texts.push({ x: margin, y: from + (i + 0.8) * LEADING * size, size, style, text: line });
    });
    return from + lines.length * LEADING * size;
  };
  const named = write(sheetLines(words.title, title, room, true), title, 'title', margin * 0.7);
  const top = write(sheetLines(words.subtitle, text, room), text, 'soft', named) + text * 0.6;
  const below = [
    ...sheetLines(words.settings, foot, room),
    // An address has no spaces: it is broken at the end of a line.
    ...(words.link === null ? [] : wrapText([...words.link], '', room, foot)),
  ];
  const under = below.length * LEADING * foot + margin * 0.7;
  const height = fixed ?? top + body.height + foot + under;
  write(below, foot, 'quiet', height - under);
  return { width, height, body: { x: margin, y: top, width: room, height: height - under - foot - top }, texts };
}

const LEADING = 1.35;

/** Lines of at most `width`, broken at " · " and otherwise at spaces. */
export function sheetLines(text: string, font: number, width: number, strong = false): string[] {
  if (text === '') return [];
  return wrapText(text.split(' · '), ' · ', width, font, strong).flatMap((line) =>
    line.includes(' · ') ? [line] : wrapText(line.split(' '), ' ', width, font, strong),
  );
}

export interface SheetTheme {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly quiet: string;
  readonly family: string;
}

/** The whole sheet as a file: `body` is SVG in the layout's coordinates. */
export function sheetSvg({ width, height, texts }: SheetLayout, words: SheetWords, theme: SheetTheme, body: string) {
  const fill = { title: theme.ink, soft: theme.soft, quiet: theme.quiet };
  const lines = texts.map(
    ({ x, y, size, style, text }) =>
      `<text x="${places(x)}" y="${places(y)}" font-size="${size}" fill="${fill[style]}"${style === 'title' ? ' font-weight="700"' : ''}>${escaped(text)}</text>`,
  );
  const size = `width="${places(width)}" height="${places(height)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${places(width)} ${places(height)}" role="img" font-family="${escaped(theme.family)}">`,
    `<title>${escaped(words.title)}</title>`,
    `<desc>${escaped([words.description, words.settings, words.link ?? ''].filter((line) => line !== '').join('\n'))}</desc>`,
    `<rect width="100%" height="100%" fill="${theme.paper}"/>`,
    ...lines,
    body,
    '</svg>',
    '',
  ].join('\n');
}

const places = (px: number) => Math.round(px * 100) / 100;

const MEANT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(text: string): string {
  // Control characters except a line break are removed, since XML forbids most.
  return text.replace(/[&<>"]/g, (letter) => MEANT[letter]).replace(/[^\P{Cc}\n]/gu, '');
}

/** Properties that a stylesheet may set; written onto each element, the file needs no stylesheet. */
const INLINED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'paint-order'] as const;

/** The element must be in the document, since its styles are read from there; no external references. */
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

/** Inherited by child elements. */
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

/** Defaults of every viewer. */
const DEFAULTS = new Set(['stroke: none', 'stroke-dasharray: none', 'stroke-linejoin: miter', 'paint-order: normal']);

/** Mixed colours compute to "color(srgb 0.3 0.5 0.4)", which few programs but browsers read. */
function plainColour(value: string): string {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)/.exec(value);
  return mixed
    ? `rgb(${mixed
        .slice(1)
        .map((part) => Math.round(255 * Number(part)))
        .join(', ')})`
    : value;
}

/** Rejects if the browser cannot draw it. Uses a blob: address, which the page's policy allows for images. */
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
