import { isFactoredData } from '../settings/data-kind.ts';
import { builtMatrix } from './factorisations.ts';
import { target } from './target.ts';

/** An imported matrix, as it is or scaled to σ₁ = 1. Never resampled: its size is d × k. */
export const matrixTarget = target({
  name: 'matrix',
  kind: 'matrix',
  from: 'data',
  label: 'your own',
  explanation:
    'Your own matrix as the update: paste numbers, or drop or pick a CSV, TSV, JSON or .npy file or a picture.',
  caption: ({ data }) => (isFactoredData(data) ? 'from an adapter' : 'your matrix'),
  params: ['data', 'normalise'],
  sign: { lines: 'M24 34V8M14 18L24 8L34 18M8 42H40' },
  build: builtMatrix,
});
