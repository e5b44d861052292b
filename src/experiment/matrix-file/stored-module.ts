import {
  type DataMatrix,
  type FactoredStart,
  isStored,
  type ReadyDrawing,
  type StoredModule,
} from '../targets/factored-matrix.ts';
import type { Refusal } from '../targets/target.ts';

/** Workers have it, and the compiler knows only pages. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** The last stored module that was read. */
export interface OpenedModule {
  readonly text: string;
  readonly matrix: DataMatrix;
}

/**
 * The numbers of a drawing; those of a stored module are read by a worker, once as long as the cache has them. Refuses
 * if the browser has lost them.
 */
export function openDrawing(
  drawing: ReadyDrawing | null,
  cache: { stored: OpenedModule | null },
): DataMatrix | null | Refusal {
  const stored = drawing && isStored(drawing) ? drawing : null;
  if (stored === null || stored.text !== cache.stored?.text) cache.stored = null;
  if (drawing === null || !isStored(drawing)) return drawing;
  try {
    cache.stored ??= { text: drawing.text, matrix: readStored(drawing) };
    return cache.stored.matrix;
  } catch {
    return { why: 'The browser has lost the numbers of this matrix. Open its own files again.' };
  }
}

function readStored({ rows, cols, rank, scaling, name, start, base, values }: StoredModule): DataMatrix {
  const reader = new FileReaderSync();
  let at = 0;
  // A buffer for each, so that none keeps the others alive.
  const next = (rows: number, cols: number) => {
    const end = at + 4 * rows * cols;
    const data = new Float32Array(reader.readAsArrayBuffer(values.slice(at, end)));
    at = end;
    return { rows, cols, data };
  };
  const pair = ({ rank, scaling, name }: NonNullable<StoredModule['start']>): FactoredStart => {
    return { B: next(rows, rank), A: next(rank, cols), scaling, name };
  };
  return {
    ...{ rows, cols },
    ...(rank > 0 ? pair({ rank, scaling, name: name ?? '' }) : { data: new Float64Array(next(rows, cols).data), name }),
    ...(start && { start: pair(start) }),
    ...(base && { base: { matrix: next(rows, cols), name: base.name } }),
  };
}
