import { type Matrix64, rowsOf, transpose } from '../../math/matrix.ts';
import { roundedBlocks } from './draws.ts';
import { fillRows, orthonormal, reflections } from './factorisations.ts';
import { subProgress, target } from './target.ts';

/** Up to this min(d, k) from a QR factorisation; above, a product of reflections. Part of link version 1. */
const LARGEST_QR = 512;
const REFLECTIONS = 64;

/** All singular values 1: the worst case for any low rank, with relative error √(1 − r/min(d, k)) at best. */
export const rotation = target({
  name: 'rotation',
  kind: 'matrix',
  from: 'settings',
  label: 'rotation',
  explanation: 'An orthogonal matrix: all directions count equally, so no low rank is enough.',
  caption: (s) => (s.d === s.k ? 'a rotation' : s.d < s.k ? 'orthonormal rows' : 'orthonormal columns'),
  params: [],
  sign: { lines: 'M10 14A17 17 0 1 1 7 24M8 4L10 14L20 12' },
  build({ settings: { d, k }, stream, progress }) {
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
  },
});
