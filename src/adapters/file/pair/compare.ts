import { zeros } from '../../../math/matrix.ts';
import type { Factors, PairFigures } from '../model.ts';
import { norm, type PairCore, pairCore, sumSpectrum } from './core.ts';

/** What is shown of two modules of one place, for a weighted sum of them. Work: (r₁ + r₂) × (r₁ + r₂) after two QR decompositions. */
export function pairFigures(
  fa: Factors,
  sa: number | null,
  fb: Factors,
  sb: number | null,
  weights: readonly [number, number],
): PairFigures {
  return figuresOfCore(pairCore(fa, sa, fb, sb), weights);
}

/**
 * The figures of a pair at other weights, from its core. Where s of a file is not known, what depends on it is NaN, empty
 * or null; where an entry is not finite (no core), everything is.
 */
export function figuresOfCore(core: PairCore | null, weights: readonly [number, number]): PairFigures {
  const none = new Float64Array(0);
  if (core === null) {
    const empty = zeros(0, 0);
    const unknown = Number.NaN;
    return {
      cosine: unknown,
      left: empty,
      right: empty,
      ratio: unknown,
      sigma: [none, none, none],
      frobenius: [unknown, unknown, unknown],
      linear: null,
    };
  }
  const { left, right, scaled, inner } = core;
  const [f1, f2] = core.frobenius;
  const sum = scaled ? sumSpectrum(core, weights) : none;
  return {
    cosine: f1 === 0 || f2 === 0 ? 0 : Math.max(-1, Math.min(1, inner / f1 / f2)),
    left,
    right,
    ratio: scaled ? f2 / f1 : Number.NaN,
    sigma: [...core.sigma, sum],
    frobenius: [f1, f2, scaled ? norm(sum) : Number.NaN],
    linear: scaled ? linearError(core, weights, norm(sum)) : null,
  };
}

/**
 * The error of adding factors, relative to the sum. PEFT's add_weighted_adapter with combination_type="linear" gives
 * B = Σ √|wᵢsᵢ|·Bᵢ and A = Σ ±√|wᵢsᵢ|·Aᵢ (the sign of wᵢsᵢ in A alone) at s = 1: the sum that was wanted, and with it
 * the cross terms √|w₁s₁w₂s₂|·(±B₁A₂ ± B₂A₁). null where the ranks differ: the factors cannot be added.
 */
function linearError(core: PairCore, [w1, w2]: readonly [number, number], sum: number): number | null {
  if (core.cross === null) return null;
  const [x, y, common] = core.cross;
  const sign = Math.sign(w1) * Math.sign(w2);
  const squared = x + y + 2 * sign * common;
  // Terms that cancel leave rounding, which is no error.
  const error = squared > 1e-14 * (x + y) ? Math.sqrt(Math.abs(w1 * w2) * squared) : 0;
  if (error === 0) return 0;
  return sum === 0 ? Number.POSITIVE_INFINITY : error / sum;
}

/** The second weight at which w₂ΔW₂ has the norm of w₁ΔW₁ over all pairs, with the second weight's sign; null where it cannot. */
export function sameNorm(figures: readonly PairFigures[], weights: readonly [number, number]): number | null {
  let [first, second] = [0, 0];
  for (const { frobenius, ratio } of figures) {
    if (Number.isNaN(ratio) && frobenius[0] !== 0) return null;
    first += frobenius[0] ** 2;
    second += frobenius[1] ** 2;
  }
  if (!(second > 0) || !(first > 0)) return null;
  return (weights[1] < 0 ? -1 : 1) * Math.abs(weights[0]) * Math.sqrt(first / second);
}
