import type { ReadyModule } from '../../engine/protocol/ready-message.ts';
import { ROUNDING } from '../../experiment/layer/floor.ts';
import { scalingOf } from '../../experiment/settings/scaling.ts';
import { reachOf } from '../select.ts';
import type { KeptModule } from './history.ts';
import { type Contradiction, lastStep, type Run, SHOWN } from './run.ts';

/** Of an error or a loss, and of ‖ΔW*‖: what float32 and other back ends make of the same A and B stays below. */
const SHARE = 5e-3;
const SHARE_OF_NORM = 2e-4;

/**
 * Where the last error or loss of a file is not that of its own last A and B, ‖s·B·A − ΔW*‖_F/‖ΔW*‖_F and half the square
 * of ‖s·B·A − ΔW*‖_F; or, where ΔW* itself is not at hand, an error below the least one within reach. Empty before the
 * matrices of its link exist.
 */
export function againstOwnEnd(run: Run): readonly Contradiction[] {
  const { ready, recorded, trace, frames } = run;
  const step = lastStep(run);
  if (!recorded || ready?.modules.length !== 1 || step < 0) return [];
  const [module] = ready.modules;
  const end = frames.find((frame) => frame.step === step)?.modules[SHOWN];
  const error = trace.series.relativeError?.[step] ?? Number.NaN;
  const own = end ? missing(module, end, scalingAtEnd(run)) : null;
  if (own === null || !module.wanted) return Number.isFinite(error) ? belowFloor(run, step, error) : [];
  const { norm } = module.wanted;
  const found: Contradiction[] = [];
  if (Number.isFinite(error) && norm > 0 && apart(error, own / norm, SHARE_OF_NORM))
    found.push({ of: 'last error', step, recorded: error, own: own / norm });
  // On samples the loss is that of a batch.
  const loss = trace.series.loss[step];
  if (!ready.samples && apart(Math.sqrt(2 * loss), own, SHARE_OF_NORM * norm))
    found.push({ of: 'own loss', step, recorded: loss, own: own ** 2 / 2 });
  return found;
}

function belowFloor(run: Run, step: number, error: number): readonly Contradiction[] {
  const reach = reachOf(run);
  if (!reach || reach.floor === null) return [];
  const least = reach.floor - reach.open;
  return error < least - Math.max(ROUNDING, SHARE * least) ? [{ of: 'floor', step, recorded: error, own: least }] : [];
}

const apart = (a: number, b: number, rounding: number) => !(Math.abs(a - b) <= SHARE * Math.max(a, b) + rounding);

/** s after all changes that were made on the way. */
function scalingAtEnd({ experiment, changes }: Run): number {
  const settings = { ...experiment };
  for (const { key, value } of changes) Object.assign(settings, { [key]: value });
  return scalingOf(settings);
}

/** ‖ΔW − ΔW*‖_F of these factors; null where ΔW* is not listed, or the factors are of another size. */
function missing(module: ReadyModule, { A, B }: Pick<KeptModule, 'A' | 'B'>, scaling: number): number | null {
  const { d, k, rank, moved } = module;
  const wanted = module.wanted?.matrix;
  if (!wanted || A.length !== rank * k || B.length !== d * rank) return null;
  const row = new Float64Array(k);
  let square = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) row[j] = -wanted[i * k + j];
    addRow(row, B, A, i, rank, scaling);
    // What was moved out of W₀ is no part of what was learned.
    if (moved) addRow(row, module.B, module.A, i, rank, -moved.scaling);
    for (const value of row) square += value * value;
  }
  return Math.sqrt(square);
}

/** Adds row i of scaling·B·A. */
function addRow(row: Float64Array, B: Float32Array, A: Float32Array, i: number, rank: number, scaling: number): void {
  const k = row.length;
  for (let r = 0; r < rank; r++) {
    const b = scaling * B[i * rank + r];
    if (b !== 0) for (let j = 0; j < k; j++) row[j] += b * A[r * k + j];
  }
}
