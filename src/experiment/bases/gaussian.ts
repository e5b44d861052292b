import { fillNormal } from '../targets/draws.ts';
import { roundedBlocks } from '../targets/rounded.ts';
import { base } from './base.ts';

/** Entries N(0, 1/k). */
export const gaussianBase = base({
  name: 'gaussian',
  label: 'Gaussian',
  explanation:
    'Random entries of variance 1/k: many singular values of about the same size, so the leading directions mean nothing.',
  build: ({ d, k, stream, progress }) =>
    roundedBlocks(d, k, (block) => fillNormal(block, 1 / Math.sqrt(k), stream), progress),
});
