import { combine, halvesOf, productCells, productPlane } from '../../charts/matrices/plane.ts';
import type { Pixels } from '../../kit/grids/heatmap.tsx';
import type { OwlSnapshot } from '../../state/owl/owl.ts';
import type { ReadyModule } from '../../state/run/run.ts';
import { matrixPixels } from './matrices.ts';
import { rangeOf } from './planes.ts';

/** W = W₀ − s₀·B₀·A₀ + s·B·A as a picture, in the greys of W₀; without a snapshot W₀. */
export function owlPixels(
  { basePlane, rank }: Pick<ReadyModule, 'basePlane' | 'rank'>,
  snapshot: OwlSnapshot | null,
): Pixels {
  const base = basePlane.mean;
  // Blocks of the same size as those of W₀.
  const cells = productCells(rank);
  const W = snapshot ? weight(snapshot) : base;
  return matrixPixels({ name: 'W', scale: 0, range: rangeOf(base) }, W);

  function weight({ A, B, module: { d, k, rank, scaling, moved } }: OwlSnapshot) {
    const product = (b: Float32Array, a: Float32Array, s: number) => productPlane(halvesOf(b, a, d, k, rank, cells), s);
    const trained = combine(base, 1, product(B, A, scaling));
    return moved ? combine(trained, -1, product(moved.B, moved.A, moved.scaling)) : trained;
  }
}
