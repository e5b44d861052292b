import { solvePositive } from '../../../math/factor/cholesky.ts';
import { thinQr } from '../../../math/factor/qr.ts';
import { svd } from '../../../math/factor/svd.ts';
import {
  type AnyMatrix,
  frobenius,
  leadingColumns,
  type Matrix64,
  multiply,
  subtract,
  toFloat64,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { dot } from '../../../math/products.ts';
import { gaussian, stream } from '../../../math/random.ts';

/**
 * dora and hira have no floor in closed form. Here is the lowest ‖ΔW − ΔW*‖_F that alternating least squares finds from
 * several starts with fixed seeds, in float64. It is no bound: training may pass it. M is ΔW* (d × k), W is W₀.
 */

const STARTS = { dora: 6, hira: 12 };
/** Rounds of each start, */
const TRIAL = 50;
/** after which the best go on. */
const FINALISTS = 3;
const MAX_ROUNDS = 500;
/** A search ends if so many rounds lower the squared error by less than this share of it, */
const PATIENCE = 20;
const SETTLED = 1e-4;
/** or if nothing but rounding is left of ‖M‖². */
const NOTHING = 1e-18;

/** One round of a search: improves its state and returns the squared error. */
type Round = () => number;

/** The lowest of all starts; between two rounds, of a millisecond or two at 64 × 64, others get their turn. */
function* lowest(M: AnyMatrix, starts: readonly Round[]): Generator<void, number> {
  const nothing = NOTHING * frobenius(M) ** 2;
  const tried: { readonly round: Round; readonly square: number }[] = [];
  for (const round of starts) {
    const square = yield* settled(round, TRIAL, nothing);
    if (square <= nothing) return Math.sqrt(square);
    tried.push({ round, square });
  }
  tried.sort((a, b) => a.square - b.square);
  let least = Number.POSITIVE_INFINITY;
  for (const { round } of tried.slice(0, FINALISTS))
    least = Math.min(least, yield* settled(round, MAX_ROUNDS, nothing));
  return Math.sqrt(least);
}

function* settled(round: Round, most: number, nothing: number): Generator<void, number> {
  let before = Number.POSITIVE_INFINITY;
  let square = round();
  for (let n = 1; n < most && square > nothing; n++) {
    square = round();
    yield;
    if (n % PATIENCE > 0) continue;
    if (before - square < SETTLED * square) break;
    before = square;
  }
  return square;
}

/** The r leading right singular directions of M as rows, r × k. */
const leadingRowsOf = (M: AnyMatrix, rank: number): Matrix64 => transpose(leadingColumns(svd(M).V, rank));

/** Row spaces to begin with, r × k: the leading one of M, and random ones. */
const startsOf = (M: AnyMatrix, rank: number, count: number): readonly Matrix64[] =>
  Array.from({ length: count }, (_, n) =>
    n === 0 ? leadingRowsOf(M, rank) : gaussian(rank, M.cols, stream(n, 'best found')),
  );

/**
 * diag(c)W₀ + L with rank L ≤ r: all that dora reaches, up to rows with c = −1. A round takes the best c and column
 * factor of L for its row space Q, row by row, and then the row space anew, as a step of subspace iteration on the rest:
 * both lower the error or leave it.
 */
export function doraBest(M: AnyMatrix, W: AnyMatrix, rank: number): Generator<void, number> {
  const [goal, base] = [toFloat64(M), toFloat64(W)];
  return lowest(
    M,
    startsOf(goal, rank, STARTS.dora).map((start) => doraRound(goal, base, start)),
  );
}

function doraRound(M: Matrix64, W: Matrix64, start: Matrix64): Round {
  let Q = orthonormalRows(start);
  return () => {
    const [m, w] = [outside(M, Q), outside(W, Q)];
    const rest = zeros(M.rows, M.cols);
    let square = 0;
    for (let i = 0; i < M.rows; i++) {
      const at = i * M.cols;
      const [along, size] = [cross(m.data, w.data, at, M.cols), dot(w.data, at, at, M.cols)];
      // A row of W₀ inside the row space of L needs no factor of its own.
      const c = size > 1e-14 * dot(W.data, at, at, M.cols) ? along / size : 0;
      for (let j = at; j < at + M.cols; j++) {
        square += (m.data[j] - c * w.data[j]) ** 2;
        rest.data[j] = M.data[j] - c * W.data[j];
      }
    }
    const B = multiply(rest, transpose(Q));
    Q = orthonormalRows(multiply(transpose(B), rest));
    return square;
  };
}

const orthonormalRows = (m: Matrix64): Matrix64 => transpose(thinQr(transpose(m)).Q);

/** M − MQᵀQ for orthonormal rows Q. */
const outside = (M: Matrix64, Q: Matrix64): Matrix64 => subtract(M, multiply(multiply(M, transpose(Q)), Q));

/** Σ x[at + i]·y[at + i] for i < n */
function cross(x: Float64Array, y: Float64Array, at: number, n: number): number {
  let sum = 0;
  for (let i = at; i < at + n; i++) sum += x[i] * y[i];
  return sum;
}

/**
 * W₀∘(BA), rank r: weighted low-rank approximation of M/W₀ with weights W₀² (Srebro and Jaakkola, ICML 2003), in turns
 * of B, a least-squares problem a row, and A, one a column. The first start is the rank-r part of M, the others random.
 */
export function hiraBest(M: AnyMatrix, W: AnyMatrix, rank: number): Generator<void, number> {
  const rows = weighted(toFloat64(M), toFloat64(W));
  const columns = weighted(transpose(toFloat64(M)), transpose(toFloat64(W)));
  return lowest(
    M,
    startsOf(M, rank, STARTS.hira).map((start) => hiraRound(rows, columns, start)),
  );
}

function hiraRound(rows: Weighted, columns: Weighted, start: Matrix64): Round {
  let A = start;
  return () => {
    const B = solvedRows(rows, A);
    A = transpose(solvedRows(columns, transpose(B)));
    return squareOf(rows, B, A);
  };
}

interface Weighted {
  readonly goal: Matrix64;
  readonly weights: Matrix64;
  /** W∘W */
  readonly squares: Matrix64;
  /** W∘M */
  readonly right: Matrix64;
}

function weighted(goal: Matrix64, weights: Matrix64): Weighted {
  const [squares, right] = [zeros(goal.rows, goal.cols), zeros(goal.rows, goal.cols)];
  for (let i = 0; i < goal.data.length; i++) {
    squares.data[i] = weights.data[i] ** 2;
    right.data[i] = weights.data[i] * goal.data[i];
  }
  return { goal, weights, squares, right };
}

/** Keeps the equations positive definite where W₀ has zeros: far below what it moves. */
const RIDGE = 1e-12;

/** The F (d × r) of min ‖M − W∘(FA)‖² for A (r × k): in row i, Σⱼ Wᵢⱼ²aⱼaⱼᵀ·fᵢ = Σⱼ WᵢⱼMᵢⱼaⱼ. */
function solvedRows({ squares, right }: Weighted, A: Matrix64): Matrix64 {
  const r = A.rows;
  const factor = zeros(squares.rows, r);
  const [normals, rights] = [multiply(squares, pairsOf(A)), multiply(right, transpose(A))];
  const normal = zeros(r, r);
  for (let i = 0; i < factor.rows; i++) {
    let trace = 0;
    for (let p = 0, at = i * normals.cols; p < r; p++) {
      for (let q = 0; q <= p; q++, at++) normal.data[p * r + q] = normals.data[at];
      trace += normal.data[p * (r + 1)];
    }
    // A row of zeros of W₀ leaves nothing to choose.
    if (!(trace > 0)) continue;
    for (let p = 0; p < r; p++) normal.data[p * (r + 1)] += RIDGE * trace;
    factor.data.set(
      solvePositive(normal, { rows: r, cols: 1, data: rights.data.subarray(i * r, i * r + r) }).data,
      i * r,
    );
  }
  return factor;
}

/** A_pj·A_qj for q ≤ p, a row for each j. */
function pairsOf(A: Matrix64): Matrix64 {
  const [r, k] = [A.rows, A.cols];
  const pairs = zeros(k, (r * (r + 1)) / 2);
  for (let j = 0, at = 0; j < k; j++)
    for (let p = 0; p < r; p++)
      for (let q = 0; q <= p; q++, at++) pairs.data[at] = A.data[p * k + j] * A.data[q * k + j];
  return pairs;
}

/** ‖M − W∘(BA)‖² */
function squareOf({ goal, weights }: Weighted, B: Matrix64, A: Matrix64): number {
  const product = multiply(B, A).data;
  let square = 0;
  for (let i = 0; i < product.length; i++) square += (goal.data[i] - weights.data[i] * product[i]) ** 2;
  return square;
}
