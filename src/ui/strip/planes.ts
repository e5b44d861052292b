import { percentile99 } from '../../charts/matrices/heatmap.ts';
import { combine, factorPlanes, halvesOf, type Plane, productPlane } from '../../charts/matrices/plane.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { HistoryExtremes } from '../../state/run/history.ts';
import type { ReadyModule, ReadyTarget } from '../../state/run/run.ts';
import { type OwnFactor, type OwnFactors, ownPlane } from './own-factors.ts';

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
  own: OwnPlanes | null = null,
): Planes {
  const { d, k, rank, moved } = module;
  const [base, target] = [module.basePlane.mean, module.wanted.plane.mean];
  const halves = halvesOf(B, A, d, k, rank);
  const adapter = productPlane(halves, scaling);
  const dW = moved ? combine(adapter, -1, movedPlane(module)) : adapter;
  // Includes the rounding of W_frozen.
  const W = combine(moved ? moved.frozen.mean : base, 1, adapter);
  const sum = moved && split === 'frozen' ? { W0: moved.frozen.mean, dW: adapter } : { W0: base, dW };
  return { ...sum, target, W, E: combine(dW, -1, target), ...(own ?? factorPlanes(halves)) };
}

/** What is drawn in the places of A and B for a method beside LoRA; an empty plane where it has nothing. */
export type OwnPlanes = Pick<Planes, 'A' | 'B'>;

const NOTHING: Plane = { values: new Float32Array(1), rows: 1, cols: 1, blockRows: 1, blockCols: 1 };

export function ownPlanes({ A, B }: OwnFactors, own: readonly Float32Array[] | undefined): OwnPlanes {
  const plane = (of: OwnFactor | null) => (of && own ? ownPlane(of, own) : NOTHING);
  return { A: plane(A), B: plane(B) };
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

/** The value at full strength, per matrix. */
export interface Scales {
  /** W₀ and W. */
  readonly base: number;
  /** ΔW, ΔW* and E. */
  readonly update: number;
  readonly A: number;
  readonly B: number;
  /** Smallest and largest entry of W₀: the grey scale of W₀ and W if they are pictures. */
  readonly range: readonly [number, number];
}

/** The 99th percentile of |v|. */
const sizeOf = cached(({ values }: Plane) => percentile99(values));

/** Smallest and largest cell. */
export const rangeOf = cached(({ values }: Plane): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
});

export function isBlank(plane: Plane): boolean {
  const [low, high] = rangeOf(plane);
  return low === 0 && high === 0;
}

/** An edit's scale ends at this fraction of its largest entry: few cells exceed it, and thin paint stays visible. */
const NEARLY = 0.9;

const rms = ({ values }: Plane) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / Math.max(1, values.length));

/**
 * The 99th percentile of |v| of each group; if one of its matrices is constant, W₀ (`base`) or ΔW*, that matrix's own,
 * so that a run that blows up visibly leaves the scale (for an edit, mostly 0, NEARLY its largest entry). `before`:
 * scales at an earlier frame of the run, lower bounds for A and B, so that colours do not flicker.
 */
export function scalesOf(
  planes: Pick<Planes, 'A' | 'B' | 'dW' | 'target'>,
  base: Plane,
  rank: number,
  scaling: number,
  before: Scales | null,
  pictured = false,
): Scales {
  const { A, B, dW, target } = planes;
  // A target that is not known yet leaves ΔW its own scale.
  const wanted = pictured ? NEARLY * Math.max(...rangeOf(target).map(Math.abs)) : sizeOf(target) || sizeOf(dW);
  // A factor that starts at zero fills in from blank: its scale is half the size at which it would give ΔW* with the
  // present other factor. The other grows too, so it ends at 0.4 to 1.1 of that size.
  // One number in a place says nothing about the other one.
  const needed = (other: Plane) =>
    other.values.length === 1 ? Number.NaN : (0.5 * wanted) / (scaling * Math.sqrt(rank) * rms(other));
  const factor = (own: Plane, other: Plane, old: number | undefined) => {
    const size = sizeOf(own);
    const start = size === 0 && Number.isFinite(needed(other)) ? needed(other) : size;
    return Math.max(old ?? start, size);
  };
  return {
    base: sizeOf(base),
    update: wanted,
    A: factor(A, B, before?.A),
    B: factor(B, A, before?.B),
    range: rangeOf(base),
  };
}

/** The cells beyond the ends of a scale, NaN too. */
export function outsideCount({ values }: Plane, [low, high]: readonly [number, number]): number {
  let count = 0;
  for (const v of values) if (!(v >= low && v <= high)) count++;
  return count;
}
