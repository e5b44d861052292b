import { LARGEST_SIDE } from './limits.ts';

/** ITU-R BT.709 luma in ten-thousandths: whole numbers, so that white is exactly 1 and black exactly 0. */
const [RED, GREEN, BLUE, SUM] = [2126, 7152, 722, 10_000];

/**
 * A picture as grey levels 0 … 1, height × width: the luma of the values as stored (no gamma taken off, so that a step
 * looks the same in dark and light), laid over white by alpha. `rgba` as ImageData has it, not multiplied by alpha.
 * Throws RangeError where it does not hold width × height pixels.
 */
export function greyscale(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): { readonly rows: number; readonly cols: number; readonly data: Float32Array<ArrayBuffer> } {
  if (rgba.length !== 4 * width * height)
    throw new RangeError(`${rgba.length} values for a picture of ${width} × ${height}`);
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const [p, alpha] = [4 * i, rgba[4 * i + 3]];
    const luma = RED * rgba[p] + GREEN * rgba[p + 1] + BLUE * rgba[p + 2];
    data[i] = (alpha * luma + (255 - alpha) * 255 * SUM) / (255 * 255 * SUM);
  }
  return { rows: height, cols: width, data };
}

/** The size to draw a picture at so that both sides fit a matrix: its shape kept, never enlarged, at least 1 × 1. */
export function fitted(width: number, height: number): { readonly width: number; readonly height: number } {
  const factor = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const side = (n: number) => Math.max(1, Math.round(n * factor));
  return { width: side(width), height: side(height) };
}
