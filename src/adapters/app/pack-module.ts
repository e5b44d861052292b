import { encodeModule, type ModuleMatrix } from '../../experiment/matrix-file/factored-data.ts';
import type { MatrixFault } from '../../experiment/matrix-file/limits.ts';
import { storedMatrix } from '../../experiment/matrix-file/store-matrix.ts';
import { isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { type FactoredStart, isFactored, type ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import { type AnyMatrix, frobenius, type Matrix32, rowsOf, toFloat64 } from '../../math/matrix.ts';
import { multiplyInto } from '../../math/products.ts';
import { distanceOf } from '../file/resize/cut-factors.ts';

/** B (d × r) and A (r × k) of a file. Numbers in float64 are rounded once to float32. */
interface SourceFactors {
  readonly B: FileFactor;
  readonly A: FileFactor;
  readonly scaling: number;
  readonly name: string;
}

export interface FileFactor {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

/** ΔW of a module, as factors or entry by entry, what a run starts from, and W₀. */
export interface PackRequest {
  readonly target: SourceFactors | { readonly matrix: Matrix32; readonly name: string };
  readonly start?: SourceFactors;
  readonly base?: { readonly matrix: Matrix32; readonly name: string };
}

/** A module for the Lab: `data` of its experiment, and ‖ΔW of the start − ΔW‖/‖ΔW‖, null without a start. */
export interface PackedModule {
  readonly data: string;
  readonly drawing: ReadyDrawing;
  readonly error: number | null;
}

/** Makes a module what the Lab takes, or says why it cannot. Takes seconds for a large one: for a worker. */
export async function packModule({ target, start, base }: PackRequest): Promise<PackedModule | MatrixFault> {
  const from = start && float32Factors(start);
  const beside = { ...(from && { start: from }), ...(base && { base }) };
  // Alone, ΔW entry by entry is a matrix like any other, which has no name.
  const matrix: ModuleMatrix =
    'matrix' in target
      ? { ...target.matrix, ...((start || base) && { name: target.name }), ...beside }
      : { rows: target.B.rows, cols: target.A.cols, ...float32Factors(target), ...beside };
  const data = await encodeModule(matrix);
  if (typeof data !== 'string') return data;
  const error = from ? firstError(matrix, from) : null;
  if (isNamedMatrix(data)) return { data, drawing: storedMatrix(matrix, data), error };
  return { data, drawing: isFactored(matrix) ? matrix : { ...matrix, ...toFloat64(matrix) }, error };
}

function float32Factors({ B, A, scaling, name }: SourceFactors): FactoredStart {
  const [first, second] = [B, A].map(({ rows, cols, data }) => ({ rows, cols, data: new Float32Array(data) }));
  return { B: first, A: second, scaling, name };
}

/** The error at step 0. */
function firstError(target: ModuleMatrix, start: FactoredStart): number | null {
  if (!isFactored(target)) return distanceFrom(target, start) / frobenius(target);
  const found = distanceOf(float64Factors(target), target.scaling, float64Factors(start), start.scaling);
  return found && found.distance / found.norm;
}

const float64Factors = ({ B, A }: FactoredStart) => ({ B: toFloat64(B), A: toFloat64(A) });

const ROWS = 64;

/** From a ΔW entry by entry, some rows at a time. */
function distanceFrom({ rows, cols, data }: AnyMatrix, { B, A, scaling }: FactoredStart): number {
  const right = toFloat64(A).data;
  const block = new Float64Array(ROWS * cols);
  let square = 0;
  for (let first = 0; first < rows; first += ROWS) {
    const left = toFloat64(rowsOf(B, first, Math.min(ROWS, rows - first)));
    block.fill(0);
    multiplyInto(left.data, right, block, left.rows, B.cols, cols);
    for (let i = 0; i < left.rows * cols; i++) square += (data[first * cols + i] - scaling * block[i]) ** 2;
  }
  return Math.sqrt(square);
}
