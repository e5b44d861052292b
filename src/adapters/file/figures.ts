import { allFinite, frobenius, type Matrix64, scale, zeros } from '../../math/matrix.ts';
import { productSpectrum } from '../../math/spectral/product-svd.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import { readFactors, readMatrix, readUpdate } from './factors.ts';
import type { Adapter, ByteSource, Fault, Figures, Module, ModuleFactors, TensorEntry } from './model.ts';
import { readNumbers } from './safetensors/numbers.ts';

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

/** Figures of a pair, of B·A if `scaling` is null: QR of B and Aᵀ, then SVD of the r × r core, in float64. */
export function figuresOf({ B, A }: ModuleFactors, scaling: number | null): Figures {
  const scale = scaling ?? 1;
  // Norms of float64 can be so large that their product overflows.
  const finite = allFinite(B) && allFinite(A) && Number.isFinite(scale * frobenius(B) * frobenius(A));
  const sigma = finite ? productSpectrum(B, A, scale) : new Float64Array(0);
  return { ...ofSpectrum(sigma), untrained: isZero(B), finite };
}

export function figuresOfUpdate(matrix: Matrix64): Figures {
  const finite = allFinite(matrix);
  const sigma = finite ? singularValues(matrix) : new Float64Array(0);
  return { ...ofSpectrum(sigma), untrained: isZero(matrix), finite };
}

/** The figures of an update too large to be formed: only its Frobenius norm is known. */
function figuresOfNorm(norm: number): Figures {
  const finite = Number.isFinite(norm);
  return { ...ofSpectrum(new Float64Array(0)), frobenius: finite ? norm : 0, untrained: norm === 0, finite };
}

/** The figures of s·ΔW from those of ΔW: scale-free ones stay. */
export function scaleFigures(figures: Figures, s: number): Figures {
  const size = Math.abs(s);
  return { ...figures, sigma: figures.sigma.map((x) => size * x), frobenius: size * figures.frobenius };
}

/** s of a module; if it is unknown, figures are those of B·A. */
const scalingOf = ({ modules }: Adapter, index: number) => modules[index]?.scaling ?? 1;

/** Figures measured with one adapter's α, as they are with another's: rescaled, not measured again. */
export function rescaledFigures(figures: Figures, index: number, adapter: Adapter, measured: Adapter): Figures {
  const [s, before] = [scalingOf(adapter, index), scalingOf(measured, index)];
  return s === before ? figures : scaleFigures(figures, s / before);
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
    rank90: rankByEnergy(sigma, 0.9),
    rank95: rankByEnergy(sigma, 0.95),
    rank99: rankByEnergy(sigma, 0.99),
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

/** A whole matrix gets a spectrum if its shorter side is at most this. */
const LONGEST = 1024;

/**
 * A Hadamard product as one pair: (W1a·W1b) ⊙ (W2a·W2b) has rank r₁·r₂ at most, with the products of all pairs of
 * columns in B and of all pairs of rows in A. null with a core, and if that rank is no less than full.
 */
async function readHadamard(source: ByteSource, { tensors, d, k }: Module): Promise<ModuleFactors | null> {
  const { w1a, w1b, w2a, w2b, t1, t2 } = tensors;
  if (!w1a || !w1b || !w2a || !w2b || t1 || t2) return null;
  const [r1, r2] = [w1b.shape[0], w2b.shape[0]];
  if (r1 * r2 > Math.min(d, k, LONGEST)) return null;
  const [a1, b1, a2, b2] = await Promise.all([w1a, w1b, w2a, w2b].map((tensor) => readNumbers(source, tensor)));
  const B = zeros(d, r1 * r2);
  const A = zeros(r1 * r2, k);
  for (let p = 0; p < r1; p++) {
    for (let q = 0; q < r2; q++) {
      const at = p * r2 + q;
      for (let i = 0; i < d; i++) B.data[i * B.cols + at] = a1[i * r1 + p] * a2[i * r2 + q];
      for (let j = 0; j < k; j++) A.data[at * k + j] = b1[p * k + j] * b2[q * k + j];
    }
  }
  return { B, A };
}

/** |s|·σᵢ(W1)·σⱼ(W2), the largest first. null with a core, if a number is not finite, and if a factor is too large. */
async function readKronecker(source: ByteSource, { tensors, scaling }: Module): Promise<Float64Array | null> {
  const { w1, w1a, w1b, w2, w2a, w2b, t2 } = tensors;
  if (t2) return null;
  const left = await readSpectrum(source, w1, w1a, w1b);
  const right = await readSpectrum(source, w2, w2a, w2b);
  if (left === null || right === null) return null;
  const s = Math.abs(scaling ?? 1);
  const products = new Float64Array(left.length * right.length);
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < right.length; j++) products[i * right.length + j] = s * left[i] * right[j];
  }
  return products.sort().reverse();
}

async function readSpectrum(
  source: ByteSource,
  whole: TensorEntry | undefined,
  a: TensorEntry | undefined,
  b: TensorEntry | undefined,
): Promise<Float64Array | null> {
  const tensors = whole ? [whole] : a && b ? [a, b] : [];
  const matrices = await Promise.all(tensors.map((tensor) => readMatrix(source, tensor)));
  if (matrices.length === 0 || !matrices.every(({ data }) => data.every(Number.isFinite))) return null;
  const [first, second] = matrices;
  const length = second ? Math.max(first.cols, second.rows) : Math.min(first.rows, first.cols);
  if (length > LONGEST) return null;
  return second ? productSpectrum(first, second, 1) : singularValues(first);
}

/** Reads a module of any kind and measures it. Throws if the file cannot be read any more. */
export async function fileFigures(source: ByteSource, module: Module): Promise<Figures> {
  const { magnitude } = module.tensors;
  const magnitudes = magnitude ? Float64Array.from(await readNumbers(source, magnitude)) : null;
  return { ...(await readUpdateFigures(source, module)), magnitudes: threeOf(magnitudes) };
}

async function readUpdateFigures(source: ByteSource, module: Module): Promise<Figures> {
  const { kind, scaling } = module;
  if (kind === 'lora') return figuresOf(read(await readFactors(source, module)), scaling);
  const pair = kind === 'loha' ? await readHadamard(source, module) : null;
  if (pair) return figuresOf(pair, scaling);
  const sigma = kind === 'lokr' ? await readKronecker(source, module) : null;
  if (sigma) return { ...ofSpectrum(sigma), untrained: !(sigma[0] > 0) };
  const update = read(await readUpdate(source, module));
  const s = scaling ?? 1;
  if ('frobenius' in update) return figuresOfNorm(Math.abs(s) * update.frobenius);
  const { rows, cols, data } = update.matrix;
  if (Math.min(rows, cols) <= LONGEST) return figuresOfUpdate(scale(update.matrix, s));
  let squares = 0;
  for (const x of data) squares += x * x;
  return figuresOfNorm(Math.abs(s) * Math.sqrt(squares));
}

function read<T extends object>(found: T | Fault): T {
  if ('fault' in found) throw new Error(`${found.fault} ${found.details}`);
  return found;
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
