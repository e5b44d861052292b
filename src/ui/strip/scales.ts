import { percentile99 } from '../../charts/matrices/heatmap.ts';
import type { Plane } from '../../charts/matrices/plane.ts';
import type { Planes } from './planes.ts';

/** The value at which a colour is at full strength. */
export interface Scales {
  /** W₀ and W. */
  readonly base: number;
  /** ΔW, ΔW* and E. */
  readonly update: number;
  readonly A: number;
  readonly B: number;
  /** Smallest and largest entry of W₀: the scale of W₀ and W where they are pictures. */
  readonly range: readonly [number, number];
}

const sizes = new WeakMap<Plane, number>();

/** The 99th percentile of |v|; of a plane that stays the same it is taken once. */
function sizeOf(plane: Plane): number {
  const size = sizes.get(plane) ?? percentile99(plane.values);
  sizes.set(plane, size);
  return size;
}

const ranges = new WeakMap<Plane, readonly [number, number]>();

/** Smallest and largest cell; looked for once a plane. */
export function rangeOf(plane: Plane): readonly [number, number] {
  const known = ranges.get(plane);
  if (known) return known;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of plane.values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const found = [low, high] as const;
  ranges.set(plane, found);
  return found;
}

/** True where every cell is exactly 0. */
export function isBlank(plane: Plane): boolean {
  const [low, high] = rangeOf(plane);
  return low === 0 && high === 0;
}

/** An edit's scale ends at this part of its largest entry: few of its cells are beyond it, and thin paint stays visible. */
const NEARLY = 0.9;

const rms = ({ values }: Plane) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / Math.max(1, values.length));

/**
 * The 99th percentile of |v| of each group. Where a group has a matrix that never changes, W₀ (`base`) or ΔW*, it is that one's,
 * so that it looks the same throughout, and a run that blows up is seen to leave the scale (of an edit of a
 * picture, most of which is 0, it is nearly the largest). `before`: the scales of the
 * same run at an earlier frame, below which those of A and B do not fall, so that colours do not flicker.
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
  // A factor that starts at zero fills in from blank paper: its scale is half the size at which it would make ΔW* with
  // the other factor as it stands. The other grows too, so it ends at 0.4 to 1.1 of that size.
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

/** How many cells are lighter or darker than a picture's scale goes. */
export function outsideCount({ values }: Plane, [low, high]: readonly [number, number]): number {
  let count = 0;
  for (const v of values) if (!(v >= low && v <= high)) count++;
  return count;
}

/** How many cells are beyond the scale and so shown at full strength. */
export function clippedCount({ values }: Plane, scale: number): number {
  let clipped = 0;
  for (const v of values) if (!(Math.abs(v) <= scale)) clipped++;
  return clipped;
}
