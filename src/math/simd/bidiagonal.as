/** The twin of bidiagonalise in math/spectral/bidiagonal.ts, two numbers at a time. */

import { dot, minusProduct, plusProduct } from './layout';

const NEGLIGIBLE: f64 = 1e-290;

@inline
function at(x: usize, i: i32): usize {
  return x + (<usize>i << 3);
}

/** As makeReflector in math/factor/qr.ts, of n numbers at x. */
function makeReflector(x: usize, n: i32): f64 {
  const alpha = load<f64>(x);
  const rest = dot(x + 8, x + 8, n - 1);
  const square = alpha * alpha + rest;
  if (square < NEGLIGIBLE || rest === 0) {
    const from: usize = square < NEGLIGIBLE ? 0 : 8;
    memory.fill(x + from, 0, (<usize>n << 3) - from);
    return 0;
  }
  const norm = sqrt<f64>(square);
  const beta = alpha > 0 ? -norm : norm;
  const first = alpha - beta;
  for (let i: i32 = 1; i < n; i++) store<f64>(at(x, i), load<f64>(at(x, i)) / first);
  store<f64>(x, beta);
  return (beta - alpha) / beta;
}

/** Row a −= v·w + z·u, then out += next·row; n numbers. */
@inline
function update(a: usize, w: usize, u: usize, out: usize, n: i32, v: f64, z: f64, next: f64): void {
  const v2 = f64x2.splat(v);
  const z2 = f64x2.splat(z);
  const next2 = f64x2.splat(next);
  const end = at(a, n & ~1);
  while (a < end) {
    const x = minusProduct(minusProduct(v128.load(a), v2, v128.load(w)), z2, v128.load(u));
    v128.store(a, x);
    v128.store(out, plusProduct(v128.load(out), next2, x));
    a += 16;
    w += 16;
    u += 16;
    out += 16;
  }
  if (n & 1) {
    const x = load<f64>(a) - v * load<f64>(w) - z * load<f64>(u);
    store<f64>(a, x);
    store<f64>(out, load<f64>(out) + next * x);
  }
}

/**
 * Reduces A (n × n, row by row, entries at most about 1) to upper bidiagonal form: diagonal d, superdiagonal e, n numbers
 * each. `room` is 6·n numbers. Each step's reflections are applied in the pass that gathers those of the next.
 */
export function bidiagonalise(A: usize, n: i32, d: usize, e: usize, room: usize): void {
  const row = <usize>n << 3;
  memory.fill(room, 0, 6 * row);
  const v = room;
  const w = room + 2 * row;
  const u = room + 4 * row;
  const z = room + 5 * row;
  const nextV = room + row;
  const nextW = room + 3 * row;
  for (let k: i32 = 0; k < n; k++) {
    const wk = load<f64>(at(w, k));
    const uk = load<f64>(at(u, k));
    for (let i = k; i < n; i++)
      store<f64>(
        at(nextV, i),
        load<f64>(at(A + <usize>i * row, k)) - load<f64>(at(v, i)) * wk - load<f64>(at(z, i)) * uk,
      );
    const left = makeReflector(at(nextV, k), n - k);
    store<f64>(at(d, k), load<f64>(at(nextV, k)));
    store<f64>(at(nextV, k), 1);
    memory.fill(nextW, 0, row);
    const m = n - k - 1;
    for (let i = k; i < n; i++)
      update(
        at(A + <usize>i * row, k + 1),
        at(w, k + 1),
        at(u, k + 1),
        at(nextW, k + 1),
        m,
        load<f64>(at(v, i)),
        load<f64>(at(z, i)),
        load<f64>(at(nextV, i)),
      );
    for (let j = k + 1; j < n; j++) store<f64>(at(nextW, j), load<f64>(at(nextW, j)) * left);
    memory.copy(v, nextV, row);
    memory.copy(w, nextW, row);
    if (m === 0) break;
    for (let j = k + 1; j < n; j++)
      store<f64>(at(u, j), load<f64>(at(A + <usize>k * row, j)) - load<f64>(at(w, j)));
    const right = makeReflector(at(u, k + 1), m);
    store<f64>(at(e, k), load<f64>(at(u, k + 1)));
    store<f64>(at(u, k + 1), 1);
    const wu = dot(at(w, k + 1), at(u, k + 1), m);
    for (let i = k + 1; i < n; i++) {
      const sum = dot(at(A + <usize>i * row, k + 1), at(u, k + 1), m);
      store<f64>(at(z, i), right * (sum - load<f64>(at(v, i)) * wu));
    }
  }
}
