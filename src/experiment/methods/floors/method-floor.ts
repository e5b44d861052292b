import { determinantSign } from '../../../math/factor/determinant.ts';
import { svd } from '../../../math/factor/svd.ts';
import {
  type AnyMatrix,
  frobenius,
  leadingColumns,
  type Matrix64,
  multiply,
  rowsOf,
  subtract,
  toFloat64,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { drain } from '../../../math/progress.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../../math/spectral/spectra.ts';
import { doraBest, hiraBest } from './best-found.ts';
import { outsideColumns, outsideRows, SPACING } from './outside.ts';

/**
 * The least ‖ΔW − ΔW*‖_F that a method can reach, in closed form, in float64. M is ΔW* (d × k), W is W₀. No training
 * gets below it; that of oft is an infimum, since the Cayley map has no rotation with the eigenvalue −1.
 */

/** √Σ_{i>r} σᵢ²(M): Eckart–Young. */
const loraRest = (M: AnyMatrix, rank: number): number => errorAtRank(singularValues(M))[rank] ?? 0;

/**
 * (R − I)W₀ with R = blockdiag of rotations of `block` rows. Orthogonal Procrustes, per block (Schönemann, Psychometrika
 * 31, 1966; with det R = 1: Umeyama, IEEE PAMI 13, 1991): for X the rows of W₀ and Y those of W₀ + M,
 * min ‖RX − Y‖² = ‖X‖² + ‖Y‖² − 2Σσᵢ(YXᵀ), the last σ with the sign of det(YXᵀ). Throws RangeError unless `block` divides d.
 */
function oftRest(M: AnyMatrix, W: AnyMatrix, block: number): number {
  if (M.rows % block !== 0) throw new RangeError(`blocks of ${block} do not fill ${M.rows} rows`);
  const goal = plus(W, M);
  const base = toFloat64(W);
  let square = 0;
  for (let first = 0; first < M.rows; first += block) {
    const [X, Y] = [rowsOf(base, first, block), rowsOf(goal, first, block)];
    const cross = multiply(Y, transpose(X));
    const sigma = singularValues(cross);
    const last = determinantSign(cross) < 0 ? -2 * sigma[block - 1] : 0;
    const both = sigma.reduce((sum, value) => sum + value, last);
    square += Math.max(0, frobenius(X) ** 2 + frobenius(Y) ** 2 - 2 * both);
  }
  return Math.sqrt(square);
}

/**
 * C⊗W₂, C d₁ × k₁: the d₁k₁ blocks of M, each as a row, are the outer product of C's entries and W₂'s, so that the
 * singular values of that matrix after the first remain (Van Loan and Pitsianis 1993). Throws RangeError unless d₁
 * divides d and k₁ divides k.
 */
const lokrRest = (M: AnyMatrix, d1: number, k1: number): number =>
  errorAtRank(singularValues(rearranged(M, d1, k1)))[1] ?? 0;

/** The blocks of M, (d/d₁) × (k/k₁), as rows. */
function rearranged(M: AnyMatrix, d1: number, k1: number): Matrix64 {
  const { rows, cols, data } = M;
  if (rows % d1 !== 0 || cols % k1 !== 0) throw new RangeError(`${d1}×${k1} blocks do not fill ${rows}×${cols}`);
  const [d2, k2] = [rows / d1, cols / k1];
  const out = zeros(d1 * k1, d2 * k2);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const block = Math.floor(i / d2) * k1 + Math.floor(j / k2);
      out.data[block * d2 * k2 + (i % d2) * k2 + (j % k2)] = data[i * cols + j];
    }
  return out;
}

/** √Σ_{∉Ω} M²: all that lies beside the trained entries, given by their places i·k + j. */
function shiraRest(M: AnyMatrix, places: ArrayLike<number>): number {
  const rest = Float64Array.from(M.data);
  for (let n = 0; n < places.length; n++) rest[places[n]] = 0;
  return frobenius({ rows: M.rows, cols: M.cols, data: rest });
}

/** The places of the n largest |entries| of a gradient, ascending; of equal ones the first. */
function largestPlaces({ data }: AnyMatrix, n: number): Int32Array {
  const order = Int32Array.from({ length: data.length }, (_, at) => at);
  order.sort((a, b) => Math.abs(data[b]) - Math.abs(data[a]) || a - b);
  return order.subarray(0, n).slice().sort();
}

/** diag(l − 1)W₀, per row ‖Mᵢ − lᵢ′Wᵢ‖ with lᵢ′ = ⟨Mᵢ, Wᵢ⟩/‖Wᵢ‖²; `in`: of columns. */
function ia3Rest(M: AnyMatrix, W: AnyMatrix, side: 'out' | 'in'): number {
  if (side === 'in') return ia3Rest(transpose(toFloat64(M)), transpose(toFloat64(W)), 'out');
  const rest = zeros(M.rows, M.cols);
  for (let i = 0; i < M.rows; i++) {
    let [along, square] = [0, 0];
    for (let at = i * M.cols; at < (i + 1) * M.cols; at++) {
      along += M.data[at] * W.data[at];
      square += W.data[at] * W.data[at];
    }
    const factor = square === 0 ? 0 : along / square;
    for (let at = i * M.cols; at < (i + 1) * M.cols; at++) rest.data[at] = M.data[at] - factor * W.data[at];
  }
  return frobenius(rest);
}

/** ‖M − U_rU_rᵀMV_rV_rᵀ‖ for the r leading singular directions of W₀. */
function loraXsRest(M: AnyMatrix, W: AnyMatrix, rank: number): number {
  const { U, V } = svd(W);
  const [left, right] = [leadingColumns(U, rank), leadingColumns(V, rank)];
  const inner = multiply(multiply(transpose(left), M), right);
  return frobenius(subtract(M, multiply(multiply(left, inner), transpose(right))));
}

function plus(a: AnyMatrix, b: AnyMatrix): Matrix64 {
  const out = zeros(a.rows, a.cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = a.data[i] + b.data[i];
  return out;
}

/** Least ‖ΔW − ΔW*‖/‖ΔW*‖ of a method. `best`: the lowest found from several starts, which training may pass. */
export interface MethodFloor {
  readonly value: number;
  readonly kind: 'exact' | 'best';
}

/** ΔW* and W₀, d × k. */
export interface FloorMatrices {
  readonly wanted: AnyMatrix;
  readonly base: AnyMatrix;
}

/** What each method is set to. */
interface FloorSettings {
  readonly lora: { readonly rank: number };
  /** A (r × k) stays as drawn. */
  readonly 'b-only': { readonly A: AnyMatrix };
  /** B (d × r) stays as drawn. */
  readonly 'a-only': { readonly B: AnyMatrix };
  readonly dora: { readonly rank: number };
  /** Rows of a block, which divide d. */
  readonly oft: { readonly block: number };
  /** C is d₁ × k₁. */
  readonly lokr: { readonly factor: readonly [d1: number, k1: number] };
  readonly hira: { readonly rank: number };
  /** The trained entries, by their places i·k + j. */
  readonly shira: { readonly places: ArrayLike<number> };
  readonly ia3: { readonly side: 'out' | 'in' };
  readonly 'lora-xs': { readonly rank: number };
  readonly full: object;
}
export type FloorMethod = keyof FloorSettings;

type Rest<M extends FloorMethod> = (
  matrices: FloorMatrices,
  settings: FloorSettings[M],
) => number | Generator<void, number>;
type Rests = { readonly [M in FloorMethod]: { readonly kind: MethodFloor['kind']; readonly rest: Rest<M> } };

/** ‖ΔW − ΔW*‖_F of each. */
const RESTS = {
  lora: { kind: 'exact', rest: ({ wanted }, { rank }) => loraRest(wanted, rank) },
  'b-only': { kind: 'exact', rest: ({ wanted }, { A }) => outsideRows(wanted, A) },
  'a-only': { kind: 'exact', rest: ({ wanted }, { B }) => outsideColumns(wanted, B) },
  dora: { kind: 'best', rest: ({ wanted, base }, { rank }) => doraBest(wanted, base, rank) },
  oft: { kind: 'exact', rest: ({ wanted, base }, { block }) => oftRest(wanted, base, block) },
  lokr: { kind: 'exact', rest: ({ wanted }, { factor }) => lokrRest(wanted, ...factor) },
  hira: { kind: 'best', rest: ({ wanted, base }, { rank }) => hiraBest(wanted, base, rank) },
  shira: { kind: 'exact', rest: ({ wanted }, { places }) => shiraRest(wanted, places) },
  ia3: { kind: 'exact', rest: ({ wanted, base }, { side }) => ia3Rest(wanted, base, side) },
  'lora-xs': { kind: 'exact', rest: ({ wanted, base }, { rank }) => loraXsRest(wanted, base, rank) },
  full: { kind: 'exact', rest: () => 0 },
} as const satisfies Rests;

/** Whether the least error of a method is only the lowest found, which takes a second, and is no floor. */
export const isFound = (method: FloorMethod): boolean => RESTS[method].kind === 'best';

/** Multiply-adds of a round of a search, but for a factor: with more it takes longer than some ten seconds. */
const MOST_SEARCHED = { dora: 262_144, hira: 1_048_576 };

/** Whether the lowest error of a method at a rank is searched for, which then takes seconds. */
export function isSearched(
  method: 'dora' | 'hira',
  { d, k, rank }: { readonly d: number; readonly k: number; readonly rank: number },
): boolean {
  // hira solves r equations a row and a column.
  return d * k * (method === 'hira' ? rank * rank : rank) <= MOST_SEARCHED[method];
}

/**
 * The own floor of a method. Below what the rounding of ΔW* and W₀ to float32 leaves it counts as 0. Throws RangeError
 * if a size does not divide d or k.
 */
export const methodFloor = <M extends FloorMethod>(
  method: M,
  matrices: FloorMatrices,
  settings: FloorSettings[M],
): MethodFloor => drain(floorInSlices(method, matrices, settings));

/** The same in slices of milliseconds, between which others get their turn. */
export function* floorInSlices<M extends FloorMethod>(
  method: M,
  matrices: FloorMatrices,
  settings: FloorSettings[M],
): Generator<void, MethodFloor> {
  const norm = frobenius(matrices.wanted);
  const { kind, rest } = RESTS[method] as Rests[M];
  const found = rest(matrices, settings);
  const value = (typeof found === 'number' ? found : yield* found) / norm;
  const rounding = (SPACING * Math.max(norm, frobenius(matrices.base))) / norm;
  return { value: value < rounding ? 0 : value, kind };
}

export { largestPlaces };
