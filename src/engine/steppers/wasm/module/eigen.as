/**
 * Eigenvalues of a symmetric n × n matrix in float64, row by row without padding, and its inverse by Cholesky: the twins
 * of math/spectral/symmetric.ts and math/factor/cholesky.ts, where the formulas stand.
 */

const MOST_STEPS: i32 = 60;

@inline
function x(at: usize, i: i32): f64 {
  return load<f64>(at + (<usize>i << 3));
}

@inline
function put(at: usize, i: i32, value: f64): void {
  store<f64>(at + (<usize>i << 3), value);
}

/** M becomes its eigenvectors if `vectors`, else is spent; d gets the eigenvalues, e is scratch: n numbers each. */
export function eigen(V: usize, d: usize, e: usize, n: i32, vectors: bool): void {
  tridiagonalise(V, d, e, n);
  if (vectors) gather(V, d, n);
  else for (let i: i32 = 0; i < n; i++) put(d, i, x(V, i * n + i));
  diagonalise(V, d, e, n, vectors);
}

function tridiagonalise(V: usize, d: usize, e: usize, n: i32): void {
  for (let j: i32 = 0; j < n; j++) put(d, j, x(V, (n - 1) * n + j));
  for (let i = n - 1; i > 0; i--) {
    let scale: f64 = 0;
    for (let k: i32 = 0; k < i; k++) scale += Math.abs(x(d, k));
    let h: f64 = 0;
    if (scale === 0) {
      put(e, i, x(d, i - 1));
      for (let j: i32 = 0; j < i; j++) {
        put(d, j, x(V, (i - 1) * n + j));
        put(V, i * n + j, 0);
        put(V, j * n + i, 0);
      }
    } else {
      h = reflect(V, d, e, n, i, scale);
    }
    put(d, i, h);
  }
  put(e, 0, 0);
}

function reflect(V: usize, d: usize, e: usize, n: i32, i: i32, scale: f64): f64 {
  let h: f64 = 0;
  for (let k: i32 = 0; k < i; k++) {
    const y = x(d, k) / scale;
    put(d, k, y);
    h += y * y;
  }
  const f = x(d, i - 1);
  const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  put(e, i, scale * g);
  h -= f * g;
  put(d, i - 1, f - g);
  for (let j: i32 = 0; j < i; j++) put(e, j, 0);
  for (let j: i32 = 0; j < i; j++) {
    const y = x(d, j);
    put(V, j * n + i, y);
    let sum = x(e, j) + x(V, j * n + j) * y;
    for (let k = j + 1; k < i; k++) {
      const v = x(V, k * n + j);
      sum += v * x(d, k);
      put(e, k, x(e, k) + v * y);
    }
    put(e, j, sum);
  }
  let dots: f64 = 0;
  for (let j: i32 = 0; j < i; j++) {
    const y = x(e, j) / h;
    put(e, j, y);
    dots += y * x(d, j);
  }
  const half = dots / (h + h);
  for (let j: i32 = 0; j < i; j++) put(e, j, x(e, j) - half * x(d, j));
  for (let j: i32 = 0; j < i; j++) {
    const y = x(d, j);
    const z = x(e, j);
    for (let k = j; k < i; k++) put(V, k * n + j, x(V, k * n + j) - (y * x(e, k) + z * x(d, k)));
    put(d, j, x(V, (i - 1) * n + j));
    put(V, i * n + j, 0);
  }
  return h;
}

function gather(V: usize, d: usize, n: i32): void {
  for (let i: i32 = 0; i < n - 1; i++) {
    put(V, (n - 1) * n + i, x(V, i * n + i));
    put(V, i * n + i, 1);
    const h = x(d, i + 1);
    if (h !== 0) {
      for (let k: i32 = 0; k <= i; k++) put(d, k, x(V, k * n + i + 1) / h);
      for (let j: i32 = 0; j <= i; j++) {
        let g: f64 = 0;
        for (let k: i32 = 0; k <= i; k++) g += x(V, k * n + i + 1) * x(V, k * n + j);
        for (let k: i32 = 0; k <= i; k++) put(V, k * n + j, x(V, k * n + j) - g * x(d, k));
      }
    }
    for (let k: i32 = 0; k <= i; k++) put(V, k * n + i + 1, 0);
  }
  for (let j: i32 = 0; j < n; j++) {
    put(d, j, x(V, (n - 1) * n + j));
    put(V, (n - 1) * n + j, 0);
  }
  put(V, n * n - 1, 1);
}

function diagonalise(V: usize, d: usize, e: usize, n: i32, vectors: bool): void {
  for (let i: i32 = 1; i < n; i++) put(e, i - 1, x(e, i));
  put(e, n - 1, 0);
  let shift: f64 = 0;
  let largest: f64 = 0;
  for (let l: i32 = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(x(d, l)) + Math.abs(x(e, l)));
    const least = f64.EPSILON * largest;
    let m = l;
    while (m < n - 1 && Math.abs(x(e, m)) > least) m++;
    for (let step: i32 = 0; m > l && step < MOST_STEPS; step++) {
      shift += shiftBy(d, e, l, n);
      sweep(V, d, e, l, m, n, vectors);
      if (!(Math.abs(x(e, l)) > least)) break;
    }
    put(d, l, x(d, l) + shift);
    put(e, l, 0);
  }
}

function shiftBy(d: usize, e: usize, l: i32, n: i32): f64 {
  const g = x(d, l);
  const f = x(e, l);
  const p = (x(d, l + 1) - g) / (2 * f);
  const r = p < 0 ? -Math.sqrt(p * p + 1) : Math.sqrt(p * p + 1);
  put(d, l, f / (p + r));
  put(d, l + 1, f * (p + r));
  const h = g - x(d, l);
  for (let i = l + 2; i < n; i++) put(d, i, x(d, i) - h);
  return h;
}

function sweep(V: usize, d: usize, e: usize, l: i32, m: i32, n: i32, vectors: bool): void {
  const next = x(d, l + 1);
  const below = x(e, l + 1);
  let p = x(d, m);
  let c: f64 = 1;
  let c2: f64 = 1;
  let c3: f64 = 1;
  let s: f64 = 0;
  let s2: f64 = 0;
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const f = x(e, i);
    const g = c * f;
    const h = c * p;
    const r = Math.sqrt(p * p + f * f);
    put(e, i + 1, s * r);
    s = f / r;
    c = p / r;
    p = c * x(d, i) - s * g;
    put(d, i + 1, h + s * (c * g + s * x(d, i)));
    if (vectors) rotate(V + (<usize>i << 3), n, c, s);
  }
  p = (-s * s2 * c3 * below * x(e, l)) / next;
  put(e, l, s * p);
  put(d, l, c * p);
}

/** Two neighbouring columns of V. */
function rotate(at: usize, n: i32, c: f64, s: f64): void {
  const row = <usize>n << 3;
  for (const end = at + <usize>n * row; at < end; at += row) {
    const y = load<f64>(at);
    const z = load<f64>(at, 8);
    store<f64>(at, c * y - s * z);
    store<f64>(at, s * y + c * z, 8);
  }
}

/** M + by·I becomes L with L·Lᵀ, below the diagonal; on it are the reciprocals of L's own, so that there is one quotient a row. */
export function cholesky(M: usize, L: usize, n: i32, by: f64): void {
  for (let i: i32 = 0; i < n; i++) {
    for (let j: i32 = 0; j <= i; j++) {
      let sum = x(M, i * n + j) + (i === j ? by : 0);
      for (let k: i32 = 0; k < j; k++) sum -= x(L, i * n + k) * x(L, j * n + k);
      put(L, i * n + j, i === j ? 1 / Math.sqrt(sum) : sum * x(L, j * n + j));
    }
  }
}

/** y ← (L·Lᵀ)⁻¹·y for n numbers. */
export function solve(L: usize, y: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++) {
    let sum = x(y, i);
    for (let k: i32 = 0; k < i; k++) sum -= x(L, i * n + k) * x(y, k);
    put(y, i, sum * x(L, i * n + i));
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x(y, i);
    for (let k = i + 1; k < n; k++) sum -= x(L, k * n + i) * x(y, k);
    put(y, i, sum * x(L, i * n + i));
  }
}

/** out = X·Y of n × n matrices, four columns at a time. */
export function product(out: usize, X: usize, Y: usize, n: i32): void {
  const row = <usize>n << 3;
  for (const last = out + <usize>n * row; out < last; out += row) {
    let j: usize = 0;
    for (; j + 32 <= row; j += 32) {
      let sum0 = f64x2.splat(0);
      let sum1 = f64x2.splat(0);
      for (let k: usize = 0, y = Y + j; k < row; k += 8) {
        const f = v128.load_splat<u64>(X + k);
        sum0 = f64x2.add(sum0, f64x2.mul(f, v128.load(y)));
        sum1 = f64x2.add(sum1, f64x2.mul(f, v128.load(y, 16)));
        y += row;
      }
      v128.store(out + j, sum0);
      v128.store(out + j, sum1, 16);
    }
    for (; j < row; j += 8) {
      let sum: f64 = 0;
      for (let k: usize = 0, y = Y + j; k < row; k += 8) {
        sum += load<f64>(X + k) * load<f64>(y);
        y += row;
      }
      store<f64>(out + j, sum);
    }
    X += row;
  }
}

/** out = Xᵀ of an n × n matrix. */
export function transposed(out: usize, X: usize, n: i32): void {
  for (let i: i32 = 0; i < n; i++) for (let j: i32 = 0; j < n; j++) put(out, j * n + i, x(X, i * n + j));
}
