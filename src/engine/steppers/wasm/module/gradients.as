/**
 * What a tile of E adds to the gradients over s: E·Aᵀ for B, Bᵀ·E for A. Products are summed in float32 within the
 * tile, 64 terms at most, and the tiles in float64.
 */

import { STRIDE, STRIDE64 } from './layout';

@inline
function plusProduct(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** Four float32 sums onto four float64 ones. */
@inline
function collect(at: usize, sums: v128): void {
  const high = i8x16.shuffle(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(sums)));
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** g (rows of R) += E·Aᵀ, with `a` the panel of A transposed: rows of R. Four rows and eight (or four) ranks at a time. */
export function spreadToB(g: usize, e: usize, a: usize, height: i32, width: i32, R: i32): void {
  const stride = <usize>R << 2;
  const endE = e + <usize>height * STRIDE;
  const endA = a + <usize>width * stride;
  while (e < endE) {
    let p: i32 = 0;
    for (; p + 8 <= R; p += 8) {
      let x0 = f32x4.splat(0);
      let x1 = f32x4.splat(0);
      let y0 = f32x4.splat(0);
      let y1 = f32x4.splat(0);
      let z0 = f32x4.splat(0);
      let z1 = f32x4.splat(0);
      let w0 = f32x4.splat(0);
      let w1 = f32x4.splat(0);
      let aj = a + (<usize>p << 2);
      let ej = e;
      while (aj < endA) {
        let a0 = v128.load(aj);
        let a1 = v128.load(aj, 16);
        let s = v128.load_splat<u32>(ej);
        x0 = plusProduct(x0, a0, s);
        x1 = plusProduct(x1, a1, s);
        s = v128.load_splat<u32>(ej, STRIDE);
        y0 = plusProduct(y0, a0, s);
        y1 = plusProduct(y1, a1, s);
        s = v128.load_splat<u32>(ej, 2 * STRIDE);
        z0 = plusProduct(z0, a0, s);
        z1 = plusProduct(z1, a1, s);
        s = v128.load_splat<u32>(ej, 3 * STRIDE);
        w0 = plusProduct(w0, a0, s);
        w1 = plusProduct(w1, a1, s);
        aj += stride;
        a0 = v128.load(aj);
        a1 = v128.load(aj, 16);
        s = v128.load_splat<u32>(ej, 4);
        x0 = plusProduct(x0, a0, s);
        x1 = plusProduct(x1, a1, s);
        s = v128.load_splat<u32>(ej, STRIDE + 4);
        y0 = plusProduct(y0, a0, s);
        y1 = plusProduct(y1, a1, s);
        s = v128.load_splat<u32>(ej, 2 * STRIDE + 4);
        z0 = plusProduct(z0, a0, s);
        z1 = plusProduct(z1, a1, s);
        s = v128.load_splat<u32>(ej, 3 * STRIDE + 4);
        w0 = plusProduct(w0, a0, s);
        w1 = plusProduct(w1, a1, s);
        aj += stride;
        ej += 8;
      }
      let gp = g + (<usize>p << 3);
      collect(gp, x0);
      collect(gp + 32, x1);
      gp += stride << 1;
      collect(gp, y0);
      collect(gp + 32, y1);
      gp += stride << 1;
      collect(gp, z0);
      collect(gp + 32, z1);
      gp += stride << 1;
      collect(gp, w0);
      collect(gp + 32, w1);
    }
    if (p < R) {
      let x = f32x4.splat(0);
      let y = f32x4.splat(0);
      let z = f32x4.splat(0);
      let w = f32x4.splat(0);
      let aj = a + (<usize>p << 2);
      let ej = e;
      while (aj < endA) {
        const a0 = v128.load(aj);
        x = plusProduct(x, a0, v128.load_splat<u32>(ej));
        y = plusProduct(y, a0, v128.load_splat<u32>(ej, STRIDE));
        z = plusProduct(z, a0, v128.load_splat<u32>(ej, 2 * STRIDE));
        w = plusProduct(w, a0, v128.load_splat<u32>(ej, 3 * STRIDE));
        aj += stride;
        ej += 4;
      }
      let gp = g + (<usize>p << 3);
      collect(gp, x);
      gp += stride << 1;
      collect(gp, y);
      gp += stride << 1;
      collect(gp, z);
      gp += stride << 1;
      collect(gp, w);
    }
    g += stride << 3;
    e += 4 * STRIDE;
  }
}

/** g (a panel) += Bᵀ·E, with `b` the rows of B. Four ranks and eight columns at a time. */
export function spreadToA(g: usize, e: usize, b: usize, height: i32, width: i32, R: i32): void {
  const stride = <usize>R << 2;
  const endB = b + <usize>height * stride;
  for (let p: i32 = 0; p < R; p += 4) {
    for (let j: i32 = 0; j < width; j += 8) {
      let x0 = f32x4.splat(0);
      let x1 = f32x4.splat(0);
      let y0 = f32x4.splat(0);
      let y1 = f32x4.splat(0);
      let z0 = f32x4.splat(0);
      let z1 = f32x4.splat(0);
      let w0 = f32x4.splat(0);
      let w1 = f32x4.splat(0);
      let bi = b + (<usize>p << 2);
      let ei = e + (<usize>j << 2);
      while (bi < endB) {
        let e0 = v128.load(ei);
        let e1 = v128.load(ei, 16);
        let s = v128.load_splat<u32>(bi);
        x0 = plusProduct(x0, e0, s);
        x1 = plusProduct(x1, e1, s);
        s = v128.load_splat<u32>(bi, 4);
        y0 = plusProduct(y0, e0, s);
        y1 = plusProduct(y1, e1, s);
        s = v128.load_splat<u32>(bi, 8);
        z0 = plusProduct(z0, e0, s);
        z1 = plusProduct(z1, e1, s);
        s = v128.load_splat<u32>(bi, 12);
        w0 = plusProduct(w0, e0, s);
        w1 = plusProduct(w1, e1, s);
        bi += stride;
        e0 = v128.load(ei, STRIDE);
        e1 = v128.load(ei, STRIDE + 16);
        s = v128.load_splat<u32>(bi);
        x0 = plusProduct(x0, e0, s);
        x1 = plusProduct(x1, e1, s);
        s = v128.load_splat<u32>(bi, 4);
        y0 = plusProduct(y0, e0, s);
        y1 = plusProduct(y1, e1, s);
        s = v128.load_splat<u32>(bi, 8);
        z0 = plusProduct(z0, e0, s);
        z1 = plusProduct(z1, e1, s);
        s = v128.load_splat<u32>(bi, 12);
        w0 = plusProduct(w0, e0, s);
        w1 = plusProduct(w1, e1, s);
        bi += stride;
        ei += 2 * STRIDE;
      }
      let gp = g + <usize>p * STRIDE64 + (<usize>j << 3);
      collect(gp, x0);
      collect(gp + 32, x1);
      gp += STRIDE64;
      collect(gp, y0);
      collect(gp + 32, y1);
      gp += STRIDE64;
      collect(gp, z0);
      collect(gp + 32, z1);
      gp += STRIDE64;
      collect(gp, w0);
      collect(gp + 32, w1);
    }
  }
}
