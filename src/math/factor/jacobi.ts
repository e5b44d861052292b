import { dot } from '../products/vector.ts';
import { drained, type Progress } from '../progress.ts';
import { NEGLIGIBLE_SQUARE } from './reflector.ts';

/** More sweeps than any matrix needs: convergence is quadratic, most take four to seven. */
const MAX_SWEEPS = 40;
/** Columns of one tile: two tiles and their rotations stay in the processor's cache. */
const TILE = 16;

/**
 * One-sided Jacobi: rotates pairs of the n columns of W (m rows each, one after another) until all are orthogonal, and
 * turns the columns of V (vRows each) along. Then W = U·Σ. Pass an empty V to leave it out.
 *
 * Two columns count as orthogonal when their cosine is below √m·2^-52. Pairs are taken tile by tile in a fixed order
 * (Hestenes 1958; Demmel and Veselić, SIAM J. Matrix Anal. 13, 1992, on its accuracy). Entries of W are expected to be
 * at most about 1 in size. Returns the number of sweeps.
 */
export function orthogonalise(...columns: Parameters<typeof orthogonaliseInSlices>): number {
  return drained(orthogonaliseInSlices(...columns));
}

/** Orthogonalises columns tile by tile: between two tiles (a millisecond or two) others can have their turn. */
export function* orthogonaliseInSlices(
  W: Float64Array,
  m: number,
  n: number,
  V: Float64Array,
  vRows: number,
  progress?: Progress,
): Generator<void, number> {
  const tolerance = Math.sqrt(m) * 2.220446049250313e-16;
  const squares = new Float64Array(n);
  let remaining = 1;
  for (let sweep = 1; sweep <= MAX_SWEEPS; sweep++) {
    for (let j = 0; j < n; j++) squares[j] = squaredNorm(W, j * m, m);
    let largestCosine = 0;
    for (let p0 = 0; p0 < n; p0 += TILE) {
      const p1 = Math.min(n, p0 + TILE);
      for (let q0 = p0; q0 < n; q0 += TILE) {
        const cosine = rotateTiles(W, m, V, vRows, squares, tolerance, p0, p1, q0, Math.min(n, q0 + TILE));
        if (cosine > largestCosine) largestCosine = cosine;
        yield;
      }
      progress?.(1 - remaining * (1 - (p0 / n) * 0.5));
    }
    if (largestCosine <= tolerance) return sweep;
    remaining /= 2;
  }
  return MAX_SWEEPS;
}

/** One visit to every pair with one column in each tile. Returns the largest cosine met. */
function rotateTiles(
  W: Float64Array,
  m: number,
  V: Float64Array,
  vRows: number,
  squares: Float64Array,
  tolerance: number,
  p0: number,
  p1: number,
  q0: number,
  q1: number,
): number {
  let largest = 0;
  for (let p = p0; p < p1; p++) {
    for (let q = Math.max(q0, p + 1); q < q1; q++) {
      const a = squares[p];
      const b = squares[q];
      if (a < NEGLIGIBLE_SQUARE || b < NEGLIGIBLE_SQUARE) continue;
      const c = dot(W, p * m, q * m, m);
      const cosine = Math.abs(c) / (Math.sqrt(a) * Math.sqrt(b));
      if (cosine > largest) largest = cosine;
      if (cosine <= tolerance) continue;
      const t = tangent((b - a) / (2 * c));
      const cos = 1 / Math.sqrt(1 + t * t);
      const sin = cos * t;
      const half = sin / (1 + cos);
      rotate(W, p * m, q * m, m, sin, half);
      if (vRows > 0) rotate(V, p * vRows, q * vRows, vRows, sin, half);
      squares[p] = a - t * c;
      squares[q] = b + t * c;
      // Where most of a norm cancels, the formula keeps too few digits of it.
      if (squares[p] < 0.1 * a) squares[p] = squaredNorm(W, p * m, m);
      if (squares[q] < 0.1 * b) squares[q] = squaredNorm(W, q * m, m);
    }
  }
  return largest;
}

/** The smaller root of t² + 2ζt − 1 = 0: the tangent of the angle, at most 45°, that makes the pair orthogonal. */
function tangent(zeta: number): number {
  const size = Math.abs(zeta);
  const t = size > 1e8 ? 0.5 / size : 1 / (size + Math.sqrt(1 + size * size));
  return zeta < 0 ? -t : t;
}

function squaredNorm(x: Float64Array, p: number, n: number): number {
  return dot(x, p, p, n);
}

function rotate(x: Float64Array, p: number, q: number, n: number, sin: number, half: number): void {
  for (let i = 0; i < n; i++) {
    const a = x[p + i];
    const b = x[q + i];
    x[p + i] = a - sin * (b + half * a);
    x[q + i] = b + sin * (a - half * b);
  }
}
