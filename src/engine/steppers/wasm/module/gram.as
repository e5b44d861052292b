/** X·Xᵀ of rows of 64 numbers in float64. */

import { STRIDE64 } from './layout';
import { plusProduct64, total } from './vectors';

@inline
function addTo(at: usize, sums: v128): void {
  store<f64>(at, load<f64>(at) + total(sums));
}

/**
 * g (R × R) += X·Xᵀ, with `x` R rows of 64 numbers. Four rows and two columns of g at a time, without entries above the
 * diagonal.
 */
export function gram(g: usize, x: usize, R: i32): void {
  const row = <usize>R << 3;
  for (let p: i32 = 0; p < R; p += 4) {
    for (let q: i32 = 0; q < p + 4; q += 2) {
      let x0 = f64x2.splat(0);
      let x1 = f64x2.splat(0);
      let y0 = f64x2.splat(0);
      let y1 = f64x2.splat(0);
      let z0 = f64x2.splat(0);
      let z1 = f64x2.splat(0);
      let w0 = f64x2.splat(0);
      let w1 = f64x2.splat(0);
      let xp = x + <usize>p * STRIDE64;
      let xq = x + <usize>q * STRIDE64;
      const end = xq + STRIDE64;
      while (xq < end) {
        const a = v128.load(xq);
        const b = v128.load(xq, STRIDE64);
        let c = v128.load(xp);
        x0 = plusProduct64(x0, c, a);
        x1 = plusProduct64(x1, c, b);
        c = v128.load(xp, STRIDE64);
        y0 = plusProduct64(y0, c, a);
        y1 = plusProduct64(y1, c, b);
        c = v128.load(xp, 2 * STRIDE64);
        z0 = plusProduct64(z0, c, a);
        z1 = plusProduct64(z1, c, b);
        c = v128.load(xp, 3 * STRIDE64);
        w0 = plusProduct64(w0, c, a);
        w1 = plusProduct64(w1, c, b);
        xp += 16;
        xq += 16;
      }
      let at = g + <usize>p * row + (<usize>q << 3);
      addTo(at, x0);
      addTo(at + 8, x1);
      at += row;
      addTo(at, y0);
      addTo(at + 8, y1);
      at += row;
      addTo(at, z0);
      addTo(at + 8, z1);
      at += row;
      addTo(at, w0);
      addTo(at + 8, w1);
    }
  }
}
