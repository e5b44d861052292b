import { type AnyMatrix, type Matrix64, zeros } from '../matrix.ts';

/** A matrix from a list of rows. Throws RangeError if the rows differ in length. */
export function fromRows(rows: readonly (readonly number[])[]): Matrix64 {
  const cols = rows.length === 0 ? 0 : rows[0].length;
  const m = zeros(rows.length, cols);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i].length !== cols) throw new RangeError(`row ${i} has ${rows[i].length} entries, row 0 has ${cols}`);
    m.data.set(rows[i], i * cols);
  }
  return m;
}

export function toRows(m: AnyMatrix): number[][] {
  return Array.from({ length: m.rows }, (_, i) => Array.from(m.data.subarray(i * m.cols, (i + 1) * m.cols)));
}
