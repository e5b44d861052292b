/** ScaledGD and LoRA-Pro: steps that take both factors. Their twin is ../../pairs.ts, where the formulas stand. */

import { columnsToRows, widen } from './algebraic';
import { cholesky, eigen, product, solve, transposed } from './eigen';
import { gram } from './gram';
import {
  chunk,
  D,
  gradient,
  gramA,
  gramB,
  lengthA,
  panelA,
  panels,
  R,
  rank,
  STRIDE,
  STRIDE64,
  squares,
  TILE,
  theta,
  widthOf,
} from './layout';
import { load2, plusProduct64, store2, total } from './vectors';

/** The inverses are of G + 10⁻⁶·λmax·I. */
const DAMPING: f64 = 1e-6;

/** A scratch matrix of `squares`, R × R numbers of float64. */
@inline
function square(i: i32): usize {
  return squares + <usize>(i * R * R << 3);
}

/** Those that hold the results: what the gradients of A and B are multiplied by, and what A and B are. */
const BY_GRADIENT: i32 = 0;
const BY_FACTOR: i32 = 1;

function gramOfA(): void {
  memory.fill(gramA, 0, <usize>(R * R) << 3);
  for (let c: i32 = 0; c < panels; c++) {
    widen(theta + <usize>(c * R) * STRIDE);
    gram(gramA, panelA, R);
  }
}

function gramOfB(): void {
  const B = theta + (<usize>lengthA << 2);
  memory.fill(gramB, 0, <usize>(R * R) << 3);
  for (let i: i32 = 0; i < D; i += TILE) {
    columnsToRows(B + <usize>(i * R) * 4, min(TILE, D - i));
    gram(gramB, panelA, R);
  }
}

/** A Gram matrix without padding: n × n, whole. */
function dense(G: usize, to: usize): void {
  for (let i: i32 = 0; i < rank; i++) {
    for (let j: i32 = 0; j < rank; j++) {
      store<f64>(to + (<usize>(i * rank + j) << 3), load<f64>(G + (<usize>(max(i, j) * R + min(i, j)) << 3)));
    }
  }
}

/** The n × n numbers of a padded matrix. */
function unpadded(from: usize, to: usize): void {
  for (let i: i32 = 0; i < rank; i++)
    memory.copy(to + (<usize>(i * rank) << 3), from + (<usize>(i * R) << 3), <usize>rank << 3);
}

/** An n × n matrix with its padding, times s. */
function padded(from: usize, to: usize, s: f64): void {
  memory.fill(to, 0, <usize>(R * R) << 3);
  for (let i: i32 = 0; i < rank; i++) {
    for (let j: i32 = 0; j < rank; j++) {
      store<f64>(to + (<usize>(i * R + j) << 3), s * load<f64>(from + (<usize>(i * rank + j) << 3)));
    }
  }
}

/** λmax of an n × n matrix, at least 0; NaN if an entry is not finite. Spends `scratch` and the chunk. */
function largest(M: usize, scratch: usize): f64 {
  memory.copy(scratch, M, <usize>(rank * rank) << 3);
  eigen(scratch, chunk, chunk + (<usize>rank << 3), rank, false);
  let most: f64 = 0;
  for (let i: i32 = 0; i < rank; i++) {
    const value = load<f64>(chunk + (<usize>i << 3));
    if (value > most || value !== value) most = value;
  }
  return most;
}

/** M becomes its damped self and `to` its inverse; 0 stays 0. Returns whether there is an inverse. */
function invert(M: usize, to: usize, scratch: usize): bool {
  const n = rank;
  const most = largest(M, scratch);
  memory.fill(to, 0, <usize>(n * n) << 3);
  if (most === 0) return false;
  for (let i: i32 = 0; i < n; i++) {
    const at = M + (<usize>(i * n + i) << 3);
    store<f64>(at, load<f64>(at) + DAMPING * most);
    store<f64>(to + (<usize>(i * n + i) << 3), 1);
  }
  cholesky(M, scratch, n, 0);
  for (let i: i32 = 0; i < n; i++) solve(scratch, to + (<usize>(i * n) << 3), n);
  return true;
}

/** B ← B − η·g_B·(s²·AAᵀ)⁻¹; returns ‖ΔB‖². */
export function scaledB(s: f64, rate: f64): f64 {
  gramOfA();
  dense(gramA, square(2));
  invert(square(2), square(3), square(4));
  padded(square(3), square(BY_GRADIENT), 1);
  return moveB(rate / (s * s), false);
}

/** A ← A − η·(s²·BᵀB)⁻¹·g_A; returns ‖ΔA‖². */
export function scaledA(s: f64, rate: f64): f64 {
  gramOfB();
  dense(gramB, square(2));
  invert(square(2), square(3), square(4));
  padded(square(3), square(BY_GRADIENT), 1);
  return moveA(rate / (s * s), false);
}

/** One step of LoRA-Pro, or of the factor that trains; the moves' squared norms go to `moved`, A's before B's. */
export function loraPro(s: f64, rateA: f64, rateB: f64, trainsA: bool, trainsB: bool, moved: usize): void {
  const n = rank;
  const P = square(2);
  const inverseP = square(3);
  const scratch = square(4);
  const Q = square(5);
  const inverseQ = square(6);
  const X = square(7);
  const C = square(8);
  const both = trainsA && trainsB;
  gramOfA();
  dense(gramA, Q);
  gramOfB();
  dense(gramB, P);
  const hasP = invert(P, inverseP, scratch);
  turn(Q, inverseQ);
  memory.fill(X, 0, <usize>(2 * R * R) << 3);
  if (both && hasP) {
    cross();
    // C = P⁻¹·g_A·Aᵀ, where g_A·Aᵀ is Bᵀ·g_B too.
    unpadded(square(BY_FACTOR), scratch);
    product(C, inverseP, scratch, n);
    sylvester(P, C, X);
  }
  padded(inverseP, square(BY_GRADIENT), 1);
  padded(X, square(BY_FACTOR), -1);
  store<f64>(moved, trainsA ? moveA(rateA / (s * s), both) : 0);
  product(scratch, C, inverseQ, n);
  for (let at: usize = 0; at < <usize>(n * n) << 3; at += 8)
    store<f64>(scratch + at, load<f64>(X + at) - load<f64>(scratch + at));
  padded(inverseQ, square(BY_GRADIENT), 1);
  padded(scratch, square(BY_FACTOR), 1);
  store<f64>(moved, trainsB ? moveB(rateB / (s * s), both) : 0, 8);
}

/** The damped eigenvalues of Q in the chunk, its eigenvectors as rows of square 9, and its inverse, that of 0 being 0. */
function turn(Q: usize, inverse: usize): void {
  const n = rank;
  const row = <usize>n << 3;
  const V = square(9);
  eigen(Q, chunk, chunk + row, n, true);
  let most: f64 = 0;
  for (let i: i32 = 0; i < n; i++) {
    const value = load<f64>(chunk + (<usize>i << 3));
    if (value > most || value !== value) most = value;
    for (let j: i32 = 0; j < n; j++)
      store<f64>(V + (<usize>(j * n + i) << 3), load<f64>(Q + (<usize>(i * n + j) << 3)));
  }
  memory.fill(inverse, 0, <usize>n * row);
  if (most === 0) return;
  for (let k: i32 = 0; k < n; k++) {
    const at = chunk + (<usize>k << 3);
    const value = max(load<f64>(at), 0) + DAMPING * most;
    store<f64>(at, value);
    const over = 1 / value;
    const v = V + <usize>k * row;
    for (let i: i32 = 0; i < n; i++) {
      const x = over * load<f64>(v + (<usize>i << 3));
      const to = inverse + <usize>i * row;
      for (let j: usize = 0; j < row; j += 8) store<f64>(to + j, load<f64>(to + j) + x * load<f64>(v + j));
    }
  }
}

/** X (n × n) with P·X + X·Q = C after turn(Q). With the eigenvectors v of Q: (P + μ·I)·X·v = C·v, by Cholesky. */
function sylvester(P: usize, C: usize, X: usize): void {
  const n = rank;
  const row = <usize>n << 3;
  const V = square(9);
  const T = square(10);
  const L = square(4);
  // A row of V is an eigenvector, one of T is C·v and then X·v.
  transposed(L, C, n);
  product(T, V, L, n);
  for (let j: i32 = 0; j < n; j++) {
    cholesky(P, L, n, load<f64>(chunk + (<usize>j << 3)));
    solve(L, T + <usize>j * row, n);
  }
  transposed(L, T, n);
  product(X, L, V, n);
}

/** g_A·Aᵀ, R × R. Four rows and two columns at a time. */
function cross(): void {
  const h = square(BY_FACTOR);
  const row = <usize>R << 3;
  memory.fill(h, 0, <usize>R * row);
  for (let c: i32 = 0; c < panels; c++) {
    widen(theta + <usize>(c * R) * STRIDE);
    const g = gradient + <usize>(c * R) * STRIDE64;
    for (let p: i32 = 0; p < R; p += 4) {
      for (let q: i32 = 0; q < R; q += 2) {
        let x0 = f64x2.splat(0);
        let x1 = f64x2.splat(0);
        let y0 = f64x2.splat(0);
        let y1 = f64x2.splat(0);
        let z0 = f64x2.splat(0);
        let z1 = f64x2.splat(0);
        let w0 = f64x2.splat(0);
        let w1 = f64x2.splat(0);
        let xp = g + <usize>p * STRIDE64;
        let xq = panelA + <usize>q * STRIDE64;
        const end = xq + STRIDE64;
        while (xq < end) {
          const a = v128.load(xq);
          const b = v128.load(xq, STRIDE64);
          let e = v128.load(xp);
          x0 = plusProduct64(x0, e, a);
          x1 = plusProduct64(x1, e, b);
          e = v128.load(xp, STRIDE64);
          y0 = plusProduct64(y0, e, a);
          y1 = plusProduct64(y1, e, b);
          e = v128.load(xp, 2 * STRIDE64);
          z0 = plusProduct64(z0, e, a);
          z1 = plusProduct64(z1, e, b);
          e = v128.load(xp, 3 * STRIDE64);
          w0 = plusProduct64(w0, e, a);
          w1 = plusProduct64(w1, e, b);
          xp += 16;
          xq += 16;
        }
        let at = h + <usize>p * row + (<usize>q << 3);
        addPair(at, x0, x1);
        at += row;
        addPair(at, y0, y1);
        at += row;
        addPair(at, z0, z1);
        at += row;
        addPair(at, w0, w1);
      }
    }
  }
}

@inline
function addPair(at: usize, x: v128, y: v128): void {
  store<f64>(at, load<f64>(at) + total(x));
  store<f64>(at, load<f64>(at, 8) + total(y), 8);
}

/** A ← A − rate·(T·g_A + U·A), U only if `both`; returns the squared norm. Eight columns at a time, in `chunk` first. */
function moveA(rate: f64, both: bool): f64 {
  const row = <usize>R << 3;
  const by = f64x2.splat(rate);
  let sums = f64x2.splat(0);
  for (let c: i32 = 0; c < panels; c++) {
    const width = widthOf(c);
    for (let j: i32 = 0; j < width; j += 8) {
      const g = gradient + <usize>(c * R) * STRIDE64 + (<usize>j << 3);
      const a = theta + <usize>(c * R) * STRIDE + (<usize>j << 2);
      for (let p: i32 = 0; p < R; p++) {
        let x0 = f64x2.splat(0);
        let x1 = f64x2.splat(0);
        let x2 = f64x2.splat(0);
        let x3 = f64x2.splat(0);
        let t = square(BY_GRADIENT) + <usize>p * row;
        for (let at = g, end = g + <usize>R * STRIDE64; at < end; at += STRIDE64) {
          const f = v128.load_splat<u64>(t);
          x0 = plusProduct64(x0, f, v128.load(at));
          x1 = plusProduct64(x1, f, v128.load(at, 16));
          x2 = plusProduct64(x2, f, v128.load(at, 32));
          x3 = plusProduct64(x3, f, v128.load(at, 48));
          t += 8;
        }
        if (both) {
          t = square(BY_FACTOR) + <usize>p * row;
          for (let at = a, end = a + <usize>R * STRIDE; at < end; at += STRIDE) {
            const f = v128.load_splat<u64>(t);
            x0 = plusProduct64(x0, f, load2(at));
            x1 = plusProduct64(x1, f, load2(at + 8));
            x2 = plusProduct64(x2, f, load2(at + 16));
            x3 = plusProduct64(x3, f, load2(at + 24));
            t += 8;
          }
        }
        const to = chunk + (<usize>p << 6);
        v128.store(to, x0);
        v128.store(to, x1, 16);
        v128.store(to, x2, 32);
        v128.store(to, x3, 48);
      }
      for (let p: i32 = 0; p < R; p++) {
        for (let i: usize = 0; i < 4; i++) {
          const delta = f64x2.mul(by, v128.load(chunk + (<usize>p << 6) + (i << 4)));
          const at = a + <usize>p * STRIDE + (i << 3);
          store2(at, f64x2.sub(load2(at), delta));
          sums = f64x2.add(sums, f64x2.mul(delta, delta));
        }
      }
    }
  }
  return total(sums);
}

/** B ← B − rate·(g_B·T + B·U), U only if `both`; returns the squared norm. Two rows and four columns at a time. */
function moveB(rate: f64, both: bool): f64 {
  const row = <usize>R << 3;
  const by = f64x2.splat(rate);
  let sums = f64x2.splat(0);
  let g = gradient + (<usize>lengthA << 3);
  let b = theta + (<usize>lengthA << 2);
  for (const last = b + <usize>(D * R) * 4; b < last; b += row) {
    for (let p: i32 = 0; p < R; p += 4) {
      let x0 = f64x2.splat(0);
      let x1 = f64x2.splat(0);
      let y0 = f64x2.splat(0);
      let y1 = f64x2.splat(0);
      let t = square(BY_GRADIENT) + (<usize>p << 3);
      for (let at = g, end = g + row; at < end; at += 8) {
        const first = v128.load(t);
        const second = v128.load(t, 16);
        let f = v128.load_splat<u64>(at);
        x0 = plusProduct64(x0, f, first);
        x1 = plusProduct64(x1, f, second);
        f = v128.load_splat<u64>(at + row);
        y0 = plusProduct64(y0, f, first);
        y1 = plusProduct64(y1, f, second);
        t += row;
      }
      if (both) {
        t = square(BY_FACTOR) + (<usize>p << 3);
        for (let at = b, end = b + (row >> 1); at < end; at += 4) {
          const first = v128.load(t);
          const second = v128.load(t, 16);
          let f = f64x2.splat(<f64>load<f32>(at));
          x0 = plusProduct64(x0, f, first);
          x1 = plusProduct64(x1, f, second);
          f = f64x2.splat(<f64>load<f32>(at + (row >> 1)));
          y0 = plusProduct64(y0, f, first);
          y1 = plusProduct64(y1, f, second);
          t += row;
        }
      }
      const to = chunk + (<usize>p << 3);
      v128.store(to, x0);
      v128.store(to, x1, 16);
      v128.store(to + row, y0);
      v128.store(to + row, y1, 16);
    }
    // Both rows are as long as one of the chunk's in bytes.
    for (let i: usize = 0; i < row; i += 8) {
      const delta = f64x2.mul(by, v128.load(chunk + 2 * i));
      store2(b + i, f64x2.sub(load2(b + i), delta));
      sums = f64x2.add(sums, f64x2.mul(delta, delta));
    }
    g += 2 * row;
  }
  return total(sums);
}
