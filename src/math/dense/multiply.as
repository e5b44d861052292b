/** Two rows and eight columns at a time, so that their sums stay in registers. */

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/**
 * out (m × k) += x·y for x of m rows, `row` numbers apart, of n numbers each, and y (n × k): every entry takes its terms
 * in the order of p. `panel` has room for n × 8 numbers.
 */
export function multiply(out: usize, x: usize, y: usize, panel: usize, m: i32, n: i32, k: i32, row: i32): void {
  const xRow = <usize>row << 3;
  const kRow = <usize>k << 3;
  const k8 = k & ~7;
  const end = panel + (<usize>n << 6);
  for (let j: i32 = 0; j < k8; j += 8) {
    const column = <usize>j << 3;
    let from = y + column;
    for (let to = panel; to < end; to += 64) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from, 32), 32);
      v128.store(to, v128.load(from, 48), 48);
      from += kRow;
    }
    let i: i32 = 0;
    for (; i + 1 < m; i += 2) twoRows(out + <usize>i * kRow + column, kRow, x + <usize>i * xRow, xRow, panel, end);
    if (i < m) oneRow(out + <usize>i * kRow + column, x + <usize>i * xRow, panel, end);
  }
  for (let j = k8; j < k; j++) {
    for (let i: i32 = 0; i < m; i++) {
      const at = out + <usize>i * kRow + (<usize>j << 3);
      let sum = load<f64>(at);
      let from = y + (<usize>j << 3);
      let a = x + <usize>i * xRow;
      for (let p: i32 = 0; p < n; p++) {
        sum += load<f64>(a) * load<f64>(from);
        a += 8;
        from += kRow;
      }
      store<f64>(at, sum);
    }
  }
}

@inline
function twoRows(r: usize, kRow: usize, x: usize, xRow: usize, panel: usize, end: usize): void {
  const s = r + kRow;
  let a0 = v128.load(r);
  let a1 = v128.load(r, 16);
  let a2 = v128.load(r, 32);
  let a3 = v128.load(r, 48);
  let b0 = v128.load(s);
  let b1 = v128.load(s, 16);
  let b2 = v128.load(s, 32);
  let b3 = v128.load(s, 48);
  for (let y = panel; y < end; y += 64) {
    const u = v128.load64_splat(x);
    const v = v128.load64_splat(x + xRow);
    let w = v128.load(y);
    a0 = plus(a0, u, w);
    b0 = plus(b0, v, w);
    w = v128.load(y, 16);
    a1 = plus(a1, u, w);
    b1 = plus(b1, v, w);
    w = v128.load(y, 32);
    a2 = plus(a2, u, w);
    b2 = plus(b2, v, w);
    w = v128.load(y, 48);
    a3 = plus(a3, u, w);
    b3 = plus(b3, v, w);
    x += 8;
  }
  v128.store(r, a0);
  v128.store(r, a1, 16);
  v128.store(r, a2, 32);
  v128.store(r, a3, 48);
  v128.store(s, b0);
  v128.store(s, b1, 16);
  v128.store(s, b2, 32);
  v128.store(s, b3, 48);
}

@inline
function oneRow(r: usize, x: usize, panel: usize, end: usize): void {
  let a0 = v128.load(r);
  let a1 = v128.load(r, 16);
  let a2 = v128.load(r, 32);
  let a3 = v128.load(r, 48);
  for (let y = panel; y < end; y += 64) {
    const u = v128.load64_splat(x);
    a0 = plus(a0, u, v128.load(y));
    a1 = plus(a1, u, v128.load(y, 16));
    a2 = plus(a2, u, v128.load(y, 32));
    a3 = plus(a3, u, v128.load(y, 48));
    x += 8;
  }
  v128.store(r, a0);
  v128.store(r, a1, 16);
  v128.store(r, a2, 32);
  v128.store(r, a3, 48);
}
