/**
 * Householder reflections H = I − τ·v·vᵀ on columns that lie one after another in memory: column j of a matrix of m
 * rows is data[j·m … j·m + m − 1]. v is scaled so that its first entry is 1, which is not stored (Golub and Van Loan,
 * Matrix Computations, 4th ed., section 5.1). Entries are expected to be at most 1 in size: see rangeScale.
 */

/** Vectors whose squared norm is below this count as zero: 10^-145 of the largest entry, far below any rounding. */
export const NEGLIGIBLE_SQUARE = 1e-290;

/**
 * Finds the reflection that takes x = data[start … end − 1] to (β, 0, …, 0). Writes β into data[start], the rest of v
 * after it, and returns τ; τ = 0 means H = I.
 */
export function makeReflector(data: Float64Array, start: number, end: number): number {
  const alpha = data[start];
  let rest = 0;
  for (let i = start + 1; i < end; i++) rest += data[i] * data[i];
  const square = alpha * alpha + rest;
  if (square < NEGLIGIBLE_SQUARE) {
    data.fill(0, start, end);
    return 0;
  }
  if (rest === 0) {
    data.fill(0, start + 1, end);
    return 0;
  }
  const norm = Math.sqrt(square);
  const beta = alpha > 0 ? -norm : norm;
  const first = alpha - beta;
  for (let i = start + 1; i < end; i++) data[i] /= first;
  data[start] = beta;
  return (beta - alpha) / beta;
}

/**
 * Applies H to columns `from` … `to` − 1 of data (m rows a column), rows `first` … m − 1. v lies in `vectors`, its
 * entry for row `first` at vStart. Four columns at a time, so that v is read once for all of them.
 */
export function applyReflector(
  vectors: Float64Array,
  vStart: number,
  tau: number,
  data: Float64Array,
  m: number,
  first: number,
  from: number,
  to: number,
): void {
  if (tau === 0) return;
  const n = m - first;
  const to4 = from + ((to - from) & ~3);
  for (let j = from; j < to4; j += 4) {
    const c0 = j * m + first;
    const c1 = c0 + m;
    const c2 = c1 + m;
    const c3 = c2 + m;
    let s0 = data[c0];
    let s1 = data[c1];
    let s2 = data[c2];
    let s3 = data[c3];
    for (let i = 1; i < n; i++) {
      const v = vectors[vStart + i];
      s0 += v * data[c0 + i];
      s1 += v * data[c1 + i];
      s2 += v * data[c2 + i];
      s3 += v * data[c3 + i];
    }
    s0 *= tau;
    s1 *= tau;
    s2 *= tau;
    s3 *= tau;
    data[c0] -= s0;
    data[c1] -= s1;
    data[c2] -= s2;
    data[c3] -= s3;
    for (let i = 1; i < n; i++) {
      const v = vectors[vStart + i];
      data[c0 + i] -= v * s0;
      data[c1 + i] -= v * s1;
      data[c2 + i] -= v * s2;
      data[c3 + i] -= v * s3;
    }
  }
  // Of two or three that are left, too, one sum does not wait for another.
  const left = to - to4;
  if (left === 3) applyToThree(vectors, vStart, tau, data, m, n, to4 * m + first);
  else if (left === 2) applyToTwo(vectors, vStart, tau, data, n, to4 * m + first, (to4 + 1) * m + first);
  else if (left === 1) {
    const c = to4 * m + first;
    let s = data[c];
    for (let i = 1; i < n; i++) s += vectors[vStart + i] * data[c + i];
    s *= tau;
    data[c] -= s;
    for (let i = 1; i < n; i++) data[c + i] -= vectors[vStart + i] * s;
  }
}

/** Columns that begin at c0, c0 + m and c0 + 2m; n rows. */
function applyToThree(
  vectors: Float64Array,
  vStart: number,
  tau: number,
  data: Float64Array,
  m: number,
  n: number,
  c0: number,
): void {
  const c1 = c0 + m;
  const c2 = c1 + m;
  let s0 = data[c0];
  let s1 = data[c1];
  let s2 = data[c2];
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    s0 += v * data[c0 + i];
    s1 += v * data[c1 + i];
    s2 += v * data[c2 + i];
  }
  s0 *= tau;
  s1 *= tau;
  s2 *= tau;
  data[c0] -= s0;
  data[c1] -= s1;
  data[c2] -= s2;
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    data[c0 + i] -= v * s0;
    data[c1 + i] -= v * s1;
    data[c2 + i] -= v * s2;
  }
}

function applyToTwo(
  vectors: Float64Array,
  vStart: number,
  tau: number,
  data: Float64Array,
  n: number,
  c0: number,
  c1: number,
): void {
  let s0 = data[c0];
  let s1 = data[c1];
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    s0 += v * data[c0 + i];
    s1 += v * data[c1 + i];
  }
  s0 *= tau;
  s1 *= tau;
  data[c0] -= s0;
  data[c1] -= s1;
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    data[c0 + i] -= v * s0;
    data[c1 + i] -= v * s1;
  }
}
