import { allFinite, frobenius, type Matrix64 } from '../../math/matrix.ts';
import { productSpectrum } from '../../math/spectral/product-svd.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import type { Adapter, Figures, ModuleFactors } from './model.ts';

/**
 * The number of leading directions that a rule keeps of a descending spectrum; 0 for the zero matrix. The last three
 * are the rules of kohya's resize_lora.py as defined there: the script itself keeps one direction more.
 */

/** The smallest number whose Σσ² is at least this share of the whole. */
export function rankByEnergy(sigma: Float64Array, share: number): number {
  return smallest(sigma, share, (x) => x * x);
}

/** sv_fro: the smallest number whose Frobenius norm is at least t times the whole: Σσ² against t²·Σσ². */
export function rankByNorm(sigma: Float64Array, t: number): number {
  return smallest(sigma, t * t, (x) => x * x);
}

/** sv_cumulative: the smallest number whose Σσ is at least t times the whole. */
export function rankBySum(sigma: Float64Array, t: number): number {
  return smallest(sigma, t, (x) => x);
}

/** sv_ratio: the number of directions with σ > σ₁/t. */
export function rankByRatio(sigma: Float64Array, t: number): number {
  const largest = sigma.length === 0 ? 0 : sigma[0];
  if (!(largest > 0)) return 0;
  const threshold = largest / t;
  let count = 0;
  while (count < sigma.length && sigma[count] > threshold) count++;
  return count;
}

function smallest(sigma: Float64Array, share: number, weigh: (x: number) => number): number {
  const largest = sigma.length === 0 ? 0 : sigma[0];
  if (!(largest > 0)) return 0;
  let total = 0;
  for (const x of sigma) total += weigh(x / largest);
  let held = 0;
  for (let i = 0; i < sigma.length; i++) {
    held += weigh(sigma[i] / largest);
    if (held >= share * total) return i + 1;
  }
  return sigma.length;
}

/** σᵢ below this share of σ₁ is a dead direction. */
const DEAD = 1e-6;

/** |s|·‖B‖·‖A‖, at least ‖s·B·A‖; not finite if an entry is not, or numbers of float64 are too large. */
export const productBound = ({ B, A }: ModuleFactors, s: number): number => Math.abs(s) * frobenius(B) * frobenius(A);

/** Figures of a pair, of B·A if `scaling` is null: QR of B and Aᵀ, then SVD of the r × r core, in float64. */
export function figuresOf({ B, A }: ModuleFactors, scaling: number | null): Figures {
  const scale = scaling ?? 1;
  const finite = Number.isFinite(productBound({ B, A }, scale));
  const sigma = finite ? productSpectrum(B, A, scale) : new Float64Array(0);
  return { ...figuresOfSpectrum(sigma), untrained: isZero(B), finite };
}

export function figuresOfUpdate(matrix: Matrix64): Figures {
  const finite = allFinite(matrix);
  const sigma = finite ? singularValues(matrix) : new Float64Array(0);
  return { ...figuresOfSpectrum(sigma), untrained: isZero(matrix), finite };
}

/** The figures of an update too large to be formed: only its Frobenius norm is known. */
export function figuresOfNorm(norm: number): Figures {
  const finite = Number.isFinite(norm);
  return { ...figuresOfSpectrum(new Float64Array(0)), frobenius: finite ? norm : 0, untrained: norm === 0, finite };
}

/** The figures of s·ΔW from those of ΔW: scale-free ones stay. */
export function scaleFigures(figures: Figures, s: number): Figures {
  const size = Math.abs(s);
  return {
    ...figures,
    sigma: figures.sigma.map((x) => size * x),
    frobenius: size * figures.frobenius,
    ...(figures.expertNorms && { expertNorms: figures.expertNorms.map((x) => size * x) }),
  };
}

/** s of a module; if it is unknown, figures are those of B·A. */
const scalingOf = ({ modules }: Adapter, index: number) => modules[index]?.scaling ?? 1;

/** Figures measured with one adapter's α, as they are with another's: rescaled, not measured again. */
export function rescaledFigures(figures: Figures, index: number, adapter: Adapter, measured: Adapter): Figures {
  const [s, before] = [scalingOf(adapter, index), scalingOf(measured, index)];
  return s === before ? figures : scaleFigures(figures, s / before);
}

/** The figures of a spectrum whose numbers are finite and not all 0. */
export function figuresOfSpectrum(sigma: Float64Array): Figures {
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
    rank90: rankByEnergy(sigma, 0.9),
    rank95: rankByEnergy(sigma, 0.95),
    rank99: rankByEnergy(sigma, 0.99),
    dead: sigma.filter((x) => x < DEAD * largest).length,
    untrained: false,
    finite: true,
    magnitudes: null,
  };
}

/** Those of a parameter with these experts: σᵢ = √Σₑ σₑᵢ². */
export function figuresOfExperts(each: readonly Figures[]): Figures {
  const finite = each.every((of) => of.finite);
  const largest = each.reduce((max, { sigma }) => Math.max(max, sigma[0] ?? 0), 0);
  const length = finite ? each[0].sigma.length : 0;
  const sigma = Float64Array.from({ length }, (_, i) =>
    largest > 0 ? largest * Math.sqrt(each.reduce((sum, of) => sum + (of.sigma[i] / largest) ** 2, 0)) : 0,
  );
  const norms = Float64Array.from(each, ({ frobenius }) => frobenius);
  return {
    ...figuresOfSpectrum(sigma),
    ...{ untrained: each.every(({ untrained }) => untrained), finite, expertNorms: norms },
  };
}

function isZero({ data }: Matrix64): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) return false;
  return true;
}

/** Σσ² of a file over all its modules against directions, the largest of any module first. */
interface Energy {
  readonly directions: number;
  /** Shares of Σσ² that the first 0, 1, 2, … directions hold: directions + 1 values from 0 to 1. */
  readonly share: Float64Array;
  /** Directions that hold 90, 95 and 99% of it. */
  readonly counts: readonly [number, number, number];
}

export function energyOf(figures: readonly (Figures | null)[]): Energy {
  const spectra = figures.flatMap((of) => (of === null ? [] : [of.sigma]));
  const sigma = new Float64Array(spectra.reduce((sum, of) => sum + of.length, 0));
  let at = 0;
  for (const of of spectra) {
    sigma.set(of, at);
    at += of.length;
  }
  sigma.sort().reverse();
  const share = new Float64Array(sigma.length + 1);
  const largest = sigma.length === 0 ? 0 : sigma[0];
  if (!(largest > 0)) return { directions: sigma.length, share, counts: [0, 0, 0] };
  for (let i = 0; i < sigma.length; i++) share[i + 1] = share[i] + (sigma[i] / largest) ** 2;
  const total = share[sigma.length];
  for (let i = 0; i < share.length; i++) share[i] /= total;
  const first = (part: number) => share.findIndex((held) => held >= part);
  return { directions: sigma.length, share, counts: [first(0.9), first(0.95), first(0.99)] };
}

/** Block means of a module's factors, to be drawn: those of s·B·A are exactly s times their product. */
export interface BlockMeans {
  /** Row by row, blocksOfRows × r and r × blocksOfCols. */
  readonly B: Float32Array;
  readonly A: Float32Array;
  readonly blocksOfRows: number;
  readonly blocksOfCols: number;
  /** Rows and columns of ΔW in a block; the last of each may have fewer. */
  readonly block: readonly [number, number];
}

export function blockMeans({ B, A }: ModuleFactors, max: number): BlockMeans {
  const r = B.cols;
  const rowsOfBlock = Math.max(1, Math.ceil(B.rows / max));
  const colsOfBlock = Math.max(1, Math.ceil(A.cols / max));
  const blocksOfRows = Math.ceil(B.rows / rowsOfBlock);
  const blocksOfCols = Math.ceil(A.cols / colsOfBlock);
  const up = new Float64Array(blocksOfRows * r);
  const down = new Float64Array(r * blocksOfCols);
  for (let i = 0; i < B.rows; i++) {
    const to = Math.floor(i / rowsOfBlock) * r;
    for (let j = 0; j < r; j++) up[to + j] += B.data[i * r + j];
  }
  for (let i = 0; i < r; i++) {
    for (let j = 0; j < A.cols; j++) down[i * blocksOfCols + Math.floor(j / colsOfBlock)] += A.data[i * A.cols + j];
  }
  return {
    B: Float32Array.from(up, (sum, at) => sum / lengthOf(Math.floor(at / r), rowsOfBlock, B.rows)),
    A: Float32Array.from(down, (sum, at) => sum / lengthOf(at % blocksOfCols, colsOfBlock, A.cols)),
    blocksOfRows,
    blocksOfCols,
    block: [rowsOfBlock, colsOfBlock],
  };
}

function lengthOf(index: number, size: number, all: number): number {
  return Math.min(size, all - index * size);
}
