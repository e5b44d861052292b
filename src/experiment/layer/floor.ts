import { type AnyMatrix, frobenius, type Matrix32, multiply, subtract, transpose } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { thinQr } from '../targets/factorisations.ts';
import { type KnownValues, knownValues } from '../targets/spectrum.ts';
import type { ErrorReach, ModuleWithTarget } from './module.ts';

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

/**
 * The reach of an initialisation that has moved s₀·B₀·A₀ out of W₀: s·B·A, of rank r, must approach `goal` = ΔW* +
 * s₀·B₀·A₀, so that ‖ΔW − ΔW*‖ is at least sqrt(Σ_{i>r} σ_i²(goal)). `norm` is ‖ΔW*‖_F, `baseNorm` ‖W₀‖_F. From the r
 * leading values if the matrix is large.
 */
export function reachOfGoal(
  goal: Matrix32,
  rank: number,
  norm: number,
  baseNorm: number,
  progress: OnProgress,
): ErrorReach {
  const size = frobenius(goal);
  const known = knownValues(goal, {}, progress, rank);
  const [floor, open] = [floorFromValues(known, size)[rank] ?? 0, floorUncertainty(known, size)?.[rank] ?? 0];
  // The goal has the rounding of W_frozen, whose entries are of the size of those of W₀.
  return { floor: beyondRounding((floor * size) / norm, Math.max(norm, baseNorm) / norm), open: (open * size) / norm };
}

/**
 * The smallest ‖ΔW − ΔW*‖/‖ΔW*‖ within reach of a module: the Eckart–Young floor at its rank r; if the initialisation
 * has moved a part of W₀ into the adapter, that of its product target; and if a factor is frozen the part of ΔW*
 * outside its span, ‖(I − Q·Qᵀ)·ΔW*‖/‖ΔW*‖. Null if too few singular values of ΔW* are known.
 */
export function floorAtRank(
  module: Pick<ModuleWithTarget, 'rank' | 'wanted' | 'moved' | 'frozenFactor' | 'A' | 'B'>,
): number | null {
  const { rank, moved, frozenFactor, A, B } = module;
  if (moved?.reach) return moved.reach.floor;
  const { matrix, norm, spectrum } = module.wanted;
  if (frozenFactor === 'B') return beyondRounding(outside(B, matrix) / norm);
  if (frozenFactor === 'A') return beyondRounding(outside(transpose(A), transpose(matrix)) / norm);
  const floor = floorFromValues(spectrum, norm)[rank];
  return floor === undefined ? (spectrum.how === 'leading' ? null : 0) : beyondRounding(floor);
}

/**
 * The smallest relative error within reach of several modules, √(Σ(floorᵢ·‖ΔWᵢ*‖)²/Σ‖ΔWᵢ*‖²): the loss is the sum of
 * theirs, and they share no parameters. Null if one of their floors is unknown.
 */
export function joinedFloor(modules: readonly Parameters<typeof floorAtRank>[0][]): number | null {
  const floors = modules.map(floorAtRank);
  if (floors.length === 1) return floors[0];
  const norms = modules.map(({ wanted }) => wanted.norm);
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
  const min = squares(floors.map((floor, i) => (floor ?? Number.NaN) * norms[i]));
  return Number.isNaN(min) ? null : Math.sqrt(min / squares(norms));
}

/** The spacing of float32 numbers near 1, 2⁻²³. */
const SPACING = 1.1920928955078125e-7;

/** The rest of a low-rank matrix is the rounding of its entries: not a floor to measure a run against. */
const beyondRounding = (floor: number, size = 1) => (floor < SPACING * size ? 0 : floor);

/** ‖(I − Q·Qᵀ)·M‖ for orthonormal columns Q that span those of a factor. */
function outside(factor: AnyMatrix, M: AnyMatrix): number {
  const { Q } = thinQr(factor);
  return frobenius(subtract(M, multiply(Q, multiply(transpose(Q), M))));
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
