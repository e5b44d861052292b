import type { Rect } from '../../../charts/drawing/marks.ts';

/** Where B, A and ΔW stand: B left of ΔW, A above it, rows and columns aligned. */
export interface FactorLayout {
  readonly B: Rect;
  readonly A: Rect;
  readonly update: Rect;
  readonly width: number;
  readonly height: number;
}

/** A row of A and a column of B are so thick while there are few of them, in px. */
const THICK = 9;
/** Of more, together no thicker than this share of ΔW's side. */
const MOST = 0.3;
const GAP = 6;
/** A side of ΔW is never shorter than this share of the other. */
const NARROWEST = 1 / 3;

/**
 * For ΔW of d × k and rank r, its longer side `side` px long; `left` px are kept for the words beside B, `top` for those
 * above A, `right` for the name of ΔW.
 */
export function factorLayout(
  d: number,
  k: number,
  r: number,
  side: number,
  { left, top, right }: { readonly left: number; readonly top: number; readonly right: number },
): FactorLayout {
  const ratio = Math.max(NARROWEST, Math.min(1 / NARROWEST, d / k));
  const width = Math.round(side * Math.min(1, 1 / ratio));
  const height = Math.round(side * Math.min(1, ratio));
  const thick = Math.round(Math.max(THICK, Math.min(r * THICK, MOST * side)));
  const x = left + thick + GAP;
  const y = top + thick + GAP;
  return {
    B: { x: left, y, width: thick, height },
    A: { x, y: top, width, height: thick },
    update: { x, y, width, height },
    width: x + width + right,
    height: y + height,
  };
}

/** The block means of s·B·A up to the factor s: the product of the block means. */
export function productOf(
  B: ArrayLike<number>,
  A: ArrayLike<number>,
  rows: number,
  r: number,
  cols: number,
): Float32Array {
  const product = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++)
    for (let p = 0; p < r; p++) {
      const b = B[i * r + p];
      for (let j = 0; j < cols; j++) product[i * cols + j] += b * A[p * cols + j];
    }
  return product;
}
