import { decodeDrawing, decodePainting } from '../link/drawing.ts';
import { dataKind, isModuleData } from '../settings/data-kind.ts';
import type { DataMatrix, ReadyDrawing } from '../targets/factored-matrix.ts';
import { flatFault } from '../targets/own-matrix.ts';

/** By their `data`: what a page has. */
export type HeldDrawings = ReadonlyMap<string, ReadyDrawing>;

/** Reads `data` from anywhere: a drawing, a painting, or a matrix that something can be learned from. */
export async function decodeData(text: string): Promise<{ readonly drawing: DataMatrix } | { readonly fault: string }> {
  const kind = dataKind(text);
  if (kind === 'drawing') return decodeDrawing(text);
  if (kind === 'painting') return decodePainting(text);
  if (isModuleData(text)) {
    const { decodeModule } = await import('./factored-data.ts');
    const read = await decodeModule(text);
    return 'fault' in read ? read : { drawing: read };
  }
  // Most links hold no matrix: its reader is loaded on demand.
  const { decodeMatrix } = await import('./matrix-data.ts');
  const read = await decodeMatrix(text);
  if ('fault' in read) return read;
  const flat = flatFault(read.data);
  return flat
    ? { fault: `a matrix of different numbers; ${flat}` }
    : { drawing: { ...read, data: new Float64Array(read.data) } };
}

/** The same, of what a page has too: a large matrix is only named there. */
export async function decodeHeld(
  text: string,
  held?: HeldDrawings,
): Promise<{ readonly drawing: ReadyDrawing } | { readonly fault: string }> {
  const drawing = held?.get(text);
  return drawing ? { drawing } : decodeData(text);
}

/** Both sizes if a matrix is of another size than its experiment says. */
export function sizeFault(
  { d, k }: { readonly d: number; readonly k: number },
  { rows, cols }: { readonly rows: number; readonly cols: number },
): string | null {
  return rows === d && cols === k ? null : `the matrix in data is ${rows} × ${cols}, d × k is ${d} × ${k}`;
}
