/** Between matrices row by row and the module's padded ones. The padding of fresh memory is zero and is never written. */

/** Panels: so many columns wide, so many rows high, one after the other. */
export interface Panels {
  readonly width: number;
  readonly height: number;
}

/** Every number of a rows × columns matrix with its place in the panels. */
function eachRun(
  rows: number,
  columns: number,
  { width, height }: Panels,
  visit: (plain: number, padded: number, count: number) => void,
): void {
  for (let first = 0, panel = 0; first < columns; first += width, panel++) {
    const count = Math.min(width, columns - first);
    for (let row = 0; row < rows; row++) visit(row * columns + first, (panel * height + row) * width, count);
  }
}

/** padded ← sign·plain. */
export function toPanels(
  padded: Float32Array,
  plain: Float32Array,
  columns: number,
  panels: Panels,
  sign: 1 | -1,
): void {
  eachRun(plain.length / columns, columns, panels, (from, to, count) => {
    for (let j = 0; j < count; j++) padded[to + j] = sign * plain[from + j];
  });
}

/** A rows × columns copy of what is in the panels. */
export function fromPanels(padded: Float32Array, rows: number, columns: number, panels: Panels): Float32Array {
  const plain = new Float32Array(rows * columns);
  eachRun(rows, columns, panels, (to, from, count) => plain.set(padded.subarray(from, from + count), to));
  return plain;
}
