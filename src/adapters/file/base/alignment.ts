import { frobenius, leadingColumns, type Matrix64, multiply, transpose, zeros } from '../../../math/matrix.ts';
import { productSvd } from '../../../math/spectral/product-svd.ts';
import { leadingEigen } from '../../../math/spectral/symmetric.ts';
import { columnsTimes, times } from '../checkpoints/panel-products.ts';
import { inMemory, type PanelMatrix } from '../checkpoints/panels.ts';
import { separatedDirections } from '../checkpoints/separated-directions.ts';
import type { UpdateRows } from './base-weights.ts';

/**
 * How ΔW = U·Σ·Vᵀ of rank r lies to W₀ (LoRA, arXiv 2106.09685, section 7.3 and table 7).
 */
export interface Alignment {
  /** Directions of ΔW whose σ is above 10⁻¹⁰·σ₁. */
  readonly rank: number;
  /** ‖Uᵀ·W₀·V‖: as much of W₀ as lies in the directions of ΔW. */
  readonly inside: number;
  /** The same for random directions, √(r²/dk)·‖W₀‖: the root of the mean square over U and V uniform and independent. */
  readonly random: number;
  /** ‖ΔW‖/inside: by how much ΔW amplifies what W₀ has in its directions; null if that is 0. */
  readonly amplification: number | null;
  /** 'close': σᵣ and σᵣ₊₁ of W₀ are too close to tell its r leading directions from the others. null: not asked for. */
  readonly leading: LeadingShares | 'close' | null;
}

/** Of which W₀ the leading directions are computed: up to 512 on the shorter side, or of any size. */
export type LeadingSizes = 'small' | 'any';

/** How much of ΔW lies in the r leading singular directions U₀, V₀ of W₀. */
export interface LeadingShares {
  /** ‖U₀ᵀ·ΔW‖²/‖ΔW‖² and ‖ΔW·V₀‖²/‖ΔW‖². */
  readonly left: number;
  readonly right: number;
  /** The means over random directions: r/d and r/k. */
  readonly randomLeft: number;
  readonly randomRight: number;
  /** √(σ₁² + … + σᵣ²) of W₀: the most that r directions can hold of it. */
  readonly most: number;
  /** By how much either share may be off, with a probability of 1 − 10⁻⁶; 0 where all directions are computed. */
  readonly error: number;
}

const NOTHING = 1e-10;
/** Shorter side of W₀ up to which all its eigenvectors are computed. */
const LONGEST = 512;

interface AlignmentOptions {
  readonly baseNorm: number;
  readonly turned: boolean;
  readonly leading: LeadingSizes | null;
}

/** null if ΔW is 0. `left` is the side of the outputs, whichever way the tensor lies. */
export async function alignmentOf(
  W0: PanelMatrix,
  { L, R }: NonNullable<UpdateRows['pair']>,
  { baseNorm, turned, leading }: AlignmentOptions,
): Promise<Alignment | null> {
  const { U: allU, S: allS, V: allV } = productSvd(L, R, 1);
  const rank = allS.filter((x) => x > NOTHING * allS[0]).length;
  if (!(allS[0] > 0)) return null;
  const [U, S, V] = [leadingColumns(allU, rank), allS.slice(0, rank), leadingColumns(allV, rank)];
  const inside = frobenius(multiply(transpose(U), await times(W0, V)));
  const norm = lengthOf(S);
  return {
    rank,
    inside,
    random: (rank / Math.sqrt(W0.rows * W0.cols)) * baseNorm,
    amplification: inside > 0 ? norm / inside : null,
    leading: leading && (await leadingShares(W0, { U, S, V }, { turned, leading })),
  };
}

const lengthOf = (values: Float64Array) => Math.sqrt(values.reduceRight((sum, x) => sum + x * x, 0));

async function leadingShares(
  W0: PanelMatrix,
  { U, S, V }: { readonly U: Matrix64; readonly S: Float64Array; readonly V: Matrix64 },
  { turned, leading }: { readonly turned: boolean; readonly leading: LeadingSizes },
): Promise<Alignment['leading']> {
  const { rows, cols } = W0;
  const r = S.length;
  const small = Math.min(rows, cols) <= LONGEST;
  if (!small && leading === 'small') return null;
  const found = small ? await exactDirections(W0, r) : await foundDirections(W0, r);
  if (found === null) return 'close';
  const { left, right, sigma, angle } = found;
  const norm = lengthOf(S);
  const share = (of: Matrix64, own: Matrix64) => (frobenius(columnsTimes(multiply(transpose(of), own), S)) / norm) ** 2;
  const shares = [share(left, U), share(right, V)] as const;
  const randoms = [r / rows, r / cols] as const;
  const [out, into] = turned ? [1, 0] : [0, 1];
  return {
    left: shares[out],
    right: shares[into],
    randomLeft: randoms[out],
    randomRight: randoms[into],
    most: lengthOf(sigma),
    // |‖P·ΔW‖ − ‖P̂·ΔW‖| ≤ ‖P − P̂‖₂·‖ΔW‖, and the norm of the difference of two projectors is sin Θ.
    error: Math.max(...shares.map((x) => Math.min(angle, 2 * angle * Math.sqrt(x) + angle * angle))),
  };
}

interface BaseDirections {
  readonly left: Matrix64;
  readonly right: Matrix64;
  readonly sigma: Float64Array;
  /** A bound of ‖sin Θ‖ between these spaces and the true ones. */
  readonly angle: number;
}

async function exactDirections(W0: PanelMatrix, r: number): Promise<BaseDirections> {
  const wide = W0.cols > W0.rows;
  const { vectors, sigma } = leadingVectors(await gram(W0, wide), r);
  // W₀·v = σ·u on the longer side; a direction of σ = 0 has none.
  const others = wide ? await transposedTimes(W0, vectors) : await times(W0, vectors);
  const [left, right] = wide ? [vectors, divided(others, sigma)] : [divided(others, sigma), vectors];
  return { left, right, sigma, angle: 0 };
}

async function foundDirections(W0: PanelMatrix, r: number): Promise<BaseDirections | null> {
  const found = await separatedDirections(W0, r);
  if (found === null) return null;
  const { V, sigma, angle } = found;
  return { left: divided(await times(W0, V), sigma), right: V, sigma, angle };
}

/** WᵀW, or WWᵀ of a wide matrix. */
async function gram(W: PanelMatrix, wide: boolean): Promise<Matrix64> {
  if (wide) {
    const whole = await inMemory(W);
    return multiply(whole, transpose(whole));
  }
  const sum = zeros(W.cols, W.cols);
  for await (const { block } of W.panels()) {
    const part = multiply(transpose(block), block);
    for (let i = 0; i < sum.data.length; i++) sum.data[i] += part.data[i];
  }
  return sum;
}

const transposedTimes = async (W: PanelMatrix, Z: Matrix64) => multiply(transpose(await inMemory(W)), Z);

/** The r leading eigenvectors of a Gram matrix as columns, with the roots of their eigenvalues. */
function leadingVectors(G: Matrix64, r: number): { readonly vectors: Matrix64; readonly sigma: Float64Array } {
  const { values, V } = leadingEigen(G, r);
  return { vectors: V, sigma: values.map((x) => Math.sqrt(Math.max(0, x))) };
}

/** Columns divided by σ; 0 where σ is nothing beside σ₁, as the root of a rounding error is. */
const divided = (m: Matrix64, sigma: Float64Array): Matrix64 =>
  columnsTimes(
    m,
    sigma.map((x) => (x > 1e-7 * sigma[0] ? 1 / x : 0)),
  );
