/** The kind of a link's `data`, decided without decoding: the page needs it before it has the codec. */

/** A matrix of any values, greys on a blank sheet, or paint on a picture, transparent elsewhere. */
export type DataKind = 'matrix' | 'drawing' | 'painting';

export const MAX_MATRIX_LENGTH = 13_400_000;

/** Any other text is, or pretends to be, a drawing. */
export function dataKind(text: string): DataKind {
  return isMatrixData(text) ? 'matrix' : isPaintingData(text) ? 'painting' : 'drawing';
}

export function isMatrixData(text: string): boolean {
  return /^[DHJLNP][wx]/.test(text);
}

/** Whether the text holds the factors of a matrix: ΔW of a module of an adapter file. */
export function isFactoredData(text: string): boolean {
  return /^[JLNP][wx]/.test(text);
}

/** Whether it also holds the factors that a run starts from: those of another adapter file. */
export function holdsStart(text: string): boolean {
  return /^[LP][wx]/.test(text);
}

/** Whether it also holds W₀: that of the model which the file was trained on. */
export function holdsBase(text: string): boolean {
  return /^[NP][wx]/.test(text);
}

/** Whether the text only names a matrix that is too large for one: nobody else can open it. */
export function isNamedMatrix(text: string): boolean {
  return /^H[wx]/.test(text);
}

export function isPaintingData(text: string): boolean {
  return text.startsWith('Fw');
}
