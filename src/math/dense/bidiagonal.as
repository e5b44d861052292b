/**
 * The two passes of a step in math/spectral/bidiagonal.ts, over A, whose rows lie `row` bytes apart. Rows, columns and
 * vectors go on in zeros to whole groups, which change no sum: each begins at +0.
 */

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

@inline
function less(at: usize, v: v128, w: v128, z: v128, u: v128): v128 {
  const x = f64x2.sub(v128.load(at), f64x2.add(f64x2.mul(v, w), f64x2.mul(z, u)));
  v128.store(at, x);
  return x;
}

/**
 * Rows k …, columns k + 1 … (and perhaps k): A −= v·wᵀ + z·uᵀ, then out += Aᵀ·next, two rows at a time. Column k + 1 as
 * it is then goes to `column`.
 */
export function gather(
  A: usize,
  row: usize,
  n: i32,
  k: i32,
  v: usize,
  w: usize,
  z: usize,
  u: usize,
  next: usize,
  out: usize,
  column: usize,
): void {
  const from = <usize>((k + 1) & ~1) << 3;
  const first = <usize>(k + 1) << 3;
  const end = <usize>n << 3;
  let a = A + <usize>k * row;
  for (let at = <usize>k << 3; at < end; at += 32) {
    const v0 = v128.load64_splat(v + at);
    const v1 = v128.load64_splat(v + at, 8);
    const v2 = v128.load64_splat(v + at, 16);
    const v3 = v128.load64_splat(v + at, 24);
    const z0 = v128.load64_splat(z + at);
    const z1 = v128.load64_splat(z + at, 8);
    const z2 = v128.load64_splat(z + at, 16);
    const z3 = v128.load64_splat(z + at, 24);
    const n0 = v128.load64_splat(next + at);
    const n1 = v128.load64_splat(next + at, 8);
    const n2 = v128.load64_splat(next + at, 16);
    const n3 = v128.load64_splat(next + at, 24);
    const b = a + (row << 1);
    for (let j = from; j < end; j += 16) {
      const wj = v128.load(w + j);
      const uj = v128.load(u + j);
      const one = plus(f64x2.mul(n0, less(a + j, v0, wj, z0, uj)), n1, less(a + row + j, v1, wj, z1, uj));
      const two = plus(f64x2.mul(n2, less(b + j, v2, wj, z2, uj)), n3, less(b + row + j, v3, wj, z3, uj));
      v128.store(out + j, f64x2.add(f64x2.add(v128.load(out + j), one), two));
    }
    for (let r: usize = 0; r < 4; r++) store<f64>(column + at + (r << 3), load<f64>(a + r * row + first));
    a += row << 2;
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

/** Two rows from `at` on, two columns, times x and y. */
@inline
function both(sum: v128, at: usize, row: usize, x: v128, y: v128): v128 {
  const p = v128.load(at);
  const q = v128.load(at + row);
  return plus(plus(sum, front(p, q), x), back(p, q), y);
}

/**
 * out_i = Σ_j A_ij·u_j for rows and columns from `first` on, j ascending: eight rows at a time, two of them a vector.
 * Entry first − 1 of u is zero.
 */
export function timesVector(A: usize, row: usize, n: i32, first: i32, u: usize, out: usize): void {
  const from = <usize>(first & ~1) << 3;
  const end = <usize>n << 3;
  let a = A + <usize>first * row;
  for (let i = <usize>first << 3; i < end; i += 64) {
    const b = a + (row << 2);
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    for (let j = from; j < end; j += 16) {
      const x = v128.load64_splat(u + j);
      const y = v128.load64_splat(u + j, 8);
      s0 = both(s0, a + j, row, x, y);
      s1 = both(s1, a + (row << 1) + j, row, x, y);
      s2 = both(s2, b + j, row, x, y);
      s3 = both(s3, b + (row << 1) + j, row, x, y);
    }
    v128.store(out + i, s0);
    v128.store(out + i, s1, 16);
    v128.store(out + i, s2, 32);
    v128.store(out + i, s3, 48);
    a += row << 3;
  }
}
