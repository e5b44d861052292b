/** A tile of the residual E = s·B·A − ΔW*, formed in float64 and kept in float32. */

import { STRIDE } from './layout';
import { load2, plusProduct64, store4, total } from './vectors';

/**
 * Four rows and four columns at a time in eight registers, initialised with −ΔW*. `b` is s·B from the tile's first row
 * on, `a` the panel of A in strips of four columns, `t` −ΔW* at the tile's corner. Returns the sum of the squares.
 */
export function residual64(e: usize, a: usize, b: usize, t: usize, height: i32, width: i32, R: i32): f64 {
  let sums = f64x2.splat(0);
  const block = <usize>R * 32;
  const endB = b + <usize>(height >> 2) * block;
  while (b < endB) {
    const next = b + block;
    for (let j: i32 = 0; j < width; j += 4) {
      const tj = t + (<usize>j << 2);
      let x0 = load2(tj);
      let x1 = load2(tj + 8);
      let y0 = load2(tj + STRIDE);
      let y1 = load2(tj + STRIDE + 8);
      let z0 = load2(tj + 2 * STRIDE);
      let z1 = load2(tj + 2 * STRIDE + 8);
      let w0 = load2(tj + 3 * STRIDE);
      let w1 = load2(tj + 3 * STRIDE + 8);
      let ap = a + <usize>(j >> 2) * block;
      let bp = b;
      while (bp < next) {
        let a0 = v128.load(ap);
        let a1 = v128.load(ap, 16);
        let s = v128.load_splat<u64>(bp);
        x0 = plusProduct64(x0, a0, s);
        x1 = plusProduct64(x1, a1, s);
        s = v128.load_splat<u64>(bp, 8);
        y0 = plusProduct64(y0, a0, s);
        y1 = plusProduct64(y1, a1, s);
        s = v128.load_splat<u64>(bp, 16);
        z0 = plusProduct64(z0, a0, s);
        z1 = plusProduct64(z1, a1, s);
        s = v128.load_splat<u64>(bp, 24);
        w0 = plusProduct64(w0, a0, s);
        w1 = plusProduct64(w1, a1, s);
        a0 = v128.load(ap, 32);
        a1 = v128.load(ap, 48);
        s = v128.load_splat<u64>(bp, 32);
        x0 = plusProduct64(x0, a0, s);
        x1 = plusProduct64(x1, a1, s);
        s = v128.load_splat<u64>(bp, 40);
        y0 = plusProduct64(y0, a0, s);
        y1 = plusProduct64(y1, a1, s);
        s = v128.load_splat<u64>(bp, 48);
        z0 = plusProduct64(z0, a0, s);
        z1 = plusProduct64(z1, a1, s);
        s = v128.load_splat<u64>(bp, 56);
        w0 = plusProduct64(w0, a0, s);
        w1 = plusProduct64(w1, a1, s);
        ap += 64;
        bp += 64;
      }
      const ej = e + (<usize>j << 2);
      store4(ej, x0, x1);
      store4(ej + STRIDE, y0, y1);
      store4(ej + 2 * STRIDE, z0, z1);
      store4(ej + 3 * STRIDE, w0, w1);
      let q0 = f64x2.mul(x0, x0);
      let q1 = f64x2.mul(x1, x1);
      q0 = plusProduct64(q0, y0, y0);
      q1 = plusProduct64(q1, y1, y1);
      q0 = plusProduct64(q0, z0, z0);
      q1 = plusProduct64(q1, z1, z1);
      q0 = plusProduct64(q0, w0, w0);
      q1 = plusProduct64(q1, w1, w1);
      sums = f64x2.add(sums, f64x2.add(q0, q1));
    }
    b = next;
    t += 4 * STRIDE;
    e += 4 * STRIDE;
  }
  return total(sums);
}
