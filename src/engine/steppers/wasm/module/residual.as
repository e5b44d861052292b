/** A tile of the residual E = s·B·A − ΔW*, formed in float64 and kept in float32. */

import { STRIDE } from './layout';

/** Two float32 numbers as float64. */
@inline
export function load2(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
}

@inline
function store4(at: usize, low: v128, high: v128): void {
  const l = f32x4.demote_f64x2_zero(low);
  const h = f32x4.demote_f64x2_zero(high);
  v128.store(at, i8x16.shuffle(l, h, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
}

@inline
function plusProduct(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/**
 * Four rows and four columns at a time in eight registers, which begin with −ΔW*. `b` is s·B from the tile's first row
 * on, `a` the panel of A in strips of four columns, `t` −ΔW* at the tile's corner. Returns the sum of the squares.
 */
export function residual(e: usize, a: usize, b: usize, t: usize, height: i32, width: i32, R: i32): f64 {
  let sums = f64x2.splat(0);
  const block = <usize>R * 32;
  const endB = b + <usize>(height >> 2) * block;
  while (b < endB) {
    const next = b + block;
    for (let j: i32 = 0; j < width; j += 4) {
      const tj = t + (<usize>j << 2);
      let x0 = load2(tj);
      let x1 = load2(tj + 8);
      let y0 = load2(tj + 1 * STRIDE);
      let y1 = load2(tj + 1 * STRIDE + 8);
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
        x0 = plusProduct(x0, a0, s);
        x1 = plusProduct(x1, a1, s);
        s = v128.load_splat<u64>(bp, 8);
        y0 = plusProduct(y0, a0, s);
        y1 = plusProduct(y1, a1, s);
        s = v128.load_splat<u64>(bp, 16);
        z0 = plusProduct(z0, a0, s);
        z1 = plusProduct(z1, a1, s);
        s = v128.load_splat<u64>(bp, 24);
        w0 = plusProduct(w0, a0, s);
        w1 = plusProduct(w1, a1, s);
        a0 = v128.load(ap, 32);
        a1 = v128.load(ap, 48);
        s = v128.load_splat<u64>(bp, 32);
        x0 = plusProduct(x0, a0, s);
        x1 = plusProduct(x1, a1, s);
        s = v128.load_splat<u64>(bp, 40);
        y0 = plusProduct(y0, a0, s);
        y1 = plusProduct(y1, a1, s);
        s = v128.load_splat<u64>(bp, 48);
        z0 = plusProduct(z0, a0, s);
        z1 = plusProduct(z1, a1, s);
        s = v128.load_splat<u64>(bp, 56);
        w0 = plusProduct(w0, a0, s);
        w1 = plusProduct(w1, a1, s);
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
      q0 = plusProduct(q0, y0, y0);
      q1 = plusProduct(q1, y1, y1);
      q0 = plusProduct(q0, z0, z0);
      q1 = plusProduct(q1, z1, z1);
      q0 = plusProduct(q0, w0, w0);
      q1 = plusProduct(q1, w1, w1);
      sums = f64x2.add(sums, f64x2.add(q0, q1));
    }
    b = next;
    t += 4 * STRIDE;
    e += 4 * STRIDE;
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
