/** The two passes of a step in math/spectral/bidiagonal.ts, over A (n × n, row by row). */

/** Rows k …, columns k + 1 …: A −= v·wᵀ + z·uᵀ, then out += Aᵀ·next. */
export function gather(
  A: usize,
  n: i32,
  k: i32,
  v: usize,
  w: usize,
  z: usize,
  u: usize,
  next: usize,
  out: usize,
): void {
  const row = <usize>n << 3;
  const from = <usize>(k + 1) << 3;
  const even = from + (<usize>((n - k - 1) & ~1) << 3);
  let i = k;
  for (; i + 1 < n; i += 2) {
    const at = <usize>i << 3;
    const a = A + <usize>i * row;
    const b = a + row;
    const v0 = v128.load64_splat(v + at);
    const v1 = v128.load64_splat(v + at, 8);
    const z0 = v128.load64_splat(z + at);
    const z1 = v128.load64_splat(z + at, 8);
    const n0 = v128.load64_splat(next + at);
    const n1 = v128.load64_splat(next + at, 8);
    for (let j = from; j < even; j += 16) {
      const wj = v128.load(w + j);
      const uj = v128.load(u + j);
      const x0 = f64x2.sub(v128.load(a + j), f64x2.add(f64x2.mul(v0, wj), f64x2.mul(z0, uj)));
      const x1 = f64x2.sub(v128.load(b + j), f64x2.add(f64x2.mul(v1, wj), f64x2.mul(z1, uj)));
      v128.store(a + j, x0);
      v128.store(b + j, x1);
      v128.store(out + j, f64x2.add(v128.load(out + j), f64x2.add(f64x2.mul(n0, x0), f64x2.mul(n1, x1))));
    }
    if (even < row) {
      const x0 = load<f64>(a + even) - (load<f64>(v + at) * load<f64>(w + even) + load<f64>(z + at) * load<f64>(u + even));
      const x1 =
        load<f64>(b + even) - (load<f64>(v + at, 8) * load<f64>(w + even) + load<f64>(z + at, 8) * load<f64>(u + even));
      store<f64>(a + even, x0);
      store<f64>(b + even, x1);
      store<f64>(out + even, load<f64>(out + even) + (load<f64>(next + at) * x0 + load<f64>(next + at, 8) * x1));
    }
  }
  if (i < n) {
    const at = <usize>i << 3;
    const a = A + <usize>i * row;
    for (let j = from; j < row; j += 8) {
      const x = load<f64>(a + j) - (load<f64>(v + at) * load<f64>(w + j) + load<f64>(z + at) * load<f64>(u + j));
      store<f64>(a + j, x);
      store<f64>(out + j, load<f64>(out + j) + load<f64>(next + at) * x);
    }
  }
}

@inline
function front(x: v128, y: v128): v128 {
  return i8x16.shuffle(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

@inline
function back(x: v128, y: v128): v128 {
  return i8x16.shuffle(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** out_i = Σ_j A_ij·u_j for rows and columns from `first` on, j ascending: eight rows at a time, two of them a vector. */
export function timesVector(A: usize, n: i32, first: i32, u: usize, out: usize): void {
  const row = <usize>n << 3;
  const from = <usize>first << 3;
  const even = from + (<usize>((n - first) & ~1) << 3);
  let i = first;
  for (; i + 7 < n; i += 8) {
    const a = A + <usize>i * row;
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    for (let j = from; j < even; j += 16) {
      const x = v128.load64_splat(u + j);
      const y = v128.load64_splat(u + j, 8);
      let at = a + j;
      let p = v128.load(at);
      let q = v128.load(at + row);
      s0 = plus(plus(s0, front(p, q), x), back(p, q), y);
      at += row << 1;
      p = v128.load(at);
      q = v128.load(at + row);
      s1 = plus(plus(s1, front(p, q), x), back(p, q), y);
      at += row << 1;
      p = v128.load(at);
      q = v128.load(at + row);
      s2 = plus(plus(s2, front(p, q), x), back(p, q), y);
      at += row << 1;
      p = v128.load(at);
      q = v128.load(at + row);
      s3 = plus(plus(s3, front(p, q), x), back(p, q), y);
    }
    const to = out + (<usize>i << 3);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    if (even < row) {
      const x = load<f64>(u + even);
      for (let r: usize = 0; r < 8; r++)
        store<f64>(to + (r << 3), load<f64>(to + (r << 3)) + load<f64>(a + r * row + even) * x);
    }
  }
  for (; i < n; i++) {
    const a = A + <usize>i * row;
    let s: f64 = 0;
    for (let j = from; j < row; j += 8) s += load<f64>(a + j) * load<f64>(u + j);
    store<f64>(out + (<usize>i << 3), s);
  }
}
