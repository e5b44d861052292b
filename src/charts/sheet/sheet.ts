import { textWidth } from '../drawing/text-width.ts';
import type { Rect } from '../matrices/strip-layout.ts';

/** A page of text, a slide or a film: how large a picture and its words are. */
export type Shape = 'page' | 'slide' | 'film';

/** What stands around a picture. */
export interface SheetWords {
  readonly title: string;
  /** The definition of what is shown. */
  readonly subtitle: string;
  /** In one line, parts divided by " · ". */
  readonly settings: string;
  /** The address of the run; null: left out. */
  readonly link: string | null;
  /** For those who do not see the picture. */
  readonly description: string;
}

interface Sizes {
  readonly margin: number;
  readonly title: number;
  readonly text: number;
  readonly foot: number;
  /** Null: as high as what is in it. */
  readonly height: number | null;
}

const SIZES: Readonly<Record<Shape, Sizes>> = {
  page: { margin: 24, title: 18, text: 13, foot: 12, height: null },
  slide: { margin: 40, title: 34, text: 22, foot: 18, height: 720 },
  film: { margin: 24, title: 20, text: 14, foot: 12, height: 540 },
};
/** Of slides and films, 16:9. */
const WIDE = 16 / 9;

export interface SheetText {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly look: 'title' | 'soft' | 'quiet';
  readonly text: string;
}

export interface SheetLayout {
  readonly width: number;
  readonly height: number;
  /** Where the picture stands. */
  readonly body: Rect;
  readonly texts: readonly SheetText[];
}

/** Places of title, definition, picture and settings, all in px. `body`: the size that the picture of a page has. */
export function layoutSheet(
  words: SheetWords,
  shape: Shape,
  body: { readonly width: number; readonly height: number },
): SheetLayout {
  const { margin, title, text, foot, height: fixed } = SIZES[shape];
  const width = fixed === null ? body.width + 2 * margin : fixed * WIDE;
  const room = width - 2 * margin;
  const texts: SheetText[] = [];
  const write = (lines: readonly string[], size: number, look: SheetText['look'], from: number): number => {
    lines.forEach((line, i) => {
      texts.push({ x: margin, y: from + (i + 0.8) * LEADING * size, size, look, text: line });
    });
    return from + lines.length * LEADING * size;
  };
  const named = write(wrapped(words.title, title, room, true), title, 'title', margin * 0.7);
  const top = write(wrapped(words.subtitle, text, room), text, 'soft', named) + text * 0.6;
  const below = [
    ...wrapped(words.settings, foot, room),
    ...(words.link === null ? [] : broken(words.link, foot, room)),
  ];
  const under = below.length * LEADING * foot + margin * 0.7;
  const height = fixed ?? top + body.height + foot + under;
  write(below, foot, 'quiet', height - under);
  return { width, height, body: { x: margin, y: top, width: room, height: height - under - foot - top }, texts };
}

const LEADING = 1.35;

/** Lines that are not wider than `width`, broken at " · " and else at spaces. */
export function wrapped(text: string, font: number, width: number, strong = false): string[] {
  if (text === '') return [];
  const fits = (line: string) => textWidth(line, font, strong) <= width;
  if (fits(text)) return [text];
  const by = text.includes(' · ') ? ' · ' : ' ';
  const lines: string[] = [];
  for (const part of text.split(by)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]}${by}${part}` : part;
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.flatMap((line) => (fits(line) || by === ' ' ? [line] : wrapped(line, font, width, strong)));
}

/** An address has no spaces: it is broken where a line is full. */
function broken(text: string, font: number, width: number): string[] {
  const lines = [''];
  for (const letter of text) {
    const longer = lines[lines.length - 1] + letter;
    if (textWidth(longer, font) <= width) lines[lines.length - 1] = longer;
    else lines.push(letter);
  }
  return lines;
}

/** Colours and families of the page's theme, as CSS has them. */
export interface SheetLooks {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly quiet: string;
  readonly family: string;
}

/** The whole sheet as a file: `body` is SVG that stands in the layout's coordinates. */
export function sheetSvg({ width, height, texts }: SheetLayout, words: SheetWords, looks: SheetLooks, body: string) {
  const fill = { title: looks.ink, soft: looks.soft, quiet: looks.quiet };
  const lines = texts.map(
    ({ x, y, size, look, text }) =>
      `<text x="${places(x)}" y="${places(y)}" font-size="${size}" fill="${fill[look]}"${look === 'title' ? ' font-weight="700"' : ''}>${escaped(text)}</text>`,
  );
  const size = `width="${places(width)}" height="${places(height)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${places(width)} ${places(height)}" role="img" font-family="${escaped(looks.family)}">`,
    `<title>${escaped(words.title)}</title>`,
    `<desc>${escaped([words.description, words.settings, words.link ?? ''].filter((line) => line !== '').join('\n'))}</desc>`,
    `<rect width="100%" height="100%" fill="${looks.paper}"/>`,
    ...lines,
    body,
    '</svg>',
    '',
  ].join('\n');
}

const places = (px: number) => Math.round(px * 100) / 100;

const MEANT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // Nothing below a space but a line break may stand in XML.
  return text.replace(/[&<>"]/g, (letter) => MEANT[letter]).replace(/[^\P{Cc}\n]/gu, '');
}
