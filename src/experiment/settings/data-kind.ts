/** The kind of a link's `data`, decided without decoding: the page needs it before it has the codec. */

/** A matrix of any values, greys on a blank sheet, or paint on a picture, transparent elsewhere. */
export type DataKind = 'matrix' | 'drawing' | 'painting';

export const MAX_MATRIX_LENGTH = 13_400_000;

/** Any other text is, or pretends to be, a drawing. */
export function dataKind(text: string): DataKind {
  return isMatrixData(text) ? 'matrix' : isPaintingData(text) ? 'painting' : 'drawing';
}

export function isMatrixData(text: string): boolean {
  return /^[DH][wx]/.test(text) || isModuleData(text);
}

/** Whether the text holds ΔW of a module, from adapter files or two models, and maybe what is beside it. */
export function isModuleData(text: string): boolean {
  return /^[JLNPTVXprtvz13][wx]/.test(text);
}

/** Whether it also holds the factors that a run starts from: those of an adapter file. */
export function holdsStart(text: string): boolean {
  return /^[LPTXrvz3][wx]/.test(text);
}

/** Whether it also holds W₀: that of the model which training started from. */
export function holdsBase(text: string): boolean {
  return /^[NPVXtv13][wx]/.test(text);
}

/** Whether the text only names a matrix or module that is too large for one: nobody else can open it. */
export function isNamedMatrix(text: string): boolean {
  return /^[Hprtvz13][wx]/.test(text);
}

export function isPaintingData(text: string): boolean {
  return text.startsWith('Fw');
}
