import { toFloat64 } from '../../math/matrix.ts';
import { type Plane, reduce } from '../../math/plane.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { isNamedMatrix } from '../settings/data-kind.ts';
import type { ReadyDrawing } from '../targets/factored-matrix.ts';
import { flatFault, unscaledFault } from '../targets/own-matrix.ts';
import type { MatrixFault } from './limits.ts';
import { encodeMatrix } from './matrix-data.ts';
import { storedMatrix } from './store-matrix.ts';

export type MatrixInput = File | string;

export interface MatrixSource {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array<ArrayBuffer>;
  readonly format: string;
  readonly remark: string | null;
}

/** An imported matrix with its texts for the user and for a link. */
export interface OwnMatrix extends Omit<MatrixSource, 'data'> {
  readonly drawing: ReadyDrawing;
  readonly link: string;
  readonly low: number;
  readonly high: number;
  /** A sentence if it cannot be trained without being scaled to σ₁ = 1, else null. */
  readonly unscaled: string | null;
  readonly heat: Plane;
}

export type OwnReading = OwnMatrix | MatrixFault;

const CELLS = 160;

/** Refuses one from which nothing can be learned. Takes up to half a second: not for the page's thread. */
export async function ownMatrix(found: MatrixSource | MatrixFault): Promise<OwnReading> {
  if ('fault' in found) return found;
  const { data, ...facts } = found;
  const { rows, cols } = found;
  const flat = flatFault(data);
  if (flat) return { fault: `${flat}.` };
  let [low, high] = [data[0], data[0]];
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const { values, ...size } = reduce(data, rows, cols, CELLS).mean;
  const unscaled = unscaledFault(largestSingularValue(found));
  const link = await encodeMatrix(found);
  const drawing = isNamedMatrix(link) ? storedMatrix({ rows, cols, data }, link) : toFloat64({ rows, cols, data });
  return { ...facts, link, drawing, low, high, unscaled, heat: { ...size, values: values.slice() } };
}
