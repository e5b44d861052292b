import { encodeModule, type ModuleMatrix } from '../../experiment/matrix-file/factored-data.ts';
import type { MatrixFault } from '../../experiment/matrix-file/limits.ts';
import { storedMatrix } from '../../experiment/matrix-file/store-matrix.ts';
import { isNamedMatrix } from '../../experiment/settings/data-kind.ts';
import { type FactoredStart, isFactored, type ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import { frobenius, type Matrix32, toFloat64 } from '../../math/matrix.ts';
import { distanceTo } from '../file/checkpoints/panel-products.ts';
import { filledPanels } from '../file/checkpoints/panels.ts';
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
  const error = from ? await firstError(matrix, from) : null;
  if (isNamedMatrix(data)) return { data, drawing: storedMatrix(matrix, data), error };
  return { data, drawing: isFactored(matrix) ? matrix : { ...matrix, ...toFloat64(matrix) }, error };
}

function float32Factors({ B, A, scaling, name }: SourceFactors): FactoredStart {
  const [first, second] = [B, A].map(({ rows, cols, data }) => ({ rows, cols, data: new Float32Array(data) }));
  return { B: first, A: second, scaling, name };
}

/** The error at step 0. */
async function firstError(target: ModuleMatrix, start: FactoredStart): Promise<number | null> {
  const factors = float64Factors(start);
  if (isFactored(target)) {
    const found = distanceOf(float64Factors(target), target.scaling, factors, start.scaling);
    return found && found.distance / found.norm;
  }
  const panels = await filledPanels(
    target,
    async (into, from, to) => into.set(target.data.subarray(from, to)),
    undefined,
    0,
  );
  return (await distanceTo(panels, factors.B, factors.A, start.scaling)) / frobenius(target);
}

const float64Factors = ({ B, A }: FactoredStart) => ({ B: toFloat64(B), A: toFloat64(A) });
