import { allFinite, frobenius, type Matrix64 } from '../../../math/matrix.ts';
import { productSpectrum } from '../../../math/spectral/product-svd.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { effectiveRank } from '../../../math/spectral/spectra.ts';
import type { Factors, Figures } from '../model.ts';
import { byEnergy } from './counts.ts';

/** σᵢ below this share of σ₁ is a dead direction. */
const DEAD = 1e-6;

/**
 * What is measured of a pair: QR of B and of Aᵀ, then the singular values of the r × r core, in float64. With `scaling` null
 * they are those of B·A.
 */
export function figuresOf(factors: Factors, scaling: number | null, magnitudes: Float64Array | null = null): Figures {
  const { B, A } = factors;
  const scale = scaling ?? 1;
  // Norms of float64 can be so large that their product overflows.
  const finite = allFinite(B) && allFinite(A) && Number.isFinite(scale * frobenius(B) * frobenius(A));
  const untrained = isZero(B);
  if (!finite) return { ...ofSpectrum(new Float64Array(0)), untrained, finite, magnitudes: threeOf(magnitudes) };
  return { ...ofSpectrum(productSpectrum(B, A, scale)), untrained, magnitudes: threeOf(magnitudes) };
}

/** The same of a ΔW that is at hand as a whole, its scaling included. */
export function figuresOfUpdate(matrix: Matrix64, magnitudes: Float64Array | null = null): Figures {
  const finite = allFinite(matrix);
  const sigma = finite ? singularValues(matrix) : new Float64Array(0);
  return { ...ofSpectrum(sigma), untrained: isZero(matrix), finite, magnitudes: threeOf(magnitudes) };
}

/** The figures of an update of which all singular values are known, the largest first. */
export function figuresOfSpectrum(sigma: Float64Array, magnitudes: Float64Array | null = null): Figures {
  return { ...ofSpectrum(sigma), untrained: !(sigma[0] > 0), magnitudes: threeOf(magnitudes) };
}

/** The figures of an update of which nothing but its Frobenius norm is known: too large to be formed. */
export function figuresOfNorm(norm: number, magnitudes: Float64Array | null = null): Figures {
  const finite = Number.isFinite(norm);
  const known = { frobenius: finite ? norm : 0, untrained: norm === 0, finite, magnitudes: threeOf(magnitudes) };
  return { ...ofSpectrum(new Float64Array(0)), ...known };
}

/** The figures of s·ΔW from those of ΔW: what does not scale stays. */
export function scaledBy(figures: Figures, s: number): Figures {
  const size = Math.abs(s);
  return { ...figures, sigma: figures.sigma.map((x) => size * x), frobenius: size * figures.frobenius };
}

function ofSpectrum(sigma: Float64Array): Figures {
  const largest = sigma.length === 0 ? 0 : sigma[0];
  let squares = 0;
  for (let i = sigma.length - 1; i >= 0 && largest > 0; i--) squares += (sigma[i] / largest) ** 2;
  return {
    sigma,
    frobenius: largest * Math.sqrt(squares),
    effectiveRank: {
      entropy: effectiveRank(sigma, 'entropy'),
      energy: effectiveRank(sigma, 'entropy-squared'),
      participation: effectiveRank(sigma, 'participation'),
      stable: effectiveRank(sigma, 'stable'),
    },
    rank90: byEnergy(sigma, 0.9),
    rank95: byEnergy(sigma, 0.95),
    rank99: byEnergy(sigma, 0.99),
    dead: sigma.filter((x) => x < DEAD * largest).length,
    untrained: false,
    finite: true,
    magnitudes: null,
  };
}

function isZero({ data }: Matrix64): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) return false;
  return true;
}

function threeOf(values: Float64Array | null): Figures['magnitudes'] {
  if (values === null || values.length === 0) return null;
  const sorted = values.slice().sort();
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return [sorted[0], (below + above) / 2, sorted[sorted.length - 1]];
}
