import { combine, type Plane, productPlane, type Reduced, reduce } from '../../charts/plane.ts';
import type { KeptExtremes } from '../../state/extremes.ts';
import type { Run } from '../../state/state.ts';

type Ready = NonNullable<Run['ready']>;

/** The worker draws W₀ and ΔW* with as many cells a side at most. */
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

/** A and B as they are drawn. */
export interface Factors {
  readonly A: Reduced;
  readonly B: Reduced;
}

export function factorsOf({ d, k, rank }: Ready, A: Float32Array, B: Float32Array): Factors {
  return { A: reduce(A, rank, k, MOST_CELLS), B: reduce(B, d, rank, MOST_CELLS) };
}

/** Everything that follows from the factors at one step: ΔW = s·B·A, W = W₀ + ΔW, E = ΔW − ΔW*; means where in blocks. */
export function planesOf(ready: Ready, A: Float32Array, B: Float32Array, s: number, factors: Factors): Planes {
  const { d, k, rank, planes } = ready;
  const [W0, target] = [planes.base.mean, planes.target.mean];
  const dW = productPlane(B, A, s, d, k, rank);
  return {
    W0,
    target,
    dW,
    A: factors.A.mean,
    B: factors.B.mean,
    W: combine(W0, 1, dW),
    E: combine(dW, -1, target),
  };
}

/** The largest entries of blocks: those of products as the worker found them. Null where nothing is drawn in blocks. */
export function extremesOf({ planes }: Ready, { A, B }: Factors, known: KeptExtremes): Planes | null {
  const [W0, target] = [planes.base.extreme, planes.target.extreme];
  if (!W0 || !target) return null;
  const { W, dW, E } = known;
  return { W0, target, W, dW, E, A: A.extreme ?? A.mean, B: B.extreme ?? B.mean };
}

/** The cell of a plane that holds an entry. */
export function cellOf(plane: Plane, row: number, column: number): number {
  return plane.values[Math.floor(row / plane.blockRows) * plane.cols + Math.floor(column / plane.blockCols)];
}
