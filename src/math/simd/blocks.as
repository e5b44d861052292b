/** Sums over the rows of a block: its Gram matrix, its R of a QR decomposition, its product with a small matrix. */

import { COLUMN, minusProduct, plusProduct, ROWS, total } from './layout';

@inline
function add(at: usize, sums: v128): void {
  store<f64>(at, load<f64>(at) + total(sums));
}

/**
 * g (n × n, n a multiple of 4) += XᵀX of a block of n columns, without entries right of the diagonal's 2 × 2 blocks: four
 * rows and two columns of g at a time, eight sums in registers.
 */
export function gram(g: usize, X: usize, n: i32): void {
  const row = <usize>n << 3;
  for (let p: i32 = 0; p < n; p += 4)
    for (let q: i32 = 0; q < p + 4; q += 2)
      corner(g + <usize>p * row + (<usize>q << 3), row, X + <usize>p * COLUMN, X + <usize>q * COLUMN);
}

/** The same between two blocks: g (n × k, rows of k numbers) += XᵀY; n is a multiple of 4, k of 2. */
export function cross(g: usize, X: usize, Y: usize, n: i32, k: i32): void {
  const row = <usize>k << 3;
  for (let p: i32 = 0; p < n; p += 4)
    for (let q: i32 = 0; q < k; q += 2)
      corner(g + <usize>p * row + (<usize>q << 3), row, X + <usize>p * COLUMN, Y + <usize>q * COLUMN);
}

@inline
function corner(g: usize, row: usize, x: usize, y: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let c0 = f64x2.splat(0);
  let c1 = f64x2.splat(0);
  let d0 = f64x2.splat(0);
  let d1 = f64x2.splat(0);
  const end = y + COLUMN;
  while (y < end) {
    const u = v128.load(y);
    const v = v128.load(y, COLUMN);
    let w = v128.load(x);
    a0 = plusProduct(a0, w, u);
    a1 = plusProduct(a1, w, v);
    w = v128.load(x, COLUMN);
    b0 = plusProduct(b0, w, u);
    b1 = plusProduct(b1, w, v);
    w = v128.load(x, 2 * COLUMN);
    c0 = plusProduct(c0, w, u);
    c1 = plusProduct(c1, w, v);
    w = v128.load(x, 3 * COLUMN);
    d0 = plusProduct(d0, w, u);
    d1 = plusProduct(d1, w, v);
    x += 16;
    y += 16;
  }
  add(g, a0);
  add(g + 8, a1);
  g += row;
  add(g, b0);
  add(g + 8, b1);
  g += row;
  add(g, c0);
  add(g + 8, c1);
  g += row;
  add(g, d0);
  add(g + 8, d1);
}

/** Y = X·W of a block X of n columns and W (n × k, columns of n numbers, k even): eight rows and two columns at a time. */
export function product(Y: usize, X: usize, W: usize, n: i32, k: i32): void {
  const column = <usize>n << 3;
  for (let j: i32 = 0; j < k; j += 2) {
    for (let i: usize = 0; i < COLUMN; i += 64) {
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let c0 = f64x2.splat(0);
      let c1 = f64x2.splat(0);
      let d0 = f64x2.splat(0);
      let d1 = f64x2.splat(0);
      let x = X + i;
      let w = W + <usize>j * column;
      const end = w + column;
      while (w < end) {
        const u = v128.load64_splat(w);
        const v = v128.load64_splat(w + column);
        let y = v128.load(x);
        a0 = plusProduct(a0, y, u);
        a1 = plusProduct(a1, y, v);
        y = v128.load(x, 16);
        b0 = plusProduct(b0, y, u);
        b1 = plusProduct(b1, y, v);
        y = v128.load(x, 32);
        c0 = plusProduct(c0, y, u);
        c1 = plusProduct(c1, y, v);
        y = v128.load(x, 48);
        d0 = plusProduct(d0, y, u);
        d1 = plusProduct(d1, y, v);
        x += COLUMN;
        w += 8;
      }
      const y = Y + <usize>j * COLUMN + i;
      v128.store(y, a0);
      v128.store(y, b0, 16);
      v128.store(y, c0, 32);
      v128.store(y, d0, 48);
      v128.store(y, a1, COLUMN);
      v128.store(y, b1, COLUMN + 16);
      v128.store(y, c1, COLUMN + 32);
      v128.store(y, d1, COLUMN + 48);
    }
  }
}

/** Squared norms below this count as zero, as in math/factor/qr.ts. */
const NEGLIGIBLE: f64 = 1e-290;

/**
 * R of the QR decomposition of [R; X] by Householder reflections, in place of R (n × n, upper, row by row) and X (a block,
 * left with the vectors). Row j of R meets the reflection of column j alone, so that the rows of a tall matrix are taken
 * block by block, each in the processor's first cache (Golub and Van Loan, 4th ed., sections 5.1 and 5.2).
 */
export function reflect(R: usize, X: usize, n: i32): void {
  const row = <usize>n << 3;
  for (let j: i32 = 0; j < n; j++) {
    const x = X + <usize>j * COLUMN;
    const r = R + <usize>j * row;
    const alpha = load<f64>(r + (<usize>j << 3));
    let s = f64x2.splat(0);
    let t = f64x2.splat(0);
    for (let i: usize = 0; i < COLUMN; i += 32) {
      const u = v128.load(x + i);
      const v = v128.load(x + i, 16);
      s = plusProduct(s, u, u);
      t = plusProduct(t, v, v);
    }
    const rest = total(f64x2.add(s, t));
    const square = alpha * alpha + rest;
    if (rest === 0 || square < NEGLIGIBLE) continue;
    const norm = Math.sqrt(square);
    const beta = alpha > 0 ? -norm : norm;
    const first = f64x2.splat(1 / (alpha - beta));
    for (let i: usize = 0; i < COLUMN; i += 16) v128.store(x + i, f64x2.mul(v128.load(x + i), first));
    store<f64>(r + (<usize>j << 3), beta);
    const tau = (beta - alpha) / beta;
    let k = j + 1;
    for (; k + 4 <= n; k += 4) four(r + (<usize>k << 3), x, X + <usize>k * COLUMN, tau);
    for (; k < n; k++) one(r + (<usize>k << 3), x, X + <usize>k * COLUMN, tau);
  }
}

@inline
function four(r: usize, x: usize, y: usize, tau: f64): void {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (let i: usize = 0; i < COLUMN; i += 16) {
    const v = v128.load(x + i);
    a = plusProduct(a, v, v128.load(y + i));
    b = plusProduct(b, v, v128.load(y + i, COLUMN));
    c = plusProduct(c, v, v128.load(y + i, 2 * COLUMN));
    d = plusProduct(d, v, v128.load(y + i, 3 * COLUMN));
  }
  a = share(r, a, tau);
  b = share(r + 8, b, tau);
  c = share(r + 16, c, tau);
  d = share(r + 24, d, tau);
  for (let i: usize = 0; i < COLUMN; i += 16) {
    const v = v128.load(x + i);
    v128.store(y + i, minusProduct(v128.load(y + i), v, a));
    v128.store(y + i, minusProduct(v128.load(y + i, COLUMN), v, b), COLUMN);
    v128.store(y + i, minusProduct(v128.load(y + i, 2 * COLUMN), v, c), 2 * COLUMN);
    v128.store(y + i, minusProduct(v128.load(y + i, 3 * COLUMN), v, d), 3 * COLUMN);
  }
}

@inline
function one(r: usize, x: usize, y: usize, tau: f64): void {
  let a = f64x2.splat(0);
  for (let i: usize = 0; i < COLUMN; i += 16) a = plusProduct(a, v128.load(x + i), v128.load(y + i));
  a = share(r, a, tau);
  for (let i: usize = 0; i < COLUMN; i += 16) v128.store(y + i, minusProduct(v128.load(y + i), v128.load(x + i), a));
}

/** τ·(entry of R + sum), which is subtracted from the entry. */
@inline
function share(r: usize, sums: v128, tau: f64): v128 {
  const s = tau * (load<f64>(r) + total(sums));
  store<f64>(r, load<f64>(r) - s);
  return f64x2.splat(s);
}
