/** Matrices row by row, and in the panels of reflect.as: eight columns that lie together row by row, the last filled with zeros. */

const ROW: usize = 64;

/** p·m into panels for m of rows × cols. */
export function toPanels(m: usize, panels: usize, rows: i32, cols: i32, p: f64): void {
  for (let i: i32 = 0; i < rows; i++) {
    let to = panels + <usize>i * ROW;
    for (let first: i32 = 0; first < cols; first += 8) {
      const count = min(8, cols - first);
      for (let c: i32 = 0; c < count; c++) {
        store<f64>(to + (<usize>c << 3), load<f64>(m) * p);
        m += 8;
      }
      for (let c = count; c < 8; c++) store<f64>(to + (<usize>c << 3), 0);
      to += <usize>rows * ROW;
    }
  }
}

/** p·mᵀ into panels for m of cols × rows: a row of m is a column of the panels. */
export function toPanelsAcross(m: usize, panels: usize, rows: i32, cols: i32, p: f64): void {
  const filled = (cols + 7) & ~7;
  for (let j: i32 = 0; j < filled; j++) {
    let to = panels + <usize>(j >> 3) * <usize>rows * ROW + (<usize>(j & 7) << 3);
    for (let i: i32 = 0; i < rows; i++) {
      if (j < cols) {
        store<f64>(to, load<f64>(m) * p);
        m += 8;
      } else store<f64>(to, 0);
      to += ROW;
    }
  }
}

/** `count` columns of a panel into a matrix whose rows lie `stride` numbers apart. */
export function fromPanel(panel: usize, to: usize, stride: i32, rows: i32, count: i32): void {
  for (let i: i32 = 0; i < rows; i++) {
    for (let c: i32 = 0; c < count; c++) store<f64>(to + (<usize>c << 3), load<f64>(panel + (<usize>c << 3)));
    panel += ROW;
    to += <usize>stride << 3;
  }
}

@inline
function entry(panels: usize, rows: i32, i: i32, j: i32): f64 {
  return load<f64>(panels + <usize>(j >> 3) * <usize>rows * ROW + <usize>i * ROW + (<usize>(j & 7) << 3));
}

/** The first columns of the identity, each with the sign of its entry on R's diagonal, into one panel. */
export function signs(panels: usize, panel: usize, rows: i32, first: i32, count: i32): void {
  memory.fill(panel, 0, <usize>rows * ROW);
  for (let c: i32 = 0; c < count; c++) {
    const j = first + c;
    store<f64>(panel + <usize>j * ROW + (<usize>c << 3), entry(panels, rows, j, j) < 0 ? -1 : 1);
  }
}

/** R (q × cols) divided by p, each row's sign such that the diagonal is not negative; `to` holds zeros. */
export function triangle(panels: usize, to: usize, rows: i32, cols: i32, q: i32, p: f64): void {
  for (let i: i32 = 0; i < q; i++) {
    const sign: f64 = entry(panels, rows, i, i) < 0 ? -1 : 1;
    for (let j = i; j < cols; j++) {
      const r = entry(panels, rows, i, j);
      store<f64>(to + (<usize>(i * cols + j) << 3), r === 0 ? 0 : (sign * r) / p);
    }
  }
}
