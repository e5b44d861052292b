import type { Matrix64 } from '../../math/matrix.ts';
import { largestSingularValue } from '../factorisations.ts';
import { count, rounded } from '../numbers.ts';
import { roundedTimes } from './rounded.ts';
import { type Refusal, target } from './target.ts';

/** A matrix that a person brings, as it is or scaled to σ₁ = 1. Never resampled: its size is d × k. */
export const matrixTarget = target({
  name: 'matrix',
  kind: 'matrix',
  from: 'data',
  label: 'your own',
  explanation:
    'Your own matrix as the update: paste numbers, or drop or pick a CSV, TSV, JSON or .npy file or a picture.',
  caption: () => 'your matrix',
  params: ['data', 'normalise'],
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
  if (!matrix) return { why: 'No matrix yet: paste, drop or pick one.' };
  const { rows, cols } = matrix;
  if (rows !== d || cols !== k)
    return { why: `Your matrix is ${rows} × ${cols}, but d × k is ${d} × ${k}: they must agree.` };
  const flat = flatFault(matrix.data);
  return flat ? { why: `In your matrix ${flat}.` } : matrix;
}

/**
 * What is wrong, in words without a full stop, with a matrix of which every entry is the same, zero
 * included: a constant hides nothing that a rank could show. Null where two entries differ.
 */
export function flatFault(data: ArrayLike<number>): string | null {
  const first = data[0];
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return null;
  const found = data.length === 1 ? `the only number is ${first}` : `every number is ${first}`;
  return `${found}, so there is nothing to learn; use at least two different numbers`;
}

/**
 * σ₁ of a matrix that is taken as it is. Above, squares of squares leave float32. Below, an Adam step, which is as large
 * as the rate however small the gradient, overshoots by so much at the derived rate that it counts as diverged.
 */
const [SMALLEST, LARGEST] = [1e-3, 1e6];

/** Why a matrix with this σ₁ cannot be trained as it is, a sentence; null where it can. */
export function unscaledFault(sigma1: number): string | null {
  if (sigma1 >= SMALLEST && sigma1 <= LARGEST) return null;
  return `The largest singular value of your matrix is ${rounded(sigma1, 2)}; without scaling it must be from ${SMALLEST} to ${count(LARGEST)}. Scale it to σ₁ = 1.`;
}
