/**
 * How wide a text will be, without a browser. Advance widths in hundredths of the font size, the wider of two common
 * humanist faces, so that an estimate errs on the wide side and no label runs into the next.
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
/** For a letter that the table does not have. */
const UNKNOWN = 0.66;

/** The width in px of one line of text at a font size in px. */
export function textWidth(text: string, font: number, strong = false): number {
  let sum = 0;
  for (const letter of text) sum += width.get(letter) ?? UNKNOWN;
  return sum * font * (strong ? BOLD : 1);
}
