/**
 * The exact gradient flow of A and B from B₀ = 0 if A₀·A₀ᵀ = c·I. With Z = [Aᵀ; B] and F = s[[0, ΔW*ᵀ], [ΔW*, 0]] +
 * (s²c/2)·diag(I, −I) the flow is Ż = F·Z − (s²/2)·Z·ZᵀZ, since A·Aᵀ − Bᵀ·B = c·I is kept. Hence, up to a rotation of the r
 * columns, Z(t + Δ) = e^{FΔ}·Z(t)·L⁻ᵀ with N = L·Lᵀ = I + s²·Zᵀ(∫₀^Δ e^{2Fτ}dτ)Z. F falls apart into blocks
 * [[h, g], [g, −h]], one for each direction of ΔW*: g = s·σᵢ, h = s²c/2, with eigenvalues ±ω, ω = √(g² + h²).
 * A ratio λ is the same flow of A and B/√λ at s·√λ.
 */
import { ARRIVED, type PredictedCourse, sampledSteps } from './course.ts';

export interface FlowRun {
  /** All min(d, k) singular values of ΔW*, and ‖ΔW*‖_F. */
  readonly values: ArrayLike<number>;
  readonly norm: number;
  readonly rank: number;
  /** A₀·V, r × n row by row: the rows of A₀ in the right singular vectors of ΔW*. */
  readonly along: ArrayLike<number>;
  /** A₀·A₀ᵀ, r × r. If it is not c·I, c is its mean diagonal entry, and the flow an approximation. */
  readonly gram: ArrayLike<number>;
  readonly scaling: number;
  readonly rate: number;
  readonly ratio: number;
  readonly steps: number;
}

/** Larger pieces of time would make N singular in float64. */
const LONGEST = 6;
const MOST_POINTS = 400;
const LEAST_POINTS = 60;
/** Multiply-adds of a course that nobody waits for. */
const WORK = 4e8;

/** Points that a course of this size can have; null: too few to be worth a curve. */
export function flowPoints(n: number, rank: number): number | null {
  const points = Math.floor(WORK / (8 * n * rank * rank));
  return points < LEAST_POINTS ? null : Math.min(MOST_POINTS, points);
}

interface FlowState {
  /** n × r: A's and B's part along each direction. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** r × r: Σ xxᵀ over the directions of A outside those of ΔW*. */
  readonly rest: Float64Array;
}

export function flowCourse(run: FlowRun, points = MOST_POINTS): PredictedCourse {
  const { values, norm, rank: r } = run;
  const n = values.length;
  const s = run.scaling * Math.sqrt(run.ratio);
  const state = startOf(run);
  let trace = 0;
  for (let p = 0; p < r; p++) trace += run.gram[p * (r + 1)];
  const h = (s * s * trace) / (2 * r);
  const fastest = Math.sqrt(s * s * values[0] * values[0] + h * h);
  const steps = sampledSteps(run.steps, points);
  const directions = Array.from({ length: n }, () => new Float64Array(steps.length));
  const error = new Float64Array(steps.length);
  for (const [at, step] of steps.entries()) {
    const time = at === 0 ? 0 : (step - steps[at - 1]) * run.rate;
    const pieces = Math.ceil((fastest * time) / LONGEST);
    for (let i = 0; i < pieces; i++) advance(state, values, r, s, h, time / pieces);
    let overlap = 0;
    let total = 0;
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let p = 0; p < r; p++) product += state.x[i * r + p] * state.y[i * r + p];
      directions[i][at] = s * product;
      overlap += s * product * values[i];
      total += values[i] * values[i];
    }
    const square = total - 2 * overlap + s * s * sizeOf(state, n, r);
    error[at] = Math.sqrt(Math.max(0, square)) / norm;
  }
  const arrivals = directions.map((sizes, i) => arrivalOf(steps, sizes, ARRIVED * values[i]));
  return { steps, directions, error, arrivals };
}

function startOf({ values, rank: r, along, gram }: FlowRun): FlowState {
  const n = values.length;
  const x = new Float64Array(n * r);
  const rest = Float64Array.from(gram);
  for (let i = 0; i < n; i++) for (let p = 0; p < r; p++) x[i * r + p] = along[p * n + i];
  for (let p = 0; p < r; p++) {
    for (let q = 0; q < r; q++) for (let i = 0; i < n; i++) rest[p * r + q] -= x[i * r + p] * x[i * r + q];
  }
  return { x, y: new Float64Array(n * r), rest };
}

/** The state after a time Δ with ωΔ ≤ LONGEST, in place. */
function advance({ x, y, rest }: FlowState, values: ArrayLike<number>, r: number, s: number, h: number, time: number) {
  const n = values.length;
  const N = new Float64Array(r * r);
  for (let p = 0; p < r; p++) N[p * (r + 1)] = 1;
  const outside = integral(h, time);
  for (let p = 0; p < r; p++) {
    for (let q = 0; q <= p; q++) N[p * r + q] += s * s * (outside.even + h * outside.odd) * rest[p * r + q];
  }
  for (let i = 0; i < n; i++) {
    const g = s * values[i];
    const omega = Math.sqrt(g * g + h * h);
    const { even, odd, cosh, sinh } = integral(omega, time);
    const [xx, yy, xy] = [s * s * (even + h * odd), s * s * (even - h * odd), s * s * g * odd];
    for (let p = 0; p < r; p++) {
      const [xp, yp] = [x[i * r + p], y[i * r + p]];
      const [toX, toY] = [xx * xp + xy * yp, xy * xp + yy * yp];
      for (let q = 0; q <= p; q++) N[p * r + q] += toX * x[i * r + q] + toY * y[i * r + q];
    }
    for (let p = 0; p < r; p++) {
      const [xp, yp] = [x[i * r + p], y[i * r + p]];
      x[i * r + p] = (cosh + h * sinh) * xp + g * sinh * yp;
      y[i * r + p] = g * sinh * xp + (cosh - h * sinh) * yp;
    }
  }
  factorise(N, r);
  for (let i = 0; i < n; i++) {
    solveRow(N, r, x, i * r);
    solveRow(N, r, y, i * r);
  }
  const growth = Math.exp(2 * h * time);
  for (let i = 0; i < rest.length; i++) rest[i] *= growth;
  // L⁻¹·rest·L⁻ᵀ of a symmetric matrix: each row, then each row of the transpose.
  for (let pass = 0; pass < 2; pass++) {
    for (let p = 0; p < r; p++) solveRow(N, r, rest, p * r);
    flip(rest, r);
  }
}

/** ∫₀^Δ e^{2Fτ}dτ = even·I + odd·F and e^{FΔ} = cosh·I + sinh·F of a block with the eigenvalues ±ω. */
function integral(omega: number, time: number) {
  if (omega === 0) return { even: time, odd: time * time, cosh: 1, sinh: time };
  const [up, down] = [Math.exp(omega * time), Math.exp(-omega * time)];
  const sinh = Math.sinh(omega * time) / omega;
  // (cosh 2ωΔ − 1)/(2ω²) = sinh²(ωΔ)/ω².
  return { even: Math.sinh(2 * omega * time) / (2 * omega), odd: sinh * sinh, cosh: (up + down) / 2, sinh };
}

/** The lower triangle of N becomes L with N = L·Lᵀ. */
function factorise(N: Float64Array, r: number): void {
  for (let p = 0; p < r; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = N[p * r + q];
      for (let j = 0; j < q; j++) sum -= N[p * r + j] * N[q * r + j];
      N[p * r + q] = p === q ? Math.sqrt(sum) : sum / N[q * (r + 1)];
    }
  }
}

/** L⁻¹·z for the row of `data` that begins at `from`. */
function solveRow(L: Float64Array, r: number, data: Float64Array, from: number): void {
  for (let p = 0; p < r; p++) {
    let sum = data[from + p];
    for (let j = 0; j < p; j++) sum -= L[p * r + j] * data[from + j];
    data[from + p] = sum / L[p * (r + 1)];
  }
}

function flip(m: Float64Array, r: number): void {
  for (let p = 0; p < r; p++) {
    for (let q = 0; q < p; q++) {
      const upper = m[q * r + p];
      m[q * r + p] = m[p * r + q];
      m[p * r + q] = upper;
    }
  }
}

/** ‖B·A‖² = tr(BᵀB·AAᵀ). */
function sizeOf({ x, y, rest }: FlowState, n: number, r: number): number {
  let sum = 0;
  for (let p = 0; p < r; p++) {
    for (let q = 0; q <= p; q++) {
      let [ofA, ofB] = [rest[p * r + q], 0];
      for (let i = 0; i < n; i++) {
        ofA += x[i * r + p] * x[i * r + q];
        ofB += y[i * r + p] * y[i * r + q];
      }
      sum += (p === q ? 1 : 2) * ofA * ofB;
    }
  }
  return sum;
}

/** The first whole step at which a curve, straight between its points, has reached a height. */
function arrivalOf(steps: readonly number[], sizes: Float64Array, height: number): number | null {
  const at = sizes.findIndex((size) => height > 0 && size >= height);
  if (at <= 0) return null;
  const share = (height - sizes[at - 1]) / (sizes[at] - sizes[at - 1]);
  return Math.ceil(steps[at - 1] + share * (steps[at] - steps[at - 1]));
}
