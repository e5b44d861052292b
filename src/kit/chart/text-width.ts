/**
 * Estimates the width of a text without a browser. Advance widths in hundredths of the font size, the wider of two
 * common humanist faces, so that an estimate errs on the wide side and no label overlaps the next.
 */
const WIDTHS: ReadonlyArray<readonly [number, string]> = [
  [17, 'ᵢ'],
  [23, "'"],
  [26, ' !ijl'],
  [27, '.,:;·'],
  [33, '()[]I'],
  [36, 'frt⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂-'],
  [43, '/J"'],
  [48, 'csz?|'],
  [55, '*‖EFLSvxy'],
  [57, 'aekTYPZ'],
  [58, '0123456789+−=<>×≤–∂'],
  [62, 'bdghnopqu'],
  [64, 'σα√ΣBRK'],
  [69, 'ΔACVX&'],
  [76, 'DGHNU…'],
  [81, 'OQ'],
  [83, 'w%'],
  [94, 'mM'],
  [104, 'W▲'],
];

const width = new Map<string, number>();
for (const [hundredths, letters] of WIDTHS) for (const letter of letters) width.set(letter, hundredths / 100);

/** Bold letters are a little wider. */
const BOLD = 1.06;
const UNKNOWN = 0.66;

/** The width in px of one line of text at a font size in px. */
export function textWidth(text: string, font: number, strong = false): number {
  let sum = 0;
  for (const letter of text) sum += width.get(letter) ?? UNKNOWN;
  return sum * font * (strong ? BOLD : 1);
}

/** px of the widest of some texts: the width of their margin. */
export const widest = (texts: readonly string[], font: number, strong = false) =>
  Math.max(0, ...texts.map((text) => textWidth(text, font, strong)));

/** Parts in lines of at most `width` px, joined by `by` within a line. A wider part has a separate line. */
export function wrapText(parts: readonly string[], by: string, width: number, font: number, strong = false): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]}${by}${part}` : part;
    if (lines.length > 0 && textWidth(longer, font, strong) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

/** A text cut to the width, with "…"; `kept`: its end, which stays. */
export function shortened(text: string, width: number, font: number, strong = false, kept = ''): string {
  if (textWidth(text, font, strong) <= width) return text;
  const last = text.endsWith(kept) ? kept : '';
  let end = text.length - last.length - 1;
  while (end > 1 && textWidth(`${text.slice(0, end)}…${last}`, font, strong) > width) end--;
  return `${text.slice(0, end).trimEnd()}…${last}`;
}
