import { leadingColumns, type Matrix64, multiply, transpose, zeros } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { symmetricValues } from '../../../math/spectral/symmetric.ts';
import { normalTimes, orthonormalColumns, smallSvd } from './panel-products.ts';
import type { PanelMatrix } from './panels.ts';

/** Leading directions of a large matrix: M·vᵢ has the length σᵢ, and all M·vᵢ are orthogonal. */
export interface LeadingDirections {
  /** The largest first: never above the true σᵢ (Cauchy's interlacing). */
  readonly sigma: Float64Array;
  /** cols × n, orthonormal. */
  readonly V: Matrix64;
}

/** Directions beyond those that are asked for; they make these more exact. */
const SPARE = 10;
/** Passes with MᵀM: the last measures. */
const ROUNDS = 3;

interface Iterated extends LeadingDirections {
  /** ‖MᵀM·vᵢ − σᵢ²·vᵢ‖: 0 if vᵢ is exact. */
  readonly residuals: Float64Array;
}

/**
 * The n leading directions by a randomised range finder with power iterations (Halko, Martinsson and Tropp, SIAM Review
 * 53, 2011, algorithm 4.4): an orthonormal Z of n + 10 columns spans (MᵀM)ʳ·Ω for a seeded Gaussian Ω, made orthonormal
 * after each round, and σ, v are those of M·Z. All of M is read once per round. Exact if the rank is at most n + 10.
 */
async function iterate(M: PanelMatrix, n: number, rounds: number): Promise<Iterated> {
  const width = Math.min(n + SPARE, M.rows, M.cols);
  let Z = orthonormalColumns(gaussian(M.cols, width, stream(0, 'checkpoints')));
  for (let round = 1; round < rounds; round++) Z = orthonormalColumns((await normalTimes(M, Z)).normal);
  return measured(M, Z);
}

async function measured(M: PanelMatrix, Z: Matrix64): Promise<Iterated> {
  const { normal, R } = await normalTimes(M, Z);
  const { S, V: W } = smallSvd(R);
  const [V, GW] = [multiply(Z, W), multiply(normal, W)];
  const squares = new Float64Array(S.length);
  for (let i = 0; i < M.cols; i++) {
    for (let j = 0; j < S.length; j++) {
      const at = i * S.length + j;
      squares[j] += (GW.data[at] - S[j] * S[j] * V.data[at]) ** 2;
    }
  }
  return { sigma: S, V, residuals: squares.map(Math.sqrt) };
}

const leading = ({ sigma, V }: LeadingDirections, n: number): LeadingDirections => {
  const count = Math.min(n, sigma.length);
  return { sigma: sigma.slice(0, count), V: leadingColumns(V, count) };
};

/** The n leading directions; the same bits for the same matrix, n and rounds. */
export const findDirections = async (M: PanelMatrix, n: number, rounds = ROUNDS): Promise<LeadingDirections> =>
  leading(await iterate(M, n, rounds), n);

/** Rounds after which an exact cut is taken as it is. */
const MOST_ROUNDS = 24;
/** Share of ‖M‖² by which the kept energy may lie below the best possible. */
const LOSS = 1e-10;

/** The n leading directions, iterated until they keep as much of ‖M‖² as the n largest σ of the known spectrum. */
export async function convergedDirections(
  M: PanelMatrix,
  n: number,
  spectrum: Float64Array,
): Promise<LeadingDirections> {
  const energy = (values: Float64Array) => values.reduce((sum, x) => sum + x * x, 0);
  const [goal, allowed] = [energy(spectrum.subarray(0, n)), LOSS * energy(spectrum)];
  let { Z, found } = { Z: zeros(0, 0), found: await iterate(M, n, 1) };
  for (let round = 1; round < MOST_ROUNDS; round++) {
    if (energy(found.sigma.subarray(0, n)) >= goal - allowed) break;
    Z = orthonormalColumns((await normalTimes(M, found.V)).normal);
    found = await measured(M, Z);
  }
  return leading(found, n);
}

/** Bounds of what the finder did not see, measured after it. They hold with probability 1 − 10⁻⁶. */
export interface SpectrumBounds {
  /** The true σᵢ lies between the found one and this. */
  readonly upper: Float64Array;
  /** ‖M − M·Z·Zᵀ‖₂ is at most this: no σ beyond the found ones is larger. */
  readonly rest: number;
}

export interface BoundedDirections extends LeadingDirections {
  readonly bounds: SpectrumBounds;
}

/** The n leading directions with bounds: six more passes with a few vectors. */
export async function boundedDirections(M: PanelMatrix, n: number): Promise<BoundedDirections> {
  const found = await iterate(M, n, ROUNDS);
  const rest = await restSquared(M, found.V);
  return { ...leading(found, n), bounds: { upper: upperBounds(found, rest).slice(0, n), rest: Math.sqrt(rest) } };
}

/** Runs of Lanczos side by side, since reading a large matrix takes longer than a product with a few vectors. */
const RUNS = 8;
const STEPS = 6;
const FAILURE = 1e-6;

interface RestSteps {
  /** After so many steps of Lanczos the bound is looked at, and after the last one taken. */
  readonly looks?: readonly number[];
  /** A bound that is small enough: no further step is made. */
  readonly enough?: number;
}

/**
 * An upper bound of ‖M − M·Z·Zᵀ‖₂², Z orthonormal: the largest eigenvalue of P·MᵀM·P, P = 1 − ZZᵀ. After k steps of
 * Lanczos from a random vector θ is too small by more than a share ε with a probability of at most
 * 1.648·√N·exp(−√ε·(2k − 1)) (Kuczyński and Woźniakowski, SIAM J. Matrix Anal. 13, 1992, theorem 4.2). The largest θ of
 * eight independent runs is so with the eighth power of it, which is FAILURE, in equal parts for each look at it.
 */
export async function restSquared(
  M: PanelMatrix,
  Z: Matrix64,
  { looks = [STEPS], enough = 0 }: RestSteps = {},
): Promise<number> {
  const { cols } = M;
  const source = stream(1, 'checkpoints');
  const Zt = transpose(Z);
  const runs = Array.from({ length: RUNS }, () => {
    const x = Float64Array.from({ length: cols }, () => source.normal());
    project(x, Zt, []);
    return { x, going: normalise(x) > 0, basis: [] as Float64Array[], d: [] as number[], e: [] as number[] };
  });
  const bound = (steps: number) => {
    const largest = Math.max(0, ...runs.map(({ d, e }) => largestRitz(d, e)));
    const failure = (FAILURE / looks.length) ** (1 / RUNS);
    const epsilon = (Math.log((1.648 * Math.sqrt(cols)) / failure) / (2 * steps - 1)) ** 2;
    return largest / (1 - Math.min(0.9, epsilon));
  };
  const most = Math.max(...looks);
  for (let step = 0; step < most && runs.some(({ going }) => going); step++) {
    const X = zeros(cols, RUNS);
    for (const [r, { x }] of runs.entries()) for (let i = 0; i < cols; i++) X.data[i * RUNS + r] = x[i];
    const { normal } = await normalTimes(M, X);
    for (const [r, run] of runs.entries()) {
      if (!run.going) continue;
      const y = Float64Array.from({ length: cols }, (_, i) => normal.data[i * RUNS + r]);
      run.basis.push(run.x);
      run.d.push(scalar(run.x, y));
      project(y, Zt, run.basis);
      const norm = normalise(y);
      run.x = y;
      // Below this the space is invariant: rounding alone is left.
      run.going = norm > 1e-13 * Math.max(...run.d);
      run.e.push(norm);
    }
    if (looks.includes(step + 1) && bound(step + 1) <= enough) return bound(step + 1);
  }
  return bound(most);
}

/** The largest eigenvalue of a symmetric tridiagonal matrix. */
function largestRitz(d: readonly number[], e: readonly number[]): number {
  const n = d.length;
  if (n === 0) return 0;
  const T = zeros(n, n);
  for (let i = 0; i < n; i++) {
    T.data[i * n + i] = d[i];
    if (i + 1 === n) break;
    T.data[i * n + i + 1] = e[i];
    T.data[(i + 1) * n + i] = e[i];
  }
  return Math.max(...symmetricValues(T));
}

/** Makes x orthogonal to the rows of Zt and to the basis, twice. */
function project(x: Float64Array, { rows, cols, data }: Matrix64, basis: readonly Float64Array[]): void {
  const all = [...Array.from({ length: rows }, (_, i) => data.subarray(i * cols, (i + 1) * cols)), ...basis];
  for (let pass = 0; pass < 2; pass++) {
    for (const row of all) {
      const share = scalar(x, row);
      for (let i = 0; i < cols; i++) x[i] -= share * row[i];
    }
  }
}

function scalar(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

function normalise(x: Float64Array): number {
  const norm = Math.sqrt(scalar(x, x));
  if (norm > 0) for (let i = 0; i < x.length; i++) x[i] /= norm;
  return norm;
}

/**
 * Upper bounds of σᵢ. With λ = σ² and the rest e², λᵢ(MᵀM) ≤ λ̃ᵢ + e² (Weyl). Split after p ≥ i directions, MᵀM is
 * [[Λ̃ₚ, Rᵀ], [R, A]] with ‖R‖² ≤ Σ_{j≤p} ρⱼ² and ‖A‖ ≤ λ̃ₚ₊₁ + e²; if η = λ̃ᵢ − ‖A‖ > 0, then λᵢ ≤ λ̃ᵢ + 2‖R‖²/(η + √(η² +
 * 4‖R‖²)) (Li and Li, Linear Algebra Appl. 395, 2005). The smallest of all these is taken.
 */
function upperBounds({ sigma, residuals }: Iterated, rest: number): Float64Array {
  const squares = sigma.map((x) => x * x);
  const R = new Float64Array(sigma.length);
  let sum = 0;
  for (let p = 0; p < sigma.length; p++) {
    sum += residuals[p] * residuals[p];
    R[p] = sum;
  }
  return sigma.map((_, i) => {
    let added = rest;
    for (let p = i; p < sigma.length; p++) {
      const eta = squares[i] - (p + 1 < sigma.length ? squares[p + 1] : 0) - rest;
      if (eta > 0) added = Math.min(added, (2 * R[p]) / (eta + Math.sqrt(eta * eta + 4 * R[p])));
    }
    return Math.sqrt(squares[i] + added);
  });
}
