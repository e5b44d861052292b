/**
 * `rows` rows of `cols` numbers in float32 as a row of cells, each `width` columns wide: adds each cell's numbers to its
 * sum in float64, and takes the one that is largest in size, the first of equals, beside the one it has. NaN is skipped.
 */
export function takeBlocks(from: usize, rows: i32, cols: i32, width: i32, sums: usize, extremes: usize): void {
  const end = from + ((<usize>rows * <usize>cols) << 2);
  for (let at = from; at < end; ) {
    const last = at + (<usize>cols << 2);
    let sum = sums;
    let extreme = extremes;
    while (at < last) {
      const stop = min(last, at + (<usize>width << 2));
      let total = load<f64>(sum);
      let best = v128.load32_zero(extreme);
      let size = f32x4.abs(best);
      for (; at < stop; at += 4) {
        const x = v128.load32_zero(at);
        const s = f32x4.abs(x);
        total += <f64>f32x4.extract_lane(x, 0);
        const larger = f32x4.gt(s, size);
        best = v128.bitselect(x, best, larger);
        size = v128.bitselect(s, size, larger);
      }
      store<f64>(sum, total);
      v128.store_lane<f32>(extreme, best, 0);
      sum += 8;
      extreme += 4;
    }
  }
}
