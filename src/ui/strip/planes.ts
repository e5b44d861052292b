import { combine, type Plane, productCells, productPlane, reduce } from '../../charts/plane.ts';
import type { Run } from '../../state/state.ts';

type Ready = NonNullable<Run['ready']>;

/** No more cells a side are drawn: larger matrices are shown as means of blocks. */
const MOST_CELLS = 256;

/** The matrices of the strip as they are painted. All d × k planes have the same cells. */
export interface Planes {
  readonly W: Plane;
  readonly W0: Plane;
  readonly A: Plane;
  readonly B: Plane;
  readonly dW: Plane;
  readonly target: Plane;
  readonly E: Plane;
}

const frozen = new WeakMap<Ready, { readonly W0: Plane; readonly target: Plane }>();

/** W₀ and ΔW* do not change during a run. */
function frozenPlanes(ready: Ready): { readonly W0: Plane; readonly target: Plane } {
  const known = frozen.get(ready);
  if (known) return known;
  const { d, k, rank, base, target } = ready;
  const most = productCells(rank, MOST_CELLS);
  const planes = { W0: reduce(base, d, k, most), target: reduce(target, d, k, most) };
  frozen.set(ready, planes);
  return planes;
}

/** Everything that follows from the factors at one step: ΔW = s·B·A, W = W₀ + ΔW, E = ΔW − ΔW*. */
export function planesOf(ready: Ready, A: Float32Array, B: Float32Array, scaling: number): Planes {
  const { d, k, rank } = ready;
  const { W0, target } = frozenPlanes(ready);
  const dW = productPlane(B, A, scaling, d, k, rank, MOST_CELLS);
  return {
    W0,
    target,
    dW,
    A: reduce(A, rank, k, MOST_CELLS),
    B: reduce(B, d, rank, MOST_CELLS),
    W: combine(W0, 1, dW),
    E: combine(dW, -1, target),
  };
}

/** The cell of a plane that holds an entry. */
export function cellOf(plane: Plane, row: number, column: number): number {
  return plane.values[Math.floor(row / plane.blockRows) * plane.cols + Math.floor(column / plane.blockCols)];
}
