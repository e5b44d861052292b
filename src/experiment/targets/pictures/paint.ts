import { type Matrix64, zeros } from '../../../math/matrix.ts';
import type { Progress } from '../../../math/progress.ts';
import type { Picture } from './shapes.ts';

/** The picture as d × k grey levels: each entry the mean over a grid of points in its cell, 6 × 6 at 64 × 64. */
export function paint({ shade }: Picture, d: number, k: number, progress?: Progress): Matrix64 {
  const [down, across] = [points(d), points(k)];
  const out = zeros(d, k);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let a = 0; a < down; a++) {
        for (let b = 0; b < across; b++) sum += shade((j + (b + 0.5) / across) / k, (i + (a + 0.5) / down) / d);
      }
      out.data[i * k + j] = sum / (down * across);
    }
    progress?.((i + 1) / d);
  }
  return out;
}

/** Points a cell along one side: fewer where cells are small. */
function points(cells: number): number {
  return Math.min(32, Math.max(2, Math.ceil(384 / cells)));
}
