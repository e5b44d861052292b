import { percentile99 } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { Planes } from './planes.ts';

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
  planes: Pick<Planes, 'A' | 'B' | 'target'>,
  base: Plane,
  rank: number,
  scaling: number,
  before: Scales | null,
  pictured = false,
): Scales {
  const { A, B, target } = planes;
  const wanted = pictured ? NEARLY * Math.max(...rangeOf(target).map(Math.abs)) : sizeOf(target);
  // A factor that starts at zero fills in from blank: its scale is half the size at which it would give ΔW* with the
  // present other factor. The other grows too, so it ends at 0.4 to 1.1 of that size.
  const needed = (other: Plane) => (0.5 * wanted) / (scaling * Math.sqrt(rank) * rms(other));
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
