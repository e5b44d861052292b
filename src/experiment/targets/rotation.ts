import { fillRows, orthonormal, reflections } from '../../math/factor/qr.ts';
import { type Matrix64, rowsOf, transpose } from '../../math/matrix.ts';
import { roundedBlocks } from './draws.ts';
import { type BuiltTarget, subProgress, type TargetContext } from './target.ts';

/** Up to this min(d, k) from a QR factorisation; above, a product of reflections. Part of link version 1. */
const LARGEST_QR = 512;
const REFLECTIONS = 64;

/** All singular values 1: the worst case for any low rank, with relative error √(1 − r/min(d, k)) at best. */
export function buildRotation({ settings: { d, k }, stream, progress }: TargetContext): BuiltTarget {
  const n = Math.min(d, k);
  const source = stream('target');
  const values = new Float64Array(n).fill(1);
  if (n > LARGEST_QR) {
    const drawn = reflections(d, k, REFLECTIONS, source);
    return { ...roundedBlocks(d, k, (block, first) => fillRows(drawn, block, first), progress), values };
  }
  const found = orthonormal(Math.max(d, k), n, source, subProgress(0, 0.9, progress));
  const whole = d >= k ? found : transpose(found);
  const copy = (block: Matrix64, first: number) => block.data.set(rowsOf(whole, first, block.rows).data);
  return { ...roundedBlocks(d, k, copy, subProgress(0.9, 1, progress)), values };
}
