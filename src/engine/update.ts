import type { Module } from '../experiment/layer/module.ts';
import { type AnyMatrix, type Matrix64, zeros } from '../math/matrix.ts';

/**
 * Two factors and a number whose product is ΔW = W − W₀: B, A and s; where a start has moved a part of W₀ into the
 * adapter, [s·B | −s₀·B₀] (d × 2r), [A; A₀] (2r × k) and 1.
 */
export function updateFactors(
  module: Pick<Module, 'd' | 'k' | 'rank' | 'A' | 'B' | 'moved'>,
  A: Float32Array,
  B: Float32Array,
  s: number,
): { readonly left: AnyMatrix; readonly right: AnyMatrix; readonly scale: number } {
  const { d, k, rank, moved } = module;
  if (!moved) return { left: { rows: d, cols: rank, data: B }, right: { rows: rank, cols: k, data: A }, scale: s };
  const left: Matrix64 = zeros(d, 2 * rank);
  for (let i = 0; i < d; i++) {
    for (let p = 0; p < rank; p++) {
      left.data[2 * i * rank + p] = s * B[i * rank + p];
      left.data[(2 * i + 1) * rank + p] = -moved.scaling * module.B.data[i * rank + p];
    }
  }
  const right = zeros(2 * rank, k);
  right.data.set(A);
  right.data.set(module.A.data, rank * k);
  return { left, right, scale: 1 };
}
