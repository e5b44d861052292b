/**
 * The reflections of math/factor/qr.ts on a matrix in panels of eight columns, each panel row by row: its columns are
 * the lanes. Reflection j has n − j numbers at V + j·(n + 1), the first of them 1 and not stored.
 */

/** Vectors whose squared norm is below this count as zero, as in math/factor/qr.ts. */
const NEGLIGIBLE: f64 = 1e-290;
/** Bytes of a row of a panel. */
const ROW: usize = 64;

@inline
function vectorOf(V: usize, n: i32, j: i32): usize {
  return V + ((<usize>j * <usize>(n + 1)) << 3);
}

/** Takes the column that begins at `top` into v, n numbers, and makes its reflection there: β at `top`. Returns τ. */
function reflector(top: usize, n: i32, v: usize): f64 {
  const alpha = load<f64>(top);
  let rest: f64 = 0;
  let at = top + ROW;
  const end = v + (<usize>n << 3);
  for (let to = v + 8; to < end; to += 8) {
    const x = load<f64>(at);
    store<f64>(to, x);
    rest += x * x;
    at += ROW;
  }
  const square = alpha * alpha + rest;
  if (square < NEGLIGIBLE || rest === 0) {
    if (square < NEGLIGIBLE) store<f64>(top, 0);
    for (let to = v + 8; to < end; to += 8) store<f64>(to, 0);
    return 0;
  }
  const norm = Math.sqrt(square);
  const beta = alpha > 0 ? -norm : norm;
  const first = alpha - beta;
  for (let to = v + 8; to < end; to += 8) store<f64>(to, load<f64>(to) / first);
  store<f64>(top, beta);
  return (beta - alpha) / beta;
}

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

@inline
function less(at: usize, x: v128, y: v128): v128 {
  return f64x2.sub(v128.load(at), f64x2.mul(x, y));
}

/** Applies reflection j to `count` columns, n − j rows, from `top` on. */
function applyTo(v: usize, tau: f64, top: usize, n: i32, count: i32): void {
  if (tau === 0) return;
  const end = v + (<usize>n << 3);
  for (let c: i32 = 0; c < count; c++) {
    const first = top + (<usize>c << 3);
    let s = load<f64>(first);
    let at = first;
    for (let i = v + 8; i < end; i += 8) {
      at += ROW;
      s += load<f64>(i) * load<f64>(at);
    }
    s *= tau;
    store<f64>(first, load<f64>(first) - s);
    at = first;
    for (let i = v + 8; i < end; i += 8) {
      at += ROW;
      store<f64>(at, load<f64>(at) - load<f64>(i) * s);
    }
  }
}

/**
 * Applies reflections `from`, from + by, … up to the one before `to` to a whole panel. While the panel is read for one
 * of them, the sums for the next are taken: every sum is over rows ascending, as if they were applied one by one.
 */
function sweep(panel: usize, V: usize, tau: usize, n: i32, from: i32, to: i32, by: i32): void {
  let j = from;
  while (j !== to && load<f64>(tau + (<usize>j << 3)) === 0) j += by;
  if (j === to) return;
  const bottom = panel + <usize>n * ROW;
  let at = panel + <usize>j * ROW;
  let s0 = v128.load(at);
  let s1 = v128.load(at, 16);
  let s2 = v128.load(at, 32);
  let s3 = v128.load(at, 48);
  at += ROW;
  for (let i = vectorOf(V, n, j) + 8; at < bottom; i += 8) {
    const x = v128.load64_splat(i);
    s0 = plus(s0, x, v128.load(at));
    s1 = plus(s1, x, v128.load(at, 16));
    s2 = plus(s2, x, v128.load(at, 32));
    s3 = plus(s3, x, v128.load(at, 48));
    at += ROW;
  }
  for (;;) {
    let next = j + by;
    while (next !== to && load<f64>(tau + (<usize>next << 3)) === 0) next += by;
    const t = v128.load64_splat(tau + (<usize>j << 3));
    s0 = f64x2.mul(s0, t);
    s1 = f64x2.mul(s1, t);
    s2 = f64x2.mul(s2, t);
    s3 = f64x2.mul(s3, t);
    at = panel + <usize>j * ROW;
    let i = vectorOf(V, n, j) + 8;
    if (next === to) {
      v128.store(at, f64x2.sub(v128.load(at), s0));
      v128.store(at, f64x2.sub(v128.load(at, 16), s1), 16);
      v128.store(at, f64x2.sub(v128.load(at, 32), s2), 32);
      v128.store(at, f64x2.sub(v128.load(at, 48), s3), 48);
      for (at += ROW; at < bottom; at += ROW) {
        const x = v128.load64_splat(i);
        v128.store(at, less(at, x, s0));
        v128.store(at, less(at + 16, x, s1), 16);
        v128.store(at, less(at + 32, x, s2), 32);
        v128.store(at, less(at + 48, x, s3), 48);
        i += 8;
      }
      return;
    }
    const start = panel + <usize>next * ROW;
    let k = vectorOf(V, n, next) + 8;
    let r0: v128;
    let r1: v128;
    let r2: v128;
    let r3: v128;
    if (by > 0) {
      // Rows above the next one's first are only changed.
      v128.store(at, f64x2.sub(v128.load(at), s0));
      v128.store(at, f64x2.sub(v128.load(at, 16), s1), 16);
      v128.store(at, f64x2.sub(v128.load(at, 32), s2), 32);
      v128.store(at, f64x2.sub(v128.load(at, 48), s3), 48);
      for (at += ROW; at < start; at += ROW) {
        const x = v128.load64_splat(i);
        v128.store(at, less(at, x, s0));
        v128.store(at, less(at + 16, x, s1), 16);
        v128.store(at, less(at + 32, x, s2), 32);
        v128.store(at, less(at + 48, x, s3), 48);
        i += 8;
      }
      const x = v128.load64_splat(i);
      r0 = less(at, x, s0);
      r1 = less(at + 16, x, s1);
      r2 = less(at + 32, x, s2);
      r3 = less(at + 48, x, s3);
      v128.store(at, r0);
      v128.store(at, r1, 16);
      v128.store(at, r2, 32);
      v128.store(at, r3, 48);
      i += 8;
    } else {
      // Rows above this one's first are only added up.
      r0 = v128.load(start);
      r1 = v128.load(start, 16);
      r2 = v128.load(start, 32);
      r3 = v128.load(start, 48);
      for (let above = start + ROW; above < at; above += ROW) {
        const y = v128.load64_splat(k);
        r0 = plus(r0, y, v128.load(above));
        r1 = plus(r1, y, v128.load(above, 16));
        r2 = plus(r2, y, v128.load(above, 32));
        r3 = plus(r3, y, v128.load(above, 48));
        k += 8;
      }
      const y = v128.load64_splat(k);
      let d = f64x2.sub(v128.load(at), s0);
      v128.store(at, d);
      r0 = plus(r0, y, d);
      d = f64x2.sub(v128.load(at, 16), s1);
      v128.store(at, d, 16);
      r1 = plus(r1, y, d);
      d = f64x2.sub(v128.load(at, 32), s2);
      v128.store(at, d, 32);
      r2 = plus(r2, y, d);
      d = f64x2.sub(v128.load(at, 48), s3);
      v128.store(at, d, 48);
      r3 = plus(r3, y, d);
      k += 8;
    }
    for (at += ROW; at < bottom; at += ROW) {
      const x = v128.load64_splat(i);
      const y = v128.load64_splat(k);
      let d = less(at, x, s0);
      v128.store(at, d);
      r0 = plus(r0, y, d);
      d = less(at + 16, x, s1);
      v128.store(at, d, 16);
      r1 = plus(r1, y, d);
      d = less(at + 32, x, s2);
      v128.store(at, d, 32);
      r2 = plus(r2, y, d);
      d = less(at + 48, x, s3);
      v128.store(at, d, 48);
      r3 = plus(r3, y, d);
      i += 8;
      k += 8;
    }
    s0 = r0;
    s1 = r1;
    s2 = r2;
    s3 = r3;
    j = next;
  }
}

/** Panel `first`/8 of n rows: the reflections before column `first`, then those of its own columns, up to q in all. */
export function factorPanel(panel: usize, V: usize, tau: usize, n: i32, first: i32, q: i32): void {
  sweep(panel, V, tau, n, 0, min(first, q), 1);
  for (let c: i32 = 0; c < 8 && first + c < q; c++) {
    const j = first + c;
    const top = panel + <usize>j * ROW + (<usize>c << 3);
    const v = vectorOf(V, n, j);
    const t = reflector(top, n - j, v);
    store<f64>(tau + (<usize>j << 3), t);
    applyTo(v, t, top + 8, n - j, 7 - c);
  }
}

/**
 * Q times a panel of the identity, whose signs are on its diagonal: column j is untouched by the reflections after j.
 */
export function formPanel(panel: usize, V: usize, tau: usize, n: i32, first: i32, q: i32): void {
  for (let j = min(first + 8, q) - 1; j > first; j--) {
    const c = j - first;
    applyTo(vectorOf(V, n, j), load<f64>(tau + (<usize>j << 3)), panel + <usize>j * ROW + (<usize>c << 3), n - j, 8 - c);
  }
  sweep(panel, V, tau, n, first, -1, -1);
}
