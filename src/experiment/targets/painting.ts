import type { Matrix64 } from '../../math/matrix.ts';

/** The grey painted at (x, y), both 0 … 1, y down; null if transparent. Only + − × ÷ and comparisons. */
export type EditShade = (x: number, y: number) => number | null;

/** An unpainted entry of a painting: the picture shows. All others are greys, 0 … 1. */
export const NO_PAINT = -1;

/** A painting, greys or NO_PAINT on a grid of any size, as an edit: each of its cells is a rectangle of one shade. */
export function editShadeOf({ rows, cols, data }: Matrix64): EditShade {
  return (x, y) => {
    const grey = data[Math.floor(y * rows) * cols + Math.floor(x * cols)];
    return grey === NO_PAINT ? null : grey;
  };
}
