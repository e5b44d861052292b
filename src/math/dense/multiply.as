/** Two rows and eight columns at a time, so that their sums stay in registers. */

@inline
function plus(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

/** What becomes of a sum x·y and the entry it belongs to, by the size of a type: out + x·y, out − x·y or x·y + s·out. */
type Added = i8;
type Taken = i16;
type Joined = i32;

/** Where a sum begins: with the entry, or with zero. */
@inline
function begun<Way>(at: usize): v128 {
  return sizeof<Way>() === sizeof<Added>() ? v128.load(at) : f64x2.splat(0);
}

@inline
function end<Way>(at: usize, sum: v128, s: v128): void {
  if (sizeof<Way>() === sizeof<Taken>()) v128.store(at, f64x2.sub(v128.load(at), sum));
  else if (sizeof<Way>() === sizeof<Joined>()) v128.store(at, f64x2.add(sum, f64x2.mul(s, v128.load(at))));
  else v128.store(at, sum);
}

/**
 * out (m × k) += x·y for x of m rows, `row` numbers apart, of n numbers each, and y (n × k): every entry takes its terms
 * in the order of p. `panel` has room for n × 8 numbers.
 */
export function multiply(out: usize, x: usize, y: usize, panel: usize, m: i32, n: i32, k: i32, row: i32): void {
  const xRow = <usize>row << 3;
  const kRow = <usize>k << 3;
  const k8 = k & ~7;
  for (let j: i32 = 0; j < k8; j += 8) {
    const column = <usize>j << 3;
    gather(y + column, kRow, panel, n);
    panelRows<Added>(out + column, kRow, x, xRow, panel, m, n, f64x2.splat(0));
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

/** Eight columns of n rows, `row` bytes apart, one row after another. */
function gather(from: usize, row: usize, panel: usize, n: i32): void {
  for (let to = panel, last = panel + (<usize>n << 6); to < last; to += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += row;
  }
}

/** All panels of y (n rows of k, `row` bytes apart, the last eight columns filled with zeros), each as gathered. */
export function pack(y: usize, row: usize, panels: usize, n: i32, k: i32): void {
  for (let j: i32 = 0; j < k; j += 8) {
    gather(y + (<usize>j << 3), row, panels, n);
    panels += <usize>n << 6;
  }
}

/** out −= x·y for packed y; rows of out and x lie so many bytes apart. */
export function takeProduct(out: usize, outRow: usize, x: usize, xRow: usize, panels: usize, m: i32, n: i32, k: i32): void {
  for (let j: i32 = 0; j < k; j += 8) {
    panelRows<Taken>(out + (<usize>j << 3), outRow, x, xRow, panels, m, n, f64x2.splat(0));
    panels += <usize>n << 6;
  }
}

/** out += x·y for packed y. */
export function addProduct(out: usize, outRow: usize, x: usize, xRow: usize, panels: usize, m: i32, n: i32, k: i32): void {
  for (let j: i32 = 0; j < k; j += 8) {
    panelRows<Added>(out + (<usize>j << 3), outRow, x, xRow, panels, m, n, f64x2.splat(0));
    panels += <usize>n << 6;
  }
}

/** out = x·y + s·out for packed y. */
export function joinProduct(
  out: usize,
  outRow: usize,
  x: usize,
  xRow: usize,
  panels: usize,
  m: i32,
  n: i32,
  k: i32,
  s: f64,
): void {
  for (let j: i32 = 0; j < k; j += 8) {
    panelRows<Joined>(out + (<usize>j << 3), outRow, x, xRow, panels, m, n, f64x2.splat(s));
    panels += <usize>n << 6;
  }
}

@inline
function panelRows<Way>(
  out: usize,
  outRow: usize,
  x: usize,
  xRow: usize,
  panel: usize,
  m: i32,
  n: i32,
  s: v128,
): void {
  const last = panel + (<usize>n << 6);
  let i: i32 = 0;
  for (; i + 1 < m; i += 2) {
    twoRows<Way>(out, outRow, x, xRow, panel, last, s);
    out += outRow << 1;
    x += xRow << 1;
  }
  if (i < m) oneRow<Way>(out, x, panel, last, s);
}

@inline
function twoRows<Way>(r: usize, row: usize, x: usize, xRow: usize, panel: usize, last: usize, by: v128): void {
  const s = r + row;
  let a0 = begun<Way>(r);
  let a1 = begun<Way>(r + 16);
  let a2 = begun<Way>(r + 32);
  let a3 = begun<Way>(r + 48);
  let b0 = begun<Way>(s);
  let b1 = begun<Way>(s + 16);
  let b2 = begun<Way>(s + 32);
  let b3 = begun<Way>(s + 48);
  for (let y = panel; y < last; y += 64) {
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
  end<Way>(r, a0, by);
  end<Way>(r + 16, a1, by);
  end<Way>(r + 32, a2, by);
  end<Way>(r + 48, a3, by);
  end<Way>(s, b0, by);
  end<Way>(s + 16, b1, by);
  end<Way>(s + 32, b2, by);
  end<Way>(s + 48, b3, by);
}

@inline
function oneRow<Way>(r: usize, x: usize, panel: usize, last: usize, by: v128): void {
  let a0 = begun<Way>(r);
  let a1 = begun<Way>(r + 16);
  let a2 = begun<Way>(r + 32);
  let a3 = begun<Way>(r + 48);
  for (let y = panel; y < last; y += 64) {
    const u = v128.load64_splat(x);
    a0 = plus(a0, u, v128.load(y));
    a1 = plus(a1, u, v128.load(y, 16));
    a2 = plus(a2, u, v128.load(y, 32));
    a3 = plus(a3, u, v128.load(y, 48));
    x += 8;
  }
  end<Way>(r, a0, by);
  end<Way>(r + 16, a1, by);
  end<Way>(r + 32, a2, by);
  end<Way>(r + 48, a3, by);
}
