/**
 * Contribution of a tile of E to the gradient of B over s: E·Aᵀ. Products are summed in float32 within the tile, 64 terms at most,
 * and the tiles in float64.
 */

import { STRIDE } from './layout';
import { collect, plusProduct32 } from './vectors';

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
        x0 = plusProduct32(x0, a0, s);
        x1 = plusProduct32(x1, a1, s);
        s = v128.load_splat<u32>(ej, STRIDE);
        y0 = plusProduct32(y0, a0, s);
        y1 = plusProduct32(y1, a1, s);
        s = v128.load_splat<u32>(ej, 2 * STRIDE);
        z0 = plusProduct32(z0, a0, s);
        z1 = plusProduct32(z1, a1, s);
        s = v128.load_splat<u32>(ej, 3 * STRIDE);
        w0 = plusProduct32(w0, a0, s);
        w1 = plusProduct32(w1, a1, s);
        aj += stride;
        a0 = v128.load(aj);
        a1 = v128.load(aj, 16);
        s = v128.load_splat<u32>(ej, 4);
        x0 = plusProduct32(x0, a0, s);
        x1 = plusProduct32(x1, a1, s);
        s = v128.load_splat<u32>(ej, STRIDE + 4);
        y0 = plusProduct32(y0, a0, s);
        y1 = plusProduct32(y1, a1, s);
        s = v128.load_splat<u32>(ej, 2 * STRIDE + 4);
        z0 = plusProduct32(z0, a0, s);
        z1 = plusProduct32(z1, a1, s);
        s = v128.load_splat<u32>(ej, 3 * STRIDE + 4);
        w0 = plusProduct32(w0, a0, s);
        w1 = plusProduct32(w1, a1, s);
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
        x = plusProduct32(x, a0, v128.load_splat<u32>(ej));
        y = plusProduct32(y, a0, v128.load_splat<u32>(ej, STRIDE));
        z = plusProduct32(z, a0, v128.load_splat<u32>(ej, 2 * STRIDE));
        w = plusProduct32(w, a0, v128.load_splat<u32>(ej, 3 * STRIDE));
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
