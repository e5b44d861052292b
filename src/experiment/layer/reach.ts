import { frobenius, type Matrix32 } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { outsideColumns, outsideRows, SPACING } from '../methods/floors/outside.ts';
import { knownValues } from '../targets/spectrum.ts';
import { floorFromValues, floorUncertainty } from './floor.ts';
import { type ErrorReach, type ModuleWithTarget, unitOf } from './module.ts';

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

interface SpanGoal extends Pick<ModuleWithTarget, 'frozenFactor' | 'A' | 'B'> {
  readonly goal: Matrix32;
  readonly norm: number;
  readonly baseNorm: number;
}

/**
 * The reach of s·B·A with a frozen factor: ‖(I − P_B)·goal‖ or ‖goal·(I − P_A)‖ over `norm`, P the projection on the
 * columns of B or the rows of A. Null if both train.
 */
export function spanFloor({ frozenFactor, A, B, goal, norm, baseNorm }: SpanGoal): number | null {
  const size = Math.max(norm, baseNorm) / norm;
  if (frozenFactor === 'B') return beyondRounding(outsideColumns(goal, B) / norm, size);
  if (frozenFactor === 'A') return beyondRounding(outsideRows(goal, A) / norm, size);
  return null;
}

/**
 * The smallest ‖ΔW − ΔW*‖/‖ΔW*‖ within reach of a module: the Eckart–Young floor at its rank r; if the initialisation
 * has moved a part of W₀ into the adapter, that of its product target; and if a factor is frozen the part of ΔW*
 * outside its span, ‖(I − Q·Qᵀ)·ΔW*‖/‖ΔW*‖. Null if too few singular values of ΔW* are known.
 */
export function floorAtRank(
  module: Pick<ModuleWithTarget, 'rank' | 'wanted' | 'moved' | 'frozenFactor' | 'A' | 'B' | 'method'>,
): number | null {
  const { rank, moved, method } = module;
  if (method) return method.floor?.kind === 'exact' ? method.floor.value : null;
  if (moved?.reach) return moved.reach.floor;
  const { matrix, norm, spectrum } = module.wanted;
  const unit = unitOf(module.wanted);
  const least = spanFloor({ ...module, goal: matrix, norm: unit, baseNorm: 0 });
  if (least !== null) return least;
  const floor = floorFromValues(spectrum, norm)[rank];
  return floor === undefined ? (spectrum.how === 'leading' ? null : 0) : beyondRounding(floor) * (norm / unit);
}

/**
 * The smallest relative error within reach of several modules, √(Σ(floorᵢ·‖ΔWᵢ*‖)²/Σ‖ΔWᵢ*‖²): the loss is the sum of
 * theirs, and they share no parameters. Null if one of their floors is unknown.
 */
export function joinedFloor(modules: readonly Parameters<typeof floorAtRank>[0][]): number | null {
  const floors = modules.map(floorAtRank);
  if (floors.length === 1) return floors[0];
  const norms = modules.map(({ wanted }) => unitOf(wanted));
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
  const min = squares(floors.map((floor, i) => (floor ?? Number.NaN) * norms[i]));
  return Number.isNaN(min) ? null : Math.sqrt(min / squares(norms));
}

/** The rest of a low-rank matrix is the rounding of its entries: not a floor to measure a run against. */
const beyondRounding = (floor: number, size = 1) => (floor < SPACING * size ? 0 : floor);
