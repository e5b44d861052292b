/** Measures of a matrix in float64 that stays in the memory; rows lie `row` bytes apart. */

/** Σ M_ij² after `sum`, row by row: one sum in the order of the entries. */
export function squares(M: usize, row: usize, rows: i32, cols: i32): f64 {
  let sum: f64 = 0;
  for (let i: i32 = 0; i < rows; i++) {
    for (let at = M, end = M + (<usize>cols << 3); at < end; at += 8) {
      const x = load<f64>(at);
      sum += x * x;
    }
    M += row;
  }
  return sum;
}

/** max |M_ij| for entries that are numbers; whole vectors, since the rows end in zeros. */
export function largest(M: usize, row: usize, rows: i32, cols: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  for (let i: i32 = 0; i < rows; i++) {
    for (let at = M, end = M + (<usize>cols << 3); at < end; at += 32) {
      a = f64x2.max(a, f64x2.abs(v128.load(at)));
      b = f64x2.max(b, f64x2.abs(v128.load(at, 16)));
    }
    M += row;
  }
  a = f64x2.max(a, b);
  return max(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1));
}

/** x ← s·x, two at a time. */
export function scale(x: usize, s: f64, count: i32): void {
  const by = f64x2.splat(s);
  for (let end = x + (<usize>count << 3); x < end; x += 16) v128.store(x, f64x2.mul(by, v128.load(x)));
}

/** s·x in float32, four at a time: `to` may be x. */
export function rounded(x: usize, s: f64, count: i32, to: usize): void {
  const by = f64x2.splat(s);
  for (let end = x + (<usize>count << 3); x < end; x += 32) {
    const first = f32x4.demote_f64x2_zero(f64x2.mul(by, v128.load(x)));
    const last = f32x4.demote_f64x2_zero(f64x2.mul(by, v128.load(x, 16)));
    v128.store(to, i8x16.shuffle(first, last, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
    to += 16;
  }
}
