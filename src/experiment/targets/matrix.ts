import type { Matrix64 } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/singular-values.ts';
import { flatFault } from '../matrix-file/flat.ts';
import { unscaledFault } from '../matrix-file/range.ts';
import { roundedTimes } from './rounded.ts';
import { type Refusal, target } from './target.ts';

/** A matrix that a person brings, as it is or scaled to σ₁ = 1. Never resampled: its size is d × k. */
export const matrixTarget = target({
  name: 'matrix',
  place: 6,
  label: 'your own',
  explanation: 'A matrix of your own as the update: pasted, dropped or picked as CSV, TSV, JSON, .npy or a picture.',
  caption: () => 'your matrix',
  params: ['data', 'normalise'],
  ownMatrix: true,
  // Something is to be brought up to the page.
  sign: { lines: 'M24 34V8M14 18L24 8L34 18M8 42H40' },
  build({ settings: { d, k, normalise }, drawing, progress }) {
    const own = fitting(d, k, drawing);
    if ('why' in own) return own;
    const sigma1 = largestSingularValue(own, progress);
    if (normalise) return { matrix: roundedTimes(1 / sigma1, own) };
    const why = unscaledFault(sigma1);
    if (why === null) return { matrix: roundedTimes(1, own) };
    return { why, way: { label: 'Scale to σ₁ = 1', changes: { normalise: true } } };
  },
});

function fitting(d: number, k: number, matrix: Matrix64 | null): Matrix64 | Refusal {
  if (!matrix) return { why: 'There is no matrix yet: paste, drop or pick one.' };
  const { rows, cols } = matrix;
  if (rows !== d || cols !== k)
    return { why: `Your matrix is ${rows} × ${cols}, and d × k is ${d} × ${k}: they have to be the same.` };
  const flat = flatFault(matrix.data);
  return flat ? { why: `In your matrix ${flat}.` } : matrix;
}
