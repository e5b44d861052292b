/**
 * Contribution of a tile of E to the gradient of A over s: Bᵀ·E. Products are summed in float32 within the tile, 64 terms at most,
 * and the tiles in float64.
 */

import { STRIDE, STRIDE64 } from './layout';
import { collect, plusProduct32 } from './vectors';

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
        x0 = plusProduct32(x0, e0, s);
        x1 = plusProduct32(x1, e1, s);
        s = v128.load_splat<u32>(bi, 4);
        y0 = plusProduct32(y0, e0, s);
        y1 = plusProduct32(y1, e1, s);
        s = v128.load_splat<u32>(bi, 8);
        z0 = plusProduct32(z0, e0, s);
        z1 = plusProduct32(z1, e1, s);
        s = v128.load_splat<u32>(bi, 12);
        w0 = plusProduct32(w0, e0, s);
        w1 = plusProduct32(w1, e1, s);
        bi += stride;
        e0 = v128.load(ei, STRIDE);
        e1 = v128.load(ei, STRIDE + 16);
        s = v128.load_splat<u32>(bi);
        x0 = plusProduct32(x0, e0, s);
        x1 = plusProduct32(x1, e1, s);
        s = v128.load_splat<u32>(bi, 4);
        y0 = plusProduct32(y0, e0, s);
        y1 = plusProduct32(y1, e1, s);
        s = v128.load_splat<u32>(bi, 8);
        z0 = plusProduct32(z0, e0, s);
        z1 = plusProduct32(z1, e1, s);
        s = v128.load_splat<u32>(bi, 12);
        w0 = plusProduct32(w0, e0, s);
        w1 = plusProduct32(w1, e1, s);
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
