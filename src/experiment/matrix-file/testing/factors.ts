import fc from 'fast-check';
import { stream } from '../../../math/random.ts';
import type { FactoredMatrix } from '../../targets/factored-matrix.ts';

export function makeFactors(d: number, k: number, r: number, seed = 1, scaling = 0.5): FactoredMatrix {
  const draw = stream(seed, 'factors');
  const strength = [1];
  while (strength.length < r) strength.push(0.8 * strength[strength.length - 1]);
  const B = Float32Array.from({ length: d * r }, (_, i) => draw.normal() * strength[i % r]);
  const A = Float32Array.from({ length: r * k }, () => draw.normal() / Math.sqrt(k));
  return {
    ...{ rows: d, cols: k, scaling },
    B: { rows: d, cols: r, data: B },
    A: { rows: r, cols: k, data: A },
    name: 'mid · cross-attention out, from style-a.safetensors',
  };
}

/** Sizes and ranks in every relation, including rank 1 and ranks above both sides; s of either sign. */
export const anyFactors = (largest = 24): fc.Arbitrary<FactoredMatrix> => {
  const size = fc.integer({ min: 1, max: largest });
  const s = fc.constantFrom(1, -0.5, 2, 1 / 3, 0.0625);
  return fc
    .tuple(size, size, size, fc.nat(1e6), s)
    .map(([d, k, r, seed, scaling]) => makeFactors(d, k, r, seed, scaling));
};
