import { unlessAborted } from '../../../math/slices.ts';
import { type IntruderCount, intrudersInSlices } from '../../../math/spectral/left-vectors.ts';
import { effectiveRank } from '../../../math/spectral/spectra.ts';
import { safeName } from '../faults.ts';
import type { ModulePlace } from '../model.ts';
import { canonicalName } from '../namings.ts';
import { modulePlaces } from '../places.ts';
import type { TensorPair } from './match-tensors.ts';
import { exactSpectrum, hasExactSpectrum } from './panel-products.ts';
import {
  type DeltaScan,
  deltaPanels,
  inMemory,
  type PanelMatrix,
  roundedMatrix,
  scanDelta,
  weightPanels,
} from './panels.ts';
import { boundedDirections, type SpectrumBounds } from './range-finder.ts';

/** Numbers of a matrix up to which they are counted: 4096 × 4096. */
const MOST = 2 ** 24;
/** Whether the tensor is a matrix small enough. */
export const canCountIntruders = ({ matrix }: TensorPair): boolean => matrix !== null && matrix.d * matrix.k <= MOST;

/** Between two parts a signal is heard; null if the matrix is too large. */
export async function countIntruders(pair: TensorPair, signal?: AbortSignal): Promise<IntruderCount | null> {
  if (!canCountIntruders(pair)) return null;
  const fine = await roundedMatrix(await weightPanels(pair, 'fine', signal));
  const base = await inMemory(await weightPanels(pair, 'base', signal));
  return unlessAborted(intrudersInSlices(base, fine), signal);
}

/** What became of a tensor. 'rounded': its type changed, and nothing but the rounding to it. */
export type TensorChange = 'same bits' | 'same values' | 'rounded' | 'changed' | 'not finite';

/** The figures of ΔW = W_fine − W_base of one tensor, in float64. */
export interface DifferenceFigures {
  readonly change: TensorChange;
  /** ‖ΔW‖, ‖W_base‖, ‖W_fine‖: Frobenius norms over all numbers; NaN if one is not finite. */
  readonly norm: number;
  readonly baseNorm: number;
  readonly fineNorm: number;
  /** The sentence for a person if a number is NaN or infinite. */
  readonly odd: string | null;
  /** Of a changed matrix. */
  readonly spectrum: DifferenceSpectrum | null;
}

export interface DifferenceSpectrum {
  /** All of them, or the leading ones: the largest first. */
  readonly sigma: Float64Array;
  /** null: `sigma` is exact and complete. */
  readonly bounds: SpectrumBounds | null;
  /** Directions for 90, 95 and 99% of ‖ΔW‖²; null: more than the leading ones. */
  readonly rank90: number | null;
  readonly rank95: number | null;
  readonly rank99: number | null;
  /** ‖ΔW‖²/σ₁². */
  readonly stableRank: number;
  /** exp of the entropy of σ/Σσ; null if not all σ are known. */
  readonly effectiveRank: number | null;
  /** null: not asked for, or too large. */
  readonly intruders: IntruderCount | null;
}

export interface FigureOptions {
  /** Shorter side up to which all σ are computed: 1024. */
  readonly exact?: number;
  /** Leading directions of a larger matrix: 128. */
  readonly directions?: number;
  /** Counts intruder dimensions of matrices of up to 4096 × 4096, which takes longer than all else. */
  readonly intruders?: boolean;
  readonly signal?: AbortSignal;
}

export const LEADING = 128;

/** The smallest number of directions that hold this share of the whole norm²; null: more than these. */
export function neededRank(sigma: Float64Array, norm: number, share: number): number | null {
  if (!(norm > 0)) return 0;
  let held = 0;
  // Rounding may leave the sum of all squares below the norm².
  const goal = share * (1 - 1e-12);
  for (let i = 0; i < sigma.length; i++) {
    held += (sigma[i] / norm) ** 2;
    if (held >= goal) return i + 1;
  }
  return null;
}

/** Error of the best cut to r of these directions, relative to the norm: √(1 − Σ_{i≤r} σᵢ²/‖ΔW‖²). */
export function cutErrors(sigma: Float64Array, norm: number, isExact: boolean): Float64Array {
  const errors = new Float64Array(sigma.length + 1);
  // From the smallest, so that a small tail keeps its digits; what lies beyond is the rest of the norm.
  let tail = 0;
  if (!isExact) tail = Math.max(0, 1 - sigma.reduce((sum, x) => sum + (x / norm) ** 2, 0));
  for (let i = sigma.length; i >= 0; i--) {
    errors[i] = Math.sqrt(tail);
    if (i > 0) tail += (sigma[i - 1] / norm) ** 2;
  }
  return errors;
}

/** Reads a pair and measures it: once for norms, and a matrix that changed again for its spectrum. */
export async function differenceFigures(pair: TensorPair, options: FigureOptions = {}): Promise<DifferenceFigures> {
  const { signal } = options;
  const scan = await scanDelta(pair, signal);
  const change = changeOf(scan);
  const { delta: norm, base: baseNorm, fine: fineNorm } = scan;
  const figures = { change, norm, baseNorm, fineNorm, odd: null, spectrum: null };
  if (scan.odd) return { ...figures, norm: Number.NaN, odd: oddSentence(pair, scan.odd) };
  if (!pair.matrix || change !== 'changed') return figures;
  return { ...figures, spectrum: await spectrumOf(pair, norm, options) };
}

function changeOf({ sameBits, sameValues, rounded, odd }: DeltaScan): TensorChange {
  if (sameBits) return 'same bits';
  if (odd) return 'not finite';
  if (sameValues) return 'same values';
  return rounded ? 'rounded' : 'changed';
}

function oddSentence({ base, fine, shape }: TensorPair, odd: NonNullable<DeltaScan['odd']>): string {
  const place: number[] = [];
  let left = odd.at;
  for (const side of shape.toReversed()) {
    place.unshift(left % side);
    left = Math.floor(left / side);
  }
  const value = Number.isNaN(odd.value)
    ? 'NaN'
    : Math.abs(odd.value) === Infinity
      ? 'an infinity'
      : 'a number too large';
  const { name, source } = odd.of === 'base' ? base : fine;
  return `${safeName(name)} of ${safeName(source.name)} has ${value} at [${place.join(', ')}]; its ΔW is not measured.`;
}

async function spectrumOf(pair: TensorPair, norm: number, options: FigureOptions): Promise<DifferenceSpectrum> {
  const { signal } = options;
  const spectrum = await matrixSpectrum(await deltaPanels(pair, signal), norm, options);
  return { ...spectrum, intruders: options.intruders ? await countIntruders(pair, signal) : null };
}

/** σ of a matrix of this norm and the ranks that it needs: exactly, or its leading directions with bounds. */
export async function matrixSpectrum(
  M: PanelMatrix,
  norm: number,
  { exact, directions = LEADING }: FigureOptions = {},
): Promise<DifferenceSpectrum> {
  const found = hasExactSpectrum(M, exact)
    ? { sigma: await exactSpectrum(M), bounds: null }
    : await boundedDirections(M, directions);
  return spectrumFigures(found.sigma, found.bounds, norm);
}

export function spectrumFigures(sigma: Float64Array, bounds: SpectrumBounds | null, norm: number): DifferenceSpectrum {
  const [rank90, rank95, rank99] = [0.9, 0.95, 0.99].map((share) => neededRank(sigma, norm, share));
  return {
    ...{ sigma, bounds, rank90, rank95, rank99 },
    stableRank: sigma[0] > 0 ? (norm / sigma[0]) ** 2 : 0,
    effectiveRank: bounds ? null : effectiveRank(sigma),
    intruders: null,
  };
}

/** Layer and type of each tensor, as of an adapter's modules; null if its name does not tell. */
export const pairPlaces = (pairs: readonly TensorPair[]): readonly (ModulePlace | null)[] =>
  modulePlaces(pairs.map(({ name }) => canonicalName(name.replace(/\.(?:weight|bias)$/, ''))));
