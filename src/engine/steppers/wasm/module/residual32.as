/** A tile of the residual E = s·B·A − ΔW* in float32, while its roundings do not show (precision.as). */

import { STRIDE } from './layout';
import { high, low, plusProduct32, total } from './vectors';

/**
 * Four rows and eight columns at a time in eight registers, initialised with −ΔW*. `b` is s·B from the tile's first row
 * on, `a` the panel of A in strips of eight columns, `t` −ΔW* at the tile's corner. Returns the sum of the squares, the
 * 32 of a block collected in float64.
 */
export function residual32(e: usize, a: usize, b: usize, t: usize, height: i32, width: i32, R: i32): f64 {
  let sums = f64x2.splat(0);
  const block = <usize>R * 16;
  const endB = b + <usize>(height >> 2) * block;
  while (b < endB) {
    const next = b + block;
    for (let j: i32 = 0; j < width; j += 8) {
      const tj = t + (<usize>j << 2);
      const ej = e + (<usize>j << 2);
      let x0 = v128.load(tj);
      let x1 = v128.load(tj, 16);
      let y0 = v128.load(tj, STRIDE);
      let y1 = v128.load(tj, STRIDE + 16);
      let z0 = v128.load(tj, 2 * STRIDE);
      let z1 = v128.load(tj, 2 * STRIDE + 16);
      let w0 = v128.load(tj, 3 * STRIDE);
      let w1 = v128.load(tj, 3 * STRIDE + 16);
      let ap = a + (<usize>j >> 3) * (block << 1);
      let bp = b;
      while (bp < next) {
        let a0 = v128.load(ap);
        let a1 = v128.load(ap, 16);
        let s = v128.load_splat<u32>(bp);
        x0 = plusProduct32(x0, a0, s);
        x1 = plusProduct32(x1, a1, s);
        s = v128.load_splat<u32>(bp, 4);
        y0 = plusProduct32(y0, a0, s);
        y1 = plusProduct32(y1, a1, s);
        s = v128.load_splat<u32>(bp, 8);
        z0 = plusProduct32(z0, a0, s);
        z1 = plusProduct32(z1, a1, s);
        s = v128.load_splat<u32>(bp, 12);
        w0 = plusProduct32(w0, a0, s);
        w1 = plusProduct32(w1, a1, s);
        a0 = v128.load(ap, 32);
        a1 = v128.load(ap, 48);
        s = v128.load_splat<u32>(bp, 16);
        x0 = plusProduct32(x0, a0, s);
        x1 = plusProduct32(x1, a1, s);
        s = v128.load_splat<u32>(bp, 20);
        y0 = plusProduct32(y0, a0, s);
        y1 = plusProduct32(y1, a1, s);
        s = v128.load_splat<u32>(bp, 24);
        z0 = plusProduct32(z0, a0, s);
        z1 = plusProduct32(z1, a1, s);
        s = v128.load_splat<u32>(bp, 28);
        w0 = plusProduct32(w0, a0, s);
        w1 = plusProduct32(w1, a1, s);
        ap += 64;
        bp += 32;
      }
      v128.store(ej, x0);
      v128.store(ej, x1, 16);
      v128.store(ej, y0, STRIDE);
      v128.store(ej, y1, STRIDE + 16);
      v128.store(ej, z0, 2 * STRIDE);
      v128.store(ej, z1, 2 * STRIDE + 16);
      v128.store(ej, w0, 3 * STRIDE);
      v128.store(ej, w1, 3 * STRIDE + 16);
      let q = f32x4.mul(x0, x0);
      let r = f32x4.mul(x1, x1);
      q = plusProduct32(q, y0, y0);
      r = plusProduct32(r, y1, y1);
      q = plusProduct32(q, z0, z0);
      r = plusProduct32(r, z1, z1);
      q = f32x4.add(plusProduct32(q, w0, w0), plusProduct32(r, w1, w1));
      sums = f64x2.add(sums, f64x2.add(low(q), high(q)));
    }
    b = next;
    t += 4 * STRIDE;
    e += 4 * STRIDE;
  }
  return total(sums);
}
