/** A matrix times a vector, row by row and column by column; rows lie `row` bytes apart. */

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** The first two of four numbers in float32. */
@inline
function first(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

@inline
function last(x: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** Entries 0 and 1 of two rows, a0 b0 a1 b1. */
@inline
function near(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
}

@inline
function far(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
}

/** out_i = Σ_j M_ij·x_j, M in float32, j ascending: eight rows at a time, two of them a vector. */
export function times32(M: usize, row: usize, rows: i32, cols: i32, x: usize, out: usize): void {
  const whole = <usize>(cols & ~3) << 2;
  const end = <usize>cols << 2;
  let i: i32 = 0;
  let a = M;
  for (; i + 7 < rows; i += 8) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let xs = x;
    for (let j: usize = 0; j < whole; j += 16) {
      const x0 = v128.load64_splat(xs);
      const x1 = v128.load64_splat(xs, 8);
      const x2 = v128.load64_splat(xs, 16);
      const x3 = v128.load64_splat(xs, 24);
      xs += 32;
      let at = a + j;
      let p = v128.load(at);
      let q = v128.load(at + row);
      let n = near(p, q);
      let f = far(p, q);
      s0 = plus(plus(plus(plus(s0, first(n), x0), last(n), x1), first(f), x2), last(f), x3);
      at += row << 1;
      p = v128.load(at);
      q = v128.load(at + row);
      n = near(p, q);
      f = far(p, q);
      s1 = plus(plus(plus(plus(s1, first(n), x0), last(n), x1), first(f), x2), last(f), x3);
      at += row << 1;
      p = v128.load(at);
      q = v128.load(at + row);
      n = near(p, q);
      f = far(p, q);
      s2 = plus(plus(plus(plus(s2, first(n), x0), last(n), x1), first(f), x2), last(f), x3);
      at += row << 1;
      p = v128.load(at);
      q = v128.load(at + row);
      n = near(p, q);
      f = far(p, q);
      s3 = plus(plus(plus(plus(s3, first(n), x0), last(n), x1), first(f), x2), last(f), x3);
    }
    const to = out + (<usize>i << 3);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    for (let j = whole; j < end; j += 4) {
      const xj = load<f64>(x + (j << 1));
      for (let r: usize = 0; r < 8; r++)
        store<f64>(to + (r << 3), load<f64>(to + (r << 3)) + <f64>load<f32>(a + r * row + j) * xj);
    }
    a += row << 3;
  }
  for (; i < rows; i++) {
    let s: f64 = 0;
    for (let j: usize = 0; j < end; j += 4) s += <f64>load<f32>(a + j) * load<f64>(x + (j << 1));
    store<f64>(out + (<usize>i << 3), s);
    a += row;
  }
}

/** out += Mᵀ·u, M in float32: eight rows a pass, whose terms are added up before they join the sum. */
export function transposeTimes32(M: usize, row: usize, rows: i32, cols: i32, u: usize, out: usize): void {
  const whole = <usize>(cols & ~3) << 2;
  const end = <usize>cols << 2;
  let i: i32 = 0;
  let a = M;
  for (; i + 7 < rows; i += 8) {
    const us = u + (<usize>i << 3);
    const u0 = v128.load64_splat(us);
    const u1 = v128.load64_splat(us, 8);
    const u2 = v128.load64_splat(us, 16);
    const u3 = v128.load64_splat(us, 24);
    const u4 = v128.load64_splat(us, 32);
    const u5 = v128.load64_splat(us, 40);
    const u6 = v128.load64_splat(us, 48);
    const u7 = v128.load64_splat(us, 56);
    const b = a + (row << 2);
    for (let j: usize = 0; j < whole; j += 8) {
      const to = out + (j << 1);
      let at = a + j;
      const p = plus(f64x2.mul(u0, first(v128.load64_zero(at))), u1, first(v128.load64_zero(at + row)));
      at += row << 1;
      const q = plus(f64x2.mul(u2, first(v128.load64_zero(at))), u3, first(v128.load64_zero(at + row)));
      at = b + j;
      const r = plus(f64x2.mul(u4, first(v128.load64_zero(at))), u5, first(v128.load64_zero(at + row)));
      at += row << 1;
      const s = plus(f64x2.mul(u6, first(v128.load64_zero(at))), u7, first(v128.load64_zero(at + row)));
      v128.store(to, f64x2.add(v128.load(to), f64x2.add(f64x2.add(p, q), f64x2.add(r, s))));
    }
    for (let j = whole; j < end; j += 4) {
      const to = out + (j << 1);
      const upper = pair(us, a + j, row) + pair(us + 16, a + (row << 1) + j, row);
      const lower = pair(us + 32, b + j, row) + pair(us + 48, b + (row << 1) + j, row);
      store<f64>(to, load<f64>(to) + (upper + lower));
    }
    a += row << 3;
  }
  for (; i < rows; i++) {
    const ui = load<f64>(u + (<usize>i << 3));
    for (let j: usize = 0; j < end; j += 4) {
      const to = out + (j << 1);
      store<f64>(to, load<f64>(to) + ui * <f64>load<f32>(a + j));
    }
    a += row;
  }
}

@inline
function pair(u: usize, at: usize, row: usize): f64 {
  return load<f64>(u) * <f64>load<f32>(at) + load<f64>(u, 8) * <f64>load<f32>(at + row);
}

@inline
function joined(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** out_i = Σ M_ij·x_j over even j plus the same over odd j, both ascending; M in float64. */
export function times64(M: usize, row: usize, rows: i32, cols: i32, x: usize, out: usize): void {
  const even = <usize>(cols & ~1) << 3;
  const odd = (cols & 1) !== 0;
  let i: i32 = 0;
  let a = M;
  for (; i + 7 < rows; i += 8) {
    const b = a + (row << 2);
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let s4 = f64x2.splat(0);
    let s5 = f64x2.splat(0);
    let s6 = f64x2.splat(0);
    let s7 = f64x2.splat(0);
    for (let j: usize = 0; j < even; j += 16) {
      const xj = v128.load(x + j);
      let at = a + j;
      s0 = plus(s0, v128.load(at), xj);
      s1 = plus(s1, v128.load(at + row), xj);
      at += row << 1;
      s2 = plus(s2, v128.load(at), xj);
      s3 = plus(s3, v128.load(at + row), xj);
      at = b + j;
      s4 = plus(s4, v128.load(at), xj);
      s5 = plus(s5, v128.load(at + row), xj);
      at += row << 1;
      s6 = plus(s6, v128.load(at), xj);
      s7 = plus(s7, v128.load(at + row), xj);
    }
    if (odd) {
      // The first lane takes the last entry; the other one stays, as x + 0 = x for a sum that began at +0.
      const xj = v128.load64_zero(x + even);
      let at = a + even;
      s0 = lane(s0, at, xj);
      s1 = lane(s1, at + row, xj);
      at += row << 1;
      s2 = lane(s2, at, xj);
      s3 = lane(s3, at + row, xj);
      at = b + even;
      s4 = lane(s4, at, xj);
      s5 = lane(s5, at + row, xj);
      at += row << 1;
      s6 = lane(s6, at, xj);
      s7 = lane(s7, at + row, xj);
    }
    const to = out + (<usize>i << 3);
    store<f64>(to, joined(s0));
    store<f64>(to, joined(s1), 8);
    store<f64>(to, joined(s2), 16);
    store<f64>(to, joined(s3), 24);
    store<f64>(to, joined(s4), 32);
    store<f64>(to, joined(s5), 40);
    store<f64>(to, joined(s6), 48);
    store<f64>(to, joined(s7), 56);
    a += row << 3;
  }
  for (; i < rows; i++) {
    let s = f64x2.splat(0);
    for (let j: usize = 0; j < even; j += 16) s = plus(s, v128.load(a + j), v128.load(x + j));
    if (odd) s = lane(s, a + even, v128.load64_zero(x + even));
    store<f64>(out + (<usize>i << 3), joined(s));
    a += row;
  }
}

@inline
function lane(sum: v128, at: usize, x: v128): v128 {
  return plus(sum, v128.load64_zero(at), x);
}

/** out += Mᵀ·u, one row after another, M in float64: eight rows a pass. */
export function transposeTimes64(M: usize, row: usize, rows: i32, cols: i32, u: usize, out: usize): void {
  const even = <usize>(cols & ~1) << 3;
  const odd = (cols & 1) !== 0;
  let i: i32 = 0;
  let a = M;
  for (; i + 7 < rows; i += 8) {
    const us = u + (<usize>i << 3);
    const u0 = v128.load64_splat(us);
    const u1 = v128.load64_splat(us, 8);
    const u2 = v128.load64_splat(us, 16);
    const u3 = v128.load64_splat(us, 24);
    const u4 = v128.load64_splat(us, 32);
    const u5 = v128.load64_splat(us, 40);
    const u6 = v128.load64_splat(us, 48);
    const u7 = v128.load64_splat(us, 56);
    const b = a + (row << 2);
    for (let j: usize = 0; j < even; j += 16) {
      let sum = v128.load(out + j);
      let at = a + j;
      sum = plus(plus(sum, u0, v128.load(at)), u1, v128.load(at + row));
      at += row << 1;
      sum = plus(plus(sum, u2, v128.load(at)), u3, v128.load(at + row));
      at = b + j;
      sum = plus(plus(sum, u4, v128.load(at)), u5, v128.load(at + row));
      at += row << 1;
      sum = plus(plus(sum, u6, v128.load(at)), u7, v128.load(at + row));
      v128.store(out + j, sum);
    }
    if (odd) {
      let sum = load<f64>(out + even);
      for (let r: usize = 0; r < 8; r++) sum += load<f64>(us + (r << 3)) * load<f64>(a + r * row + even);
      store<f64>(out + even, sum);
    }
    a += row << 3;
  }
  const end = <usize>cols << 3;
  for (; i < rows; i++) {
    const ui = load<f64>(u + (<usize>i << 3));
    for (let j: usize = 0; j < end; j += 8) store<f64>(out + j, load<f64>(out + j) + ui * load<f64>(a + j));
    a += row;
  }
}
