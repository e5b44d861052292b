/** What the text of a link's `data` is, told without reading it: the page needs this before it has the codec. */

/** A matrix of any values, greys on a sheet of their own, or paint on a picture that shows where there is none. */
export type DataKind = 'matrix' | 'drawing' | 'painting';

/** 2.5 million values that do not compress, with room for what deflate and base64 add. */
export const MAX_MATRIX_LENGTH = 13_400_000;

/** A text that is neither of the others is, or pretends to be, a drawing. */
export function dataKind(text: string): DataKind {
  return isMatrixData(text) ? 'matrix' : isPaintingData(text) ? 'painting' : 'drawing';
}

export function isMatrixData(text: string): boolean {
  return /^[DHJ][wx]/.test(text);
}

/** True where the text holds the factors of a matrix: ΔW of a module of an adapter file. */
export function isFactoredData(text: string): boolean {
  return /^J[wx]/.test(text);
}

/** True where the text only names a matrix that is too large for one: nobody else can open it. */
export function isNamedMatrix(text: string): boolean {
  return /^H[wx]/.test(text);
}

export function isPaintingData(text: string): boolean {
  return text.startsWith('Fw');
}
