import { dot } from './vector.ts';

/**
 * Columns 0 … done − 1 (rows entries each, one after another) are orthonormal and zero below row `span`; fills columns
 * done … cols − 1 so that all are orthonormal and none reaches below that row. Each new column starts from the unit
 * vector that lies farthest from those before it, the lowest index on ties, and is made orthogonal to them twice
 * ("twice is enough": Parlett, The Symmetric Eigenvalue Problem, section 6.9).
 */
export function completeColumns(columns: Float64Array, rows: number, span: number, done: number, cols: number): void {
  if (done === cols) return;
  const covered = new Float64Array(span);
  for (let j = 0; j < done; j++) addSquares(covered, columns, j * rows);
  for (let j = done; j < cols; j++) {
    const start = j * rows;
    let farthest = 0;
    for (let i = 1; i < span; i++) if (covered[i] < covered[farthest]) farthest = i;
    columns[start + farthest] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const share = dot(columns, start, k * rows, span);
        for (let i = 0; i < span; i++) columns[start + i] -= share * columns[k * rows + i];
      }
      const norm = Math.sqrt(dot(columns, start, start, span));
      for (let i = 0; i < span; i++) columns[start + i] /= norm;
    }
    addSquares(covered, columns, start);
  }
}

function addSquares(covered: Float64Array, columns: Float64Array, start: number): void {
  for (let i = 0; i < covered.length; i++) covered[i] += columns[start + i] * columns[start + i];
}
