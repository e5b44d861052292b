import { type AnyMatrix, frobenius, multiply, subtract, transpose } from '../../math/matrix.ts';
import { thinQr } from '../../math/qr.ts';
import { floorOfKnown } from './floor.ts';
import type { KnownModule } from './module.ts';

/**
 * The smallest ‖ΔW − ΔW*‖/‖ΔW*‖ within reach of a module: the Eckart–Young floor at its rank r, at 2r where the start has
 * moved a part of W₀ into the adapter (ΔW = s·B·A − s₀·B₀·A₀), and where a factor is frozen the part of ΔW* outside its
 * span, ‖(I − Q·Qᵀ)·ΔW*‖/‖ΔW*‖. Null where too few singular values of ΔW* are known.
 */
export function floorAtRank(
  module: Pick<KnownModule, 'rank' | 'wanted' | 'moved' | 'frozenFactor' | 'A' | 'B'>,
): number | null {
  const { rank, moved, frozenFactor, A, B } = module;
  const { matrix, norm, spectrum } = module.wanted;
  if (frozenFactor === 'B') return beyondRounding(outside(B, matrix) / norm);
  if (frozenFactor === 'A') return beyondRounding(outside(transpose(A), transpose(matrix)) / norm);
  const floor = floorOfKnown(spectrum, norm)[moved ? 2 * rank : rank];
  return floor === undefined ? (spectrum.how === 'leading' ? null : 0) : beyondRounding(floor);
}

/** The spacing of float32 numbers near 1, 2⁻²³. */
const SPACING = 1.1920928955078125e-7;

/** What is left of a matrix of low rank is the rounding of its entries: no floor that a run could be held to. */
const beyondRounding = (floor: number) => (floor < SPACING ? 0 : floor);

/** ‖(I − Q·Qᵀ)·M‖ for orthonormal columns Q that span those of a factor. */
function outside(factor: AnyMatrix, M: AnyMatrix): number {
  const { Q } = thinQr(factor);
  return frobenius(subtract(M, multiply(Q, multiply(transpose(Q), M))));
}
