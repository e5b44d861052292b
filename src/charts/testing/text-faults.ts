import type { Size } from '../../kit/chart/chart.ts';
import type { Mark, Point } from '../../kit/chart/marks.ts';
import { crossesBox, doBoxesOverlap, type LabelBox, textBox } from './boxes.ts';

/** The inked part of a line of text: rows of numbers may come closer than the leading of labels. */
function inked(mark: Mark, font: number): LabelBox {
  const box = textBox(mark, font);
  const descends = /[gjpqy,]/.test(mark.text ?? '');
  return { ...box, top: box.top + 0.17 * font, bottom: box.bottom - (descends ? 0.05 : 0.25) * font };
}

/** The lines that no label may cover: curves and references, but not thin, pale or dotted ones. */
function curves(marks: readonly Mark[]): Point[][] {
  return marks
    .filter(
      (mark) =>
        /\b(main|line|ref)\b/.test(String(mark.attributes.class)) && !/jump/.test(String(mark.attributes.class)),
    )
    .flatMap((mark) => String(mark.attributes.d).split('M').slice(1))
    .map((d) =>
      d
        .replace('Z', '')
        .split('L')
        .map((pair) => pair.split(',').map(Number) as unknown as Point),
    );
}

/** Texts of a picture that overlap, are struck by a curve, leave the picture, or are cut though they `must` be read. */
export function textFaults(
  marks: readonly Mark[],
  size: Pick<Size, 'width' | 'font'>,
  must: readonly string[] = [],
  dense = false,
): string[] {
  const found: string[] = [];
  const lines = curves(marks);
  const boxes = marks
    .filter((mark) => mark.tag === 'text')
    .map((mark) => ({
      mark,
      line: textBox(mark, size.font),
      ink: inked(mark, size.font),
      isLabel: String(mark.attributes.class).includes('halo'),
    }));
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(0, i)) {
      // Labels keep 1.2 line heights apart, except those of many runs; everything else at least its ink.
      const touch = a.isLabel && b.isLabel && !dense ? doBoxesOverlap(a.line, b.line) : doBoxesOverlap(a.ink, b.ink);
      if (touch) found.push(`"${a.mark.text}" on "${b.mark.text}"`);
    }
    if (must.includes(a.mark.key) && a.mark.text?.includes('…')) found.push(`"${a.mark.text}" is cut`);
    if (a.isLabel && lines.some((points) => crossesBox(points, a.ink))) found.push(`"${a.mark.text}" is struck`);
    if (a.line.left < -1) found.push(`"${a.mark.text}" leaves the left edge`);
    if (a.line.right > size.width + size.font) found.push(`"${a.mark.text}" leaves the right edge`);
  }
  return found;
}
