/** The reflections of math/factor/qr.ts, on a matrix row by row: its columns are the lanes. */

/** Vectors whose squared norm is below this count as zero, as in math/factor/qr.ts. */
const NEGLIGIBLE: f64 = 1e-290;

/**
 * Takes column j of D (rows `stride` bytes apart) from row j on into v, n numbers, makes its reflection there and writes
 * it back: β on the diagonal, the rest of v below. Returns τ.
 */
export function reflector(D: usize, stride: usize, j: i32, n: i32, v: usize): f64 {
  const top = D + <usize>j * stride + (<usize>j << 3);
  const alpha = load<f64>(top);
  let rest: f64 = 0;
  let at = top + stride;
  const end = v + (<usize>n << 3);
  for (let to = v + 8; to < end; to += 8) {
    const x = load<f64>(at);
    store<f64>(to, x);
    rest += x * x;
    at += stride;
  }
  const square = alpha * alpha + rest;
  if (square < NEGLIGIBLE || rest === 0) {
    if (square < NEGLIGIBLE) store<f64>(top, 0);
    at = top + stride;
    for (let to = v + 8; to < end; to += 8) {
      store<f64>(at, 0);
      at += stride;
    }
    return 0;
  }
  const norm = Math.sqrt(square);
  const beta = alpha > 0 ? -norm : norm;
  const first = alpha - beta;
  at = top + stride;
  for (let to = v + 8; to < end; to += 8) {
    const x = load<f64>(to) / first;
    store<f64>(to, x);
    store<f64>(at, x);
    at += stride;
  }
  store<f64>(top, beta);
  return (beta - alpha) / beta;
}

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

@inline
function less(at: usize, x: v128, y: v128): void {
  v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(x, y)));
}

/** Applies I − τ·v·vᵀ (v of n numbers, the first of them 1 and not read) to `count` columns of n rows from `data` on. */
export function apply(v: usize, tau: f64, data: usize, stride: usize, n: i32, count: i32): void {
  if (tau === 0) return;
  const end = v + (<usize>n << 3);
  const t = f64x2.splat(tau);
  let j: i32 = 0;
  for (; j + 12 <= count; j += 12) {
    const top = data + (<usize>j << 3);
    let s0 = v128.load(top);
    let s1 = v128.load(top, 16);
    let s2 = v128.load(top, 32);
    let s3 = v128.load(top, 48);
    let s4 = v128.load(top, 64);
    let s5 = v128.load(top, 80);
    let at = top;
    for (let i = v + 8; i < end; i += 8) {
      at += stride;
      const x = v128.load64_splat(i);
      s0 = plus(s0, x, v128.load(at));
      s1 = plus(s1, x, v128.load(at, 16));
      s2 = plus(s2, x, v128.load(at, 32));
      s3 = plus(s3, x, v128.load(at, 48));
      s4 = plus(s4, x, v128.load(at, 64));
      s5 = plus(s5, x, v128.load(at, 80));
    }
    s0 = f64x2.mul(s0, t);
    s1 = f64x2.mul(s1, t);
    s2 = f64x2.mul(s2, t);
    s3 = f64x2.mul(s3, t);
    s4 = f64x2.mul(s4, t);
    s5 = f64x2.mul(s5, t);
    v128.store(top, f64x2.sub(v128.load(top), s0));
    v128.store(top, f64x2.sub(v128.load(top, 16), s1), 16);
    v128.store(top, f64x2.sub(v128.load(top, 32), s2), 32);
    v128.store(top, f64x2.sub(v128.load(top, 48), s3), 48);
    v128.store(top, f64x2.sub(v128.load(top, 64), s4), 64);
    v128.store(top, f64x2.sub(v128.load(top, 80), s5), 80);
    at = top;
    for (let i = v + 8; i < end; i += 8) {
      at += stride;
      const x = v128.load64_splat(i);
      less(at, x, s0);
      less(at + 16, x, s1);
      less(at + 32, x, s2);
      less(at + 48, x, s3);
      less(at + 64, x, s4);
      less(at + 80, x, s5);
    }
  }
  for (; j + 2 <= count; j += 2) {
    const top = data + (<usize>j << 3);
    let s = v128.load(top);
    let at = top;
    for (let i = v + 8; i < end; i += 8) {
      at += stride;
      s = plus(s, v128.load64_splat(i), v128.load(at));
    }
    s = f64x2.mul(s, t);
    v128.store(top, f64x2.sub(v128.load(top), s));
    at = top;
    for (let i = v + 8; i < end; i += 8) {
      at += stride;
      less(at, v128.load64_splat(i), s);
    }
  }
  if (j < count) {
    const top = data + (<usize>j << 3);
    let s = load<f64>(top);
    let at = top;
    for (let i = v + 8; i < end; i += 8) {
      at += stride;
      s += load<f64>(i) * load<f64>(at);
    }
    s *= tau;
    store<f64>(top, load<f64>(top) - s);
    at = top;
    for (let i = v + 8; i < end; i += 8) {
      at += stride;
      store<f64>(at, load<f64>(at) - load<f64>(i) * s);
    }
  }
}
