import { previewMatrix } from '../layer/preview.ts';
import { type FactoredStart, isFactored, type StoredModule } from '../targets/factored-matrix.ts';
import { type ModuleMatrix, moduleValues } from './factored-data.ts';

/** Puts the numbers of a matrix or module, whose text only names it, into a Blob: not for the page's thread. */
export function storedMatrix(matrix: ModuleMatrix, text: string): StoredModule {
  const { rows, cols, start, base, name } = matrix;
  const pair = ({ B, scaling, name }: FactoredStart) => ({ rank: B.cols, scaling, name });
  return {
    ...{ rows, cols, text, preview: previewMatrix(matrix) },
    ...(isFactored(matrix) ? pair(matrix) : { rank: 0, scaling: 1, name }),
    ...(start && { start: pair(start) }),
    ...(base && { base: { name: base.name } }),
    values: new Blob(moduleValues(matrix) as Float32Array<ArrayBuffer>[]),
  };
}
