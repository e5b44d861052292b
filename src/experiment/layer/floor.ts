import { errorAtRank } from '../../math/spectra.ts';
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
 * The same as far as it is known: one entry more than values that are. What the others make up together is
 * ‖M‖²_F − Σσ_j² over the known ones, to which those are added one by one, so that nothing more cancels.
 * `norm` is ‖M‖_F.
 */
export function floorOfKnown({ values, how }: Pick<KnownValues, 'values' | 'how'>, norm: number): Float64Array {
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
 * By how much each entry of floorOfKnown may lie too high: values found by iteration lie below the true ones. Where value
 * j may be as large as σ_j + e_j, floor² may be less by Σ_{j≤i} ((σ_j + e_j)² − σ_j²)/‖M‖²_F. Null where all are known.
 */
export function floorsOpen({ values, open }: Pick<KnownValues, 'values' | 'how' | 'open'>, norm: number) {
  if (!open || norm === 0) return null;
  const floor = floorOfKnown({ values, how: 'leading' }, norm);
  let more = 0;
  return floor.map((at, i) => {
    if (i > 0) {
      const e = open[i - 1] * values[0];
      more += (e * (2 * values[i - 1] + e)) / (norm * norm);
    }
    return at - Math.sqrt(Math.max(0, at * at - more));
  });
}
