import { combine, factorPlanes, halvesOf, type Plane, productPlane } from '../../charts/matrices/plane.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { HistoryExtremes } from '../../state/run/history.ts';
import type { ReadyModule, ReadyTarget } from '../../state/run/run.ts';

/**
 * The layer's weight as a sum, if an initialisation has moved s₀·B₀·A₀ from W₀ into the adapter: W = W_frozen + s·B·A,
 * or W = W₀ + ΔW with ΔW = s·B·A − s₀·B₀·A₀. Otherwise both are the same.
 */
export type Split = 'frozen' | 'update';

/** A module with known ΔW*: without it there is no strip. */
export type PicturedModule = ReadyModule & { readonly wanted: ReadyTarget };

/** The d × k matrices of the strip as painted, all with the same cells. */
export interface Squares {
  readonly W: Plane;
  /** W₀, or W_frozen if the split is 'frozen'. */
  readonly W0: Plane;
  /** ΔW, or s·B·A if the split is 'frozen'. */
  readonly dW: Plane;
  readonly target: Plane;
  readonly E: Plane;
}

export interface Planes extends Squares {
  readonly A: Plane;
  readonly B: Plane;
}

export function planesOf(
  module: PicturedModule,
  A: Float32Array,
  B: Float32Array,
  scaling: number,
  split: Split,
): Planes {
  const { d, k, rank, moved } = module;
  const [base, target] = [module.basePlane.mean, module.wanted.plane.mean];
  const halves = halvesOf(B, A, d, k, rank);
  const adapter = productPlane(halves, scaling);
  const dW = moved ? combine(adapter, -1, movedPlane(module)) : adapter;
  // Includes the rounding of W_frozen.
  const W = combine(moved ? moved.frozen.mean : base, 1, adapter);
  const sum = moved && split === 'frozen' ? { W0: moved.frozen.mean, dW: adapter } : { W0: base, dW };
  return { ...sum, target, W, E: combine(dW, -1, target), ...factorPlanes(halves) };
}

/** s₀·B₀·A₀, or zeros. */
const movedPlane = cached(({ d, k, rank, A, B, moved }: ReadyModule) =>
  productPlane(halvesOf(B, A, d, k, rank), moved?.scaling ?? 0),
);

/** Largest entries of blocks, for products as found by the worker. Null if nothing is drawn in blocks. */
export function extremesOf({ basePlane, wanted }: PicturedModule, { W, dW, E }: HistoryExtremes): Squares | null {
  const [W0, target] = [basePlane.extreme, wanted.plane.extreme];
  return W0 && target && { W, W0, dW, target, E };
}

export function cellOf(plane: Plane, row: number, column: number): number {
  return plane.values[Math.floor(row / plane.blockRows) * plane.cols + Math.floor(column / plane.blockCols)];
}
