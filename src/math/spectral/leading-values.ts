import { denseLoops, type VectorTimes } from '../dense/loops.ts';
import { thinQr } from '../factor/qr.ts';
import { fixSigns, type Svd, svd } from '../factor/svd.ts';
import {
  type AnyMatrix,
  leadingColumns,
  type Matrix32,
  type Matrix64,
  maxAbs,
  multiply,
  rowsOf,
  transpose,
  zeros,
} from '../matrix.ts';
import { dot, multiplyInto } from '../products.ts';
import type { OnProgress } from '../progress.ts';
import { gaussian, stream } from '../random.ts';
import { bidiagonalValues } from './bidiagonal.ts';

/** M·v in float64. Eight rows at a time, so that v is read once for all of them. */
export function matrixTimesVector({ rows, cols, data }: Matrix32, v: Float64Array): Float64Array {
  const out = new Float64Array(rows);
  let i = 0;
  for (; i + 7 < rows; i += 8) {
    const a = i * cols;
    const b = a + cols;
    const c = b + cols;
    const d = c + cols;
    const e = d + cols;
    const f = e + cols;
    const g = f + cols;
    const h = g + cols;
    let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let j = 0; j < cols; j++) {
      const x = v[j];
      s0 += data[a + j] * x;
      s1 += data[b + j] * x;
      s2 += data[c + j] * x;
      s3 += data[d + j] * x;
      s4 += data[e + j] * x;
      s5 += data[f + j] * x;
      s6 += data[g + j] * x;
      s7 += data[h + j] * x;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
    out[i + 4] = s4;
    out[i + 5] = s5;
    out[i + 6] = s6;
    out[i + 7] = s7;
  }
  for (; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += data[i * cols + j] * v[j];
    out[i] = sum;
  }
  return out;
}

/** Mᵀ·u in float64. Eight rows at a time, so that the sums are read and written once for all of them. */
export function transposeTimesVector({ rows, cols, data }: Matrix32, u: Float64Array): Float64Array {
  const out = new Float64Array(cols);
  let i = 0;
  for (; i + 7 < rows; i += 8) {
    const a = i * cols;
    const b = a + cols;
    const c = b + cols;
    const d = c + cols;
    const e = d + cols;
    const f = e + cols;
    const g = f + cols;
    const h = g + cols;
    const u0 = u[i];
    const u1 = u[i + 1];
    const u2 = u[i + 2];
    const u3 = u[i + 3];
    const u4 = u[i + 4];
    const u5 = u[i + 5];
    const u6 = u[i + 6];
    const u7 = u[i + 7];
    for (let j = 0; j < cols; j++) {
      const upper = u0 * data[a + j] + u1 * data[b + j] + (u2 * data[c + j] + u3 * data[d + j]);
      const lower = u4 * data[e + j] + u5 * data[f + j] + (u6 * data[g + j] + u7 * data[h + j]);
      out[j] += upper + lower;
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j] += u[i] * data[i * cols + j];
  }
  return out;
}

/** A matrix from which its many products with vectors are worth a copy. */
const MANY = 65536;

function vectorTimes(M: Matrix32): VectorTimes {
  const loops = M.data.length < MANY ? null : denseLoops(M.data.length);
  const plain = {
    times: (v: Float64Array) => matrixTimesVector(M, v),
    transposeTimes: (u: Float64Array) => transposeTimesVector(M, u),
  };
  return loops?.timesVectors(M) ?? plain;
}

/** A new direction shorter than this share of the largest entry of B so far is rounding error. */
const NOTHING = 1e-13;

/** M·V = U·B after some steps, with B upper bidiagonal: diagonal d, superdiagonal e. */
export interface GolubKahan {
  /** One entry per step. The last of e leads out of the space: Mᵀ·U = V·Bᵀ + e_k·v_{k+1}·(last unit vector)ᵀ. */
  readonly d: readonly number[];
  readonly e: readonly number[];
  /** Orthonormal columns one after another, one per step: `left` entries each in U, `right` in V. */
  readonly U: Float64Array;
  readonly V: Float64Array;
  readonly left: number;
  readonly right: number;
  /** One more step; false if everything non-zero has been found, or after `max` steps. */
  readonly step: () => boolean;
}

/**
 * Bidiagonalisation of M, or of Mᵀ if M has fewer rows than columns, by Golub, Kahan and Lanczos with full
 * reorthogonalisation, up to `max` steps (Golub and Van Loan, section 10.4). The start is fixed. If the vectors span an
 * invariant space, a fresh one begins, so that multiple values are found again.
 */
export function golubKahan(M: Matrix32, max: number): GolubKahan {
  const tall = M.rows >= M.cols;
  const [left, right] = tall ? [M.rows, M.cols] : [M.cols, M.rows];
  const { times, transposeTimes } = vectorTimes(M);
  const forth = tall ? times : transposeTimes;
  const back = tall ? transposeTimes : times;
  const U = new Float64Array(left * max);
  const V = new Float64Array(right * max);
  const d: number[] = [];
  const e: number[] = [];
  const source = stream(0, 'lanczos');
  let largest = 0;
  let fresh = true;

  /** A random direction orthogonal to the first `count` columns. */
  function anew(basis: Float64Array, n: number, count: number): Float64Array {
    const x = Float64Array.from({ length: n }, () => source.normal());
    direction(x, basis, count);
    return x;
  }

  let v = anew(V, right, 0);
  function step(): boolean {
    const k = d.length;
    if (k === Math.min(max, right)) return false;
    let u = forth(v);
    if (k > 0) subtract(u, e[k - 1], U, (k - 1) * left);
    let length = direction(u, U, k);
    if (length <= NOTHING * largest) {
      // M maps a random direction to zero: the rest is zero too.
      if (fresh) return false;
      u = anew(U, left, k);
      length = 0;
    }
    U.set(u, k * left);
    V.set(v, k * right);
    d.push(length);
    largest = Math.max(largest, length);

    v = back(u);
    subtract(v, length, V, k * right);
    const out = direction(v, V, k + 1);
    fresh = out <= NOTHING * largest;
    e.push(fresh ? 0 : out);
    largest = Math.max(largest, out);
    if (fresh && k + 1 < right) v = anew(V, right, k + 1);
    return true;
  }

  return { d, e, U, V, left, right, step };
}

/** x −= share·column, the column beginning at `start`. */
function subtract(x: Float64Array, share: number, columns: Float64Array, start: number): void {
  for (let i = 0; i < x.length; i++) x[i] -= share * columns[start + i];
}

/** Makes x orthogonal to the first `count` columns and of length 1, unless it is zero; returns its length before. */
function direction(x: Float64Array, columns: Float64Array, count: number): number {
  const before = norm(x);
  orthogonalise(x, columns, count);
  let length = norm(x);
  // If most of a vector cancels, the rest must be made orthogonal again; twice is enough.
  if (length < 0.7 * before) {
    orthogonalise(x, columns, count);
    length = norm(x);
  }
  if (length > 0) for (let i = 0; i < x.length; i++) x[i] /= length;
  return length;
}

const norm = (x: Float64Array) => Math.sqrt(dot(x, 0, 0, x.length));

/** x −= Q·Qᵀx for the first `count` columns of Q, four at a time. */
function orthogonalise(x: Float64Array, Q: Float64Array, count: number): void {
  const n = x.length;
  let j = 0;
  for (; j + 3 < count; j += 4) {
    const a = j * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const xi = x[i];
      s0 += Q[a + i] * xi;
      s1 += Q[b + i] * xi;
      s2 += Q[c + i] * xi;
      s3 += Q[d + i] * xi;
    }
    for (let i = 0; i < n; i++) x[i] -= s0 * Q[a + i] + s1 * Q[b + i] + s2 * Q[c + i] + s3 * Q[d + i];
  }
  for (; j < count; j++) {
    let s = 0;
    for (let i = 0; i < n; i++) s += Q[j * n + i] * x[i];
    subtract(x, s, Q, j * n);
  }
}

/** Steps between two looks at the values. */
const CHECK = 16;
/** The work ends after this many steps per wanted value. */
const MOST = 4;
/** The share of the time that the steps take; the rest goes into the residual. */
const LANCZOS = 0.9;
/** Values count as settled if no more than this share of σ₁ is open: less than float32 entries leave open. */
const SETTLED = 1e-7;
/** The part of a settled value that float64 leaves open. */
const ROUNDING = 1e-13;

export interface LeadingValues {
  /** The largest first. None is above the true value of its index, beyond rounding. */
  readonly values: Float64Array;
  /**
   * Open part as a share of σ₁. The larger of the residual max ‖Mᵀu_i − σ_i·v_i‖ (M has a singular value within it of
   * each σ_i) and of the change of a value in the last quarter of the steps; 10⁻⁷ if both are below that.
   */
  readonly error: number;
  /**
   * By how much each value may be too low, as a share of σ₁: its change in the second half of the steps, or since the
   * last check if all have settled. The first values settle long before the last ones.
   */
  readonly open: Float64Array;
}

/**
 * The leading `count` singular values of a matrix of any size by Golub–Kahan–Lanczos, 4·count steps at most, each of
 * 2·rows·cols multiply-adds. All of them if the matrix has no more. Throws RangeError on entries that are not finite.
 */
export function leadingValues(m: Matrix32, count: number, progress?: OnProgress): LeadingValues {
  if (!(maxAbs(m) < Infinity)) throw new RangeError('the matrix has an entry that is not a finite number');
  const size = Math.min(m.rows, m.cols);
  const wanted = Math.min(count, size);
  const max = MOST * wanted;
  const found = golubKahan(m, max);
  const quarter = Math.ceil(max / 4 / CHECK);
  const looks: Float64Array[] = [];
  let reported = 0;
  const report = (fraction: number) => {
    reported = Math.max(reported, fraction);
    progress?.(reported);
  };
  for (;;) {
    const ended = !steps(found, CHECK, (done) => report((LANCZOS * done) / max));
    const k = found.d.length;
    const complete = k === size || (ended && k < max);
    const over = complete || k === max;
    if (k < wanted && !over) continue;
    const values = valuesOf(found, wanted);
    const limit = SETTLED * (values[0] > 0 ? values[0] : 1);
    looks.push(values);
    const moved = (looksAgo: number) => furthest(values, looks[Math.max(0, looks.length - 1 - looksAgo)]);
    const still = looks.length > 1 && moved(1) <= limit;
    if (!still && !over) continue;
    const residual = residualOf(found, wanted, (fraction) => report((LANCZOS * k) / max + (1 - LANCZOS) * fraction));
    const settled = complete || (still && residual <= limit);
    if (!settled && !over) continue;
    report(1);
    // Nothing is open of a whole matrix; of a settled one, at most the last change; else that of half the work.
    const ago = complete ? 0 : settled ? 1 : 2 * quarter;
    const before = looks[Math.max(0, looks.length - 1 - ago)];
    const open = values.map((value, i) => Math.max(ROUNDING, (SETTLED * (value - before[i])) / limit));
    return { values, error: settled ? SETTLED : (SETTLED * Math.max(residual, moved(quarter))) / limit, open };
  }
}

/** Up to n more steps; false if the whole matrix has been found. */
function steps(found: GolubKahan, n: number, report: (done: number) => void): boolean {
  for (let i = 0; i < n; i++) {
    if (!found.step()) return false;
    report(found.d.length);
  }
  return true;
}

function valuesOf({ d, e }: GolubKahan, wanted: number): Float64Array {
  const values = new Float64Array(wanted);
  values.set(bidiagonalValues({ d: Float64Array.from(d), e: Float64Array.from(e) }).subarray(0, wanted));
  return values;
}

/** max ‖Mᵀu_i − σ_i·v_i‖ over the wanted triplets; M·v_i = σ_i·u_i holds exactly. */
function residualOf(found: GolubKahan, wanted: number, progress: OnProgress): number {
  const k = found.d.length;
  if (k === 0 || found.e[k - 1] === 0) return 0;
  return openPart(found, svd(stepsMatrix(found), progress).U, wanted);
}

/** B of the steps so far. */
export function stepsMatrix({ d, e }: GolubKahan): Matrix64 {
  const k = d.length;
  const B = zeros(k, k);
  for (let i = 0; i < k; i++) {
    B.data[i * k + i] = d[i];
    if (i + 1 < k) B.data[i * k + i + 1] = e[i];
  }
  return B;
}

/** max e_k·|x_i| over the first `wanted` left vectors of B, the columns of U, x_i their last entries. */
export function openPart({ e }: GolubKahan, { rows: k, data }: Matrix64, wanted: number): number {
  let largest = 0;
  for (let i = 0; i < Math.min(k, wanted); i++) largest = Math.max(largest, Math.abs(data[(k - 1) * k + i]));
  return e[k - 1] * largest;
}

function furthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);
}

/** Limits of wanted directions, spare ones for accuracy, and rounds. Part of link version 1. */
const MOST_TRIPLETS = 64;
const SPARE = 8;
const ROUNDS = 3;
/** Rows in float64 at a time. */
const BLOCK = 128;

/**
 * The n ≤ 64 leading singular triplets of a large matrix by subspace iteration of fixed length (Halko, Martinsson and
 * Tropp 2011, algorithm 4.4: 72 directions, three rounds), so that the bits depend on the matrix alone. Exact if the
 * rank is at most 72; if values lie close together the directions are some orthonormal ones among theirs. Throws
 * RangeError for n above 64 or below 1.
 */
export function leadingTriplets(m: AnyMatrix, n: number, progress?: OnProgress): Svd {
  if (!(n >= 1 && n <= MOST_TRIPLETS))
    throw new RangeError(`${n} leading directions asked for; the limit is ${MOST_TRIPLETS}`);
  const width = Math.min(MOST_TRIPLETS + SPARE, m.rows, m.cols);
  let right = thinQr(gaussian(m.cols, width, stream(0, 'subspace'))).Q;
  for (let round = 0; round < ROUNDS; round++) {
    const left = thinQr(timesByBlocks(m, right)).Q;
    progress?.((round + 0.5) / (ROUNDS + 0.5));
    right = thinQr(transposedTimes(m, left)).Q;
    progress?.((round + 1) / (ROUNDS + 0.5));
  }
  // M ≈ (M·Q)·Qᵀ = U·S·(Q·V)ᵀ.
  const { U, S, V } = svd(timesByBlocks(m, right));
  const found = { U: leadingColumns(U, n), S: S.slice(0, n), V: multiply(right, leadingColumns(V, n)) };
  fixSigns(found.U, found.V);
  progress?.(1);
  return found;
}

/** m·x, block by block of rows, since m in float64 may be too large. */
function timesByBlocks(m: AnyMatrix, x: Matrix64): Matrix64 {
  const out = zeros(m.rows, x.cols);
  for (let first = 0; first < m.rows; first += BLOCK) {
    const block = rows64(m, first, Math.min(BLOCK, m.rows - first));
    const into = out.data.subarray(first * x.cols);
    multiplyInto(block.data, x.data, into, block.rows, m.cols, x.cols);
  }
  return out;
}

/** mᵀ·y. */
function transposedTimes(m: AnyMatrix, y: Matrix64): Matrix64 {
  const out = zeros(y.cols, m.cols);
  for (let first = 0; first < m.rows; first += BLOCK) {
    const count = Math.min(BLOCK, m.rows - first);
    const block = rows64(m, first, count);
    multiplyInto(transpose(rowsOf(y, first, count)).data, block.data, out.data, y.cols, count, m.cols);
  }
  return transpose(out);
}

function rows64({ cols, data }: AnyMatrix, first: number, count: number): Matrix64 {
  return { rows: count, cols, data: Float64Array.from(data.subarray(first * cols, (first + count) * cols)) };
}
