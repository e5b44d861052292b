import type { Matrix64 } from '../../math/matrix.ts';
import { orthonormal } from '../factorisations.ts';
import { alignedFactors } from './align.ts';
import { addRows, composer, factorTo, geometric, norm } from './compose.ts';
import { normalBlocks } from './draws.ts';
import { roundedBlocks } from './rounded.ts';
import { type Refusal, type TargetContext, target, within } from './target.ts';

/** Ratio of neighbouring singular values of the `geometric` shape. */
const RATIO = 0.7;

/** U·diag(σ)·Vᵀ with σ₁ = 1, then Gaussian noise of its own stream; the sum is not scaled again. */
export const lowRank = target({
  name: 'low-rank',
  kind: 'matrix',
  from: 'settings',
  label: 'low rank',
  explanation: 'A random update of known rank with a little noise: a large enough r finds everything except the noise.',
  caption: (s) => `true rank ${s.truerank}${s.noise > 0 ? ' and noise' : ''}`,
  params: ['truerank', 'shape', 'noise', 'align'],
  small: { d: 16, k: 16, truerank: 1, noise: 0, align: null },
  build(context) {
    const { stream, progress } = context;
    const { d, k, truerank, shape, noise } = context.settings;
    const factors = directions(context);
    if ('why' in factors) return factors;
    const sigma = geometric(truerank, shape === 'geometric' ? RATIO : 1);
    const signal = composer(factors.U, sigma, factors.V);
    if (noise === 0) {
      const values = new Float64Array(Math.min(d, k));
      values.set(sigma);
      return { ...roundedBlocks(d, k, signal, within(0.2, 1, progress)), values };
    }
    const around = normalBlocks(d, k, stream('noise'), within(0.2, 0.8, progress));
    const factor = factorTo(noise * norm(sigma), around);
    const fill = (block: Matrix64, first: number) => {
      signal(block, first);
      addRows(block, factor, around, first);
    };
    return roundedBlocks(d, k, fill, within(0.8, 1, progress));
  },
});

function directions(context: TargetContext): { readonly U: Matrix64; readonly V: Matrix64 } | Refusal {
  const { d, k, truerank, align } = context.settings;
  const stream = context.stream('target');
  if (align !== null) return alignedFactors(context, truerank, align, stream);
  const U = orthonormal(d, truerank, stream, within(0, 0.1, context.progress));
  const V = orthonormal(k, truerank, stream, within(0.1, 0.2, context.progress));
  return { U, V };
}
