import { isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import type { ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';

type Matrices = ReadonlyMap<string, ReadyDrawing>;

const NONE: Matrices = new Map();
let matrices = () => NONE;

/** Says which matrices the lab has, by their `data`. */
export function giveMatrices(held: () => Matrices): void {
  matrices = held;
}

/** The matrix that a text only names, if it was opened on this page from its own files; else null. */
export function heldMatrix(data: string): { readonly drawing: ReadyDrawing } | null {
  const drawing = isNamedMatrix(data) ? matrices().get(data) : undefined;
  return drawing ? { drawing } : null;
}
