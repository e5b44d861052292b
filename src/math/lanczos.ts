import { bidiagonalValues } from './bidiagonal-values.ts';
import type { Matrix64 } from './matrix.ts';
import { stream } from './random.ts';
import { dot } from './vector.ts';

/** The estimate is looked at every so many steps. */
const CHECK = 8;

/**
 * σ₁ of a matrix of entries at most about 1 in size, by Golub–Kahan–Lanczos bidiagonalisation from a fixed start with
 * full reorthogonalisation (Golub and Van Loan, section 10.4). The estimate only rises; it counts as settled when
 * eight steps add less than 10⁻¹⁵ of it, or when the vectors span a space that the matrix maps into itself.
 */
export function lanczosLargest(M: Matrix64): number {
  const { rows, cols } = M;
  const limit = Math.min(rows, cols);
  const V: Float64Array[] = [];
  const U: Float64Array[] = [];
  const d = new Float64Array(limit);
  const e = new Float64Array(limit);
  let v = startVector(cols);
  let estimate = 0;
  for (let k = 0; k < limit; k++) {
    V.push(v);
    const u = times(M, v);
    orthogonaliseAgainst(u, U);
    d[k] = normalise(u);
    U.push(u);
    v = transposeTimes(M, u);
    orthogonaliseAgainst(v, V);
    e[k] = normalise(v);
    const settled = k + 1 === limit || Math.min(d[k], e[k]) <= 1e-14 * Math.max(estimate, d[0]);
    if (!settled && (k + 1) % CHECK !== 0) continue;
    const before = estimate;
    estimate = largestOf(d, e, k + 1);
    if (settled || estimate - before <= 1e-15 * estimate) return estimate;
  }
  return estimate;
}

/** The largest singular value of the leading steps; the last e, which leads out of them, only adds to the estimate. */
function largestOf(d: Float64Array, e: Float64Array, steps: number): number {
  return bidiagonalValues({ d: d.slice(0, steps), e: e.slice(0, steps) })[0];
}

function startVector(n: number): Float64Array {
  const source = stream(0, 'lanczos');
  const v = Float64Array.from({ length: n }, () => source.normal());
  normalise(v);
  return v;
}

/** Divides x by its norm, which is returned; a zero vector stays. */
function normalise(x: Float64Array): number {
  const norm = Math.sqrt(dot(x, 0, 0, x.length));
  if (norm > 0) for (let i = 0; i < x.length; i++) x[i] /= norm;
  return norm;
}

function orthogonaliseAgainst(x: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const b of basis) {
      let share = 0;
      for (let i = 0; i < x.length; i++) share += b[i] * x[i];
      for (let i = 0; i < x.length; i++) x[i] -= share * b[i];
    }
  }
}

function times(M: Matrix64, v: Float64Array): Float64Array {
  const { rows, cols, data } = M;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let s0 = 0;
    let s1 = 0;
    const row = i * cols;
    for (let j = 0; j + 1 < cols; j += 2) {
      s0 += data[row + j] * v[j];
      s1 += data[row + j + 1] * v[j + 1];
    }
    if (cols % 2 === 1) s0 += data[row + cols - 1] * v[cols - 1];
    out[i] = s0 + s1;
  }
  return out;
}

function transposeTimes(M: Matrix64, u: Float64Array): Float64Array {
  const { rows, cols, data } = M;
  const out = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const x = u[i];
    for (let j = 0; j < cols; j++) out[j] += x * data[i * cols + j];
  }
  return out;
}
