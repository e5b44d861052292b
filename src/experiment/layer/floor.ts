import { errorAtRank } from '../../math/spectral/spectra.ts';
import type { KnownValues } from '../targets/spectrum.ts';

/**
 * Eckart–Young: entry i is the smallest relative Frobenius error of a rank-i matrix, sqrt(Σ_{j>i} σ_j²)/‖M‖_F.
 * One entry more than singular values; the last is 0.
 */
export function floorOf(singularValues: Float64Array): Float64Array {
  const tail = errorAtRank(singularValues);
  return tail.map((error) => (tail[0] === 0 ? 0 : error / tail[0]));
}

/**
 * The Eckart–Young floor of the known values, one entry more than these; the others make up ‖M‖²_F − Σσ_j², added up so
 * that nothing more cancels. `norm` is ‖M‖_F.
 */
export function floorFromValues({ values, how }: Pick<KnownValues, 'values' | 'how'>, norm: number): Float64Array {
  if (how !== 'leading') return floorOf(values);
  let square = norm * norm;
  for (const value of values) square -= value * value;
  square = Math.max(0, square);
  const floor = new Float64Array(values.length + 1);
  for (let i = values.length; i >= 0; i--) {
    floor[i] = norm === 0 ? 0 : Math.min(1, Math.sqrt(square) / norm);
    if (i > 0) square += values[i - 1] * values[i - 1];
  }
  return floor;
}

/**
 * By how much each entry of floorFromValues may be too high: if value j may be as large as σ_j + e_j, floor² may be
 * less by Σ_{j≤i} ((σ_j + e_j)² − σ_j²)/‖M‖²_F. Null if all are known.
 */
export function floorUncertainty({ values, open }: Pick<KnownValues, 'values' | 'how' | 'open'>, norm: number) {
  if (!open || norm === 0) return null;
  const floor = floorFromValues({ values, how: 'leading' }, norm);
  let more = 0;
  return floor.map((at, i) => {
    if (i > 0) {
      const e = open[i - 1] * values[0];
      more += (e * (2 * values[i - 1] + e)) / (norm * norm);
    }
    return at - Math.sqrt(Math.max(0, at * at - more));
  });
}

/** Relative uncertainty of an error from float32. */
export const ROUNDING = 1e-5;
/** Half of the last printed digit of an error, relative to the floor on the landscape at rank 8. */
const PRINTED = 5e-4;
const SHARE = 3e-3;

/** Whether a relative error is at its floor: at most 0.3% above, less than printed digits show, or by rounding. */
export function isAtFloor(error: number, floor: number): boolean {
  return error - floor < Math.max(ROUNDING, Math.min(PRINTED, SHARE * floor));
}

/** Within this factor of the floor counts as there. */
const NEAR = 1.05;

/** The first step, up to `last`, with error ≤ 1.05 floors; null if none, or the floor is 0 or unknown. */
export function stepNearFloor(errors: ArrayLike<number>, last: number, floor: number | null): number | null {
  if (floor === null || !(floor > 0)) return null;
  for (let step = 0; step <= last; step++) if (errors[step] <= NEAR * floor) return step;
  return null;
}
