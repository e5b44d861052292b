import { denseLoops } from './dense/loops.ts';

/**
 * Σ x[p + i]·x[q + i] for i < n: the scalar product of two ranges of one array. Four running sums, added at the end:
 * the additions of a single chain would wait for one another.
 */
export function dot(x: Float64Array, p: number, q: number, n: number): number {
  const n4 = n & ~3;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < n4; i += 4) {
    s0 += x[p + i] * x[q + i];
    s1 += x[p + i + 1] * x[q + i + 1];
    s2 += x[p + i + 2] * x[q + i + 2];
    s3 += x[p + i + 3] * x[q + i + 3];
  }
  for (let i = n4; i < n; i++) s0 += x[p + i] * x[q + i];
  return s0 + s1 + (s2 + s3);
}

/** Terms and columns of one tile: its entries of y stay in the processor's cache while all rows of x pass by. */
const TERMS = 32;
const COLUMNS = 512;

/**
 * out += x·y for row-major x (m × n) and y (n × k). Every entry takes its terms one after another in the order of p,
 * whatever the tiles, so that their size decides no bits. Two rows and four terms a pass keep the running sums and the
 * entries of x in registers.
 */
export function multiplyInto(
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  m: number,
  n: number,
  k: number,
): void {
  const loops = denseLoops(m * n * k);
  if (loops) {
    loops.multiply(x, y, out, m, n, k);
    return;
  }
  const even = m - (m % 2);
  for (let j0 = 0; j0 < k; j0 += COLUMNS) {
    const j1 = Math.min(k, j0 + COLUMNS);
    for (let p0 = 0; p0 < n; p0 += TERMS) {
      const p1 = Math.min(n, p0 + TERMS);
      for (let i = 0; i < even; i += 2) twoRows(x, y, out, i, n, k, p0, p1, j0, j1);
      if (even < m) oneRow(x, y, out, even, n, k, p0, p1, j0, j1);
    }
  }
}

function twoRows(
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  i: number,
  n: number,
  k: number,
  p0: number,
  p1: number,
  j0: number,
  j1: number,
): void {
  const [r, s] = [i * k, (i + 1) * k];
  const [a, b] = [i * n, (i + 1) * n];
  const p4 = p1 - ((p1 - p0) % 4);
  for (let p = p0; p < p4; p += 4) {
    const a0 = x[a + p];
    const a1 = x[a + p + 1];
    const a2 = x[a + p + 2];
    const a3 = x[a + p + 3];
    const b0 = x[b + p];
    const b1 = x[b + p + 1];
    const b2 = x[b + p + 2];
    const b3 = x[b + p + 3];
    const y0 = p * k;
    const y1 = y0 + k;
    const y2 = y1 + k;
    const y3 = y2 + k;
    for (let j = j0; j < j1; j++) {
      const v0 = y[y0 + j];
      const v1 = y[y1 + j];
      const v2 = y[y2 + j];
      const v3 = y[y3 + j];
      out[r + j] = out[r + j] + a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
      out[s + j] = out[s + j] + b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3;
    }
  }
  for (let p = p4; p < p1; p++) {
    const [xa, xb] = [x[a + p], x[b + p]];
    for (let j = j0; j < j1; j++) {
      out[r + j] += xa * y[p * k + j];
      out[s + j] += xb * y[p * k + j];
    }
  }
}

function oneRow(
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
  i: number,
  n: number,
  k: number,
  p0: number,
  p1: number,
  j0: number,
  j1: number,
): void {
  for (let p = p0; p < p1; p++) {
    const xi = x[i * n + p];
    for (let j = j0; j < j1; j++) out[i * k + j] += xi * y[p * k + j];
  }
}
