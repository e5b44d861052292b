import { combine, factorPlanes, halvesOf, type Plane, productPlane } from '../../charts/plane.ts';
import type { KeptExtremes } from '../../state/extremes.ts';
import type { Run } from '../../state/state.ts';

type Ready = NonNullable<Run['ready']>;

/** The d × k matrices of the strip as they are painted, all with the same cells. */
export interface Squares {
  readonly W: Plane;
  readonly W0: Plane;
  readonly dW: Plane;
  readonly target: Plane;
  readonly E: Plane;
}

/** With the factors. */
export interface Planes extends Squares {
  readonly A: Plane;
  readonly B: Plane;
}

/** Everything that follows from the factors at one step: ΔW = s·B·A, W = W₀ + ΔW, E = ΔW − ΔW*; means where in blocks. */
export function planesOf(ready: Ready, A: Float32Array, B: Float32Array, scaling: number): Planes {
  const { d, k, rank, planes } = ready;
  const [W0, target] = [planes.base.mean, planes.target.mean];
  const halves = halvesOf(B, A, d, k, rank);
  const dW = productPlane(halves, scaling);
  return { W0, target, dW, W: combine(W0, 1, dW), E: combine(dW, -1, target), ...factorPlanes(halves) };
}

/** The largest entries of blocks: those of products as the worker found them. Null where nothing is drawn in blocks. */
export function extremesOf({ planes }: Ready, { W, dW, E }: KeptExtremes): Squares | null {
  const [W0, target] = [planes.base.extreme, planes.target.extreme];
  return W0 && target && { W, W0, dW, target, E };
}

/** The cell of a plane that holds an entry. */
export function cellOf(plane: Plane, row: number, column: number): number {
  return plane.values[Math.floor(row / plane.blockRows) * plane.cols + Math.floor(column / plane.blockCols)];
}
