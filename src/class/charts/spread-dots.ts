/** A dot of a picture: x is its position on the axis, from which it may move by `left` and `right`. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

/** Least distance of centres, in radii. */
const APART = 2.05;
/** Positions tried on either side. */
const TRIES = 60;

/** Moves dots sideways so that none covers another, each to the nearest free position, else to the freest; their x. */
export function spreadDots(dots: readonly Dot[], radius: number): readonly number[] {
  const order = dots.map((_, i) => i).sort((a, b) => (dots[b]?.y ?? 0) - (dots[a]?.y ?? 0) || a - b);
  const placed: { readonly x: number; readonly y: number }[] = [];
  const found = new Array<number>(dots.length).fill(0);
  for (const i of order) {
    const dot = dots[i];
    if (!dot) continue;
    const near = placed.filter(({ y }) => Math.abs(y - dot.y) < APART * radius);
    let best = dot.x;
    let min = Number.POSITIVE_INFINITY;
    for (const x of triesOf(dot)) {
      const room = near.reduce(
        (free, other) => Math.min(free, Math.hypot(other.x - x, other.y - dot.y)),
        APART * radius,
      );
      const cost = Math.abs(x - dot.x) + (APART * radius - room) * 1e4;
      if (cost < min) [min, best] = [cost, x];
    }
    placed.push({ x: best, y: dot.y });
    found[i] = best;
  }
  return found;
}

function triesOf({ x, left, right }: Dot): readonly number[] {
  const step = Math.max(x - left, right - x) / TRIES;
  const all = [x];
  for (let i = 1; i <= TRIES; i++) for (const side of [i * step, -i * step]) all.push(x + side);
  return all.filter((at) => at >= left && at <= right);
}
