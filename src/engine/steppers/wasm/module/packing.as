/** The data that a pass over ΔW* reads repeatedly, in reading order. */

import { D, lengthA, panelA, panelT, R, STRIDE, scaledB, theta } from './layout';
import { load2 } from './vectors';

/**
 * s·B in blocks of four rows: the four numbers of a rank are neighbours. T is f32 or f64; in float64 the products are
 * rounded far below their own accuracy.
 */
export function packB<T>(s: f64): void {
  const row = <usize>R << 2;
  const B = theta + (<usize>lengthA << 2);
  const end = B + <usize>D * row;
  let to = scaledB;
  for (let block = B; block < end; block += row << 2) {
    for (let at = block; at < block + row; at += 4) {
      for (let i: usize = 0; i < 4; i++) {
        store<T>(to, <T>(s * <f64>load<f32>(at + i * row)));
        to += sizeof<T>();
      }
    }
  }
}

/** A panel of A in float64, in strips of four columns. */
export function packStrips64(panel: usize): void {
  const end = panel + <usize>R * STRIDE;
  let to = panelA;
  for (let j: usize = 0; j < STRIDE; j += 16) {
    for (let at = panel + j; at < end; at += STRIDE) {
      v128.store(to, load2(at));
      v128.store(to, load2(at + 8), 16);
      to += 32;
    }
  }
}

/** A panel of A in float32, in strips of eight columns. */
export function packStrips32(panel: usize): void {
  const end = panel + <usize>R * STRIDE;
  let to = panelA;
  for (let j: usize = 0; j < STRIDE; j += 32) {
    for (let at = panel + j; at < end; at += STRIDE) {
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
      to += 32;
    }
  }
}

/** A panel of A transposed: 64 rows of R. */
export function transpose(panel: usize): void {
  const end = panel + <usize>R * STRIDE;
  let to = panelT;
  for (let j: usize = 0; j < STRIDE; j += 4) {
    for (let at = panel + j; at < end; at += STRIDE) {
      store<f32>(to, load<f32>(at));
      to += 4;
    }
  }
}
