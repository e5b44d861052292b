/** What the text of a link's `data` is, told without reading it: the page needs this before it has the codec. */

/** 1024 × 1024 values that do not compress, with room for what deflate and base64 add. */
export const LONGEST_MATRIX = 5_700_000;

/** True where the text of a link's `data` is a matrix and not a drawing. */
export function isMatrixData(text: string): boolean {
  return text.startsWith('Dw');
}
