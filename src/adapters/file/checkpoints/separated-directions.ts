import { frobenius, leadingColumns, type Matrix64, multiply, subtract, transpose } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { leadingEigen } from '../../../math/spectral/symmetric.ts';
import { hstack } from '../pair/compare.ts';
import { columnsTimes, normalTimes, orthonormalColumns } from './panel-products.ts';
import type { PanelMatrix } from './panels.ts';
import { type LeadingDirections, restSquared } from './range-finder.ts';

/** Leading directions as a space, told apart from all others. */
export interface SeparatedDirections extends LeadingDirections {
  /** ‖sin Θ‖_F between the found right space and that of the true n leading directions is at most this; so it is on the left. */
  readonly angle: number;
}

/** Columns of a block beyond those that are asked for, and columns of all blocks of a cycle together. */
const SPARE = 10;
const TOGETHER = 400;
const CYCLES = 6;
/** ‖MᵀM·V − V·Λ‖_F/λₙ at which iterating ends, and the angle that is good enough. */
const CONVERGED = 1e-5;
const FINE = 1e-3;
/** A larger angle says too little. */
const LOOSE = 0.05;
/** Steps of Lanczos for the bound: the last tell σₙ from σₙ₊₁ if λₙ₊₁/λₙ is below about 0.995. */
const LOOKS = [12, 24, 48];

/**
 * The space of the n leading directions by a block Krylov method with restarts (Musco and Musco, NeurIPS 2015): an
 * orthonormal K spans Ω, MᵀM·Ω, (MᵀM)²·Ω, … for a seeded Gaussian Ω of n + 10 columns, and V are the n leading Ritz
 * vectors of MᵀM in K. In the basis of V and its complement MᵀM is [[Λ, Rᵀ], [R, C]]; the true leading space is V·X + V⊥·S
 * with S·Λ′ − C·S = R·X and Λ′ ≥ λₙ (Cauchy), so that ‖S‖_F ≤ ‖R‖_F/(λₙ − ‖C‖) (Davis and Kahan 1970). ‖C‖ is bounded by
 * restSquared, which fails once in 10⁶. null if σₙ and σₙ₊₁ are too close for that.
 */
export async function separatedDirections(M: PanelMatrix, n: number): Promise<SeparatedDirections | null> {
  const width = Math.min(n + SPARE, M.rows, M.cols);
  const blocks = Math.max(2, Math.min(10, Math.floor(TOGETHER / width), Math.floor(M.cols / width)));
  let found = await cycle(M, orthonormalColumns(gaussian(M.cols, width, stream(2, 'checkpoints'))), blocks, n);
  for (let times = 1; times < CYCLES && found.residual > CONVERGED * found.least; times++)
    found = await cycle(M, orthonormalColumns(found.next), blocks, n);
  const { V, values, residual, least } = found;
  if (!(least > 0)) return null;
  const rest = await restSquared(M, V, { looks: LOOKS, enough: least - residual / FINE });
  const angle = least > rest ? residual / (least - rest) : Number.POSITIVE_INFINITY;
  return angle <= LOOSE ? { sigma: values.map(Math.sqrt), V, angle } : null;
}

interface Cycle {
  readonly V: Matrix64;
  /** Ritz values of V, the largest first, and the last of them. */
  readonly values: Float64Array;
  readonly least: number;
  /** ‖MᵀM·V − V·Λ‖_F. */
  readonly residual: number;
  /** The leading Ritz vectors, as many as a block has. */
  readonly next: Matrix64;
}

async function cycle(M: PanelMatrix, first: Matrix64, blocks: number, n: number): Promise<Cycle> {
  let [K, N] = [first, (await normalTimes(M, first)).normal];
  let last = N;
  for (let block = 1; block < blocks; block++) {
    const Z = orthonormalColumns(without(K, orthonormalColumns(without(K, last))));
    last = (await normalTimes(M, Z)).normal;
    [K, N] = [hstack(K, Z), hstack(N, last)];
  }
  const { values, V: W } = leadingEigen(symmetric(multiply(transpose(K), N)), first.cols);
  const next = multiply(K, W);
  const [V, image] = [leadingColumns(next, n), leadingColumns(multiply(N, W), n)];
  const kept = values.subarray(0, n).map((x) => Math.max(0, x));
  return { V, values: kept, least: kept[n - 1], residual: frobenius(subtract(image, columnsTimes(V, kept))), next };
}

/** (1 − KKᵀ)·X, twice. */
function without(K: Matrix64, X: Matrix64): Matrix64 {
  const Kt = transpose(K);
  const once = subtract(X, multiply(K, multiply(Kt, X)));
  return subtract(once, multiply(K, multiply(Kt, once)));
}

const symmetric = (m: Matrix64): Matrix64 => {
  const turned = transpose(m);
  return { ...m, data: m.data.map((x, i) => (x + turned.data[i]) / 2) };
};
