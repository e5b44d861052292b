/** One-sided Jacobi, the twin of orthogonalise in math/factor/svd.ts, without the second factor. */

import { dot, minusProduct, plusProduct } from './layout';

const NEGLIGIBLE: f64 = 1e-290;
const SWEEPS: i32 = 40;

/**
 * Rotates pairs of the n columns of W (m numbers each, m even) until all are orthogonal. Two count as orthogonal if their
 * cosine is below √m·2⁻⁵². `squares` is room for n numbers. Returns the number of sweeps.
 */
export function orthogonalise(W: usize, m: i32, n: i32, squares: usize): i32 {
  const tolerance = Math.sqrt(<f64>m) * 2.220446049250313e-16;
  const column = <usize>m << 3;
  for (let sweep: i32 = 1; sweep <= SWEEPS; sweep++) {
    for (let j: i32 = 0; j < n; j++) {
      const w = W + <usize>j * column;
      store<f64>(squares + (<usize>j << 3), dot(w, w, m));
    }
    let largest: f64 = 0;
    for (let p: i32 = 0; p < n - 1; p++) {
      const x = W + <usize>p * column;
      const sp = squares + (<usize>p << 3);
      for (let q = p + 1; q < n; q++) {
        const sq = squares + (<usize>q << 3);
        const a = load<f64>(sp);
        const b = load<f64>(sq);
        if (a < NEGLIGIBLE || b < NEGLIGIBLE) continue;
        const y = W + <usize>q * column;
        const c = dot(x, y, m);
        const cosine = Math.abs(c) / (Math.sqrt(a) * Math.sqrt(b));
        if (cosine > largest) largest = cosine;
        if (cosine <= tolerance) continue;
        const t = tangent((b - a) / (2 * c));
        const cos = 1 / Math.sqrt(1 + t * t);
        const sin = cos * t;
        rotate(x, y, column, sin, sin / (1 + cos));
        let square = a - t * c;
        // If most of a norm cancels, the formula keeps too few digits of it.
        store<f64>(sp, square < 0.1 * a ? dot(x, x, m) : square);
        square = b + t * c;
        store<f64>(sq, square < 0.1 * b ? dot(y, y, m) : square);
      }
    }
    if (largest <= tolerance) return sweep;
  }
  return SWEEPS;
}

/** The smaller root of t² + 2ζt − 1 = 0. */
@inline
function tangent(zeta: f64): f64 {
  const size = Math.abs(zeta);
  const t = size > 1e8 ? 0.5 / size : 1 / (size + Math.sqrt(1 + size * size));
  return zeta < 0 ? -t : t;
}

@inline
function rotate(x: usize, y: usize, bytes: usize, sin: f64, half: f64): void {
  const s = f64x2.splat(sin);
  const h = f64x2.splat(half);
  const end = x + bytes;
  while (x < end) {
    const a = v128.load(x);
    const b = v128.load(y);
    v128.store(x, minusProduct(a, s, plusProduct(b, h, a)));
    v128.store(y, plusProduct(b, s, minusProduct(a, h, b)));
    x += 16;
    y += 16;
  }
}
