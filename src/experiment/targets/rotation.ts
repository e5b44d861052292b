import { reflections } from '../../math/householder.ts';
import { type Matrix64, transpose } from '../../math/matrix.ts';
import { orthonormal } from '../../math/qr.ts';
import type { Stream } from '../../math/random.ts';
import { target } from '../target.ts';

/** Up to this min(d, k) from a QR factorisation; above, a product of reflections. Part of link version 1. */
const LARGEST_QR = 512;
const REFLECTIONS = 64;

/** All singular values 1: the worst case for any low rank, with relative error √(1 − r/min(d, k)) at best. */
export const rotation = target({
  name: 'rotation',
  place: 3,
  label: 'rotation',
  explanation: 'An orthogonal matrix: all directions count the same, so no low rank is enough.',
  caption: (s) => (s.d === s.k ? 'a rotation' : s.d < s.k ? 'orthonormal rows' : 'orthonormal columns'),
  params: [],
  build({ settings: { d, k }, stream }) {
    return { matrix: d >= k ? columns(d, k, stream('target')) : transpose(columns(k, d, stream('target'))) };
  },
});

function columns(rows: number, cols: number, stream: Stream): Matrix64 {
  return cols <= LARGEST_QR ? orthonormal(rows, cols, stream) : reflections(rows, cols, REFLECTIONS, stream);
}
