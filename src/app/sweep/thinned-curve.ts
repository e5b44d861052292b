/**
 * About so many values of a curve at its steps 0 … last: every nth, and the last one. More of them where the curve moves
 * most, at its beginning: half of the points lie in its first eighth.
 */
export function thinnedCurve(
  values: ArrayLike<number>,
  last: number,
  points: number,
): { readonly steps: readonly number[]; readonly values: readonly number[] } {
  const end = Math.min(last, values.length - 1);
  const steps = new Set<number>();
  for (let i = 0; i <= points; i++) steps.add(Math.round(end * (i / points) ** 3));
  const sorted = [...steps].filter((step) => step >= 0);
  return { steps: sorted, values: sorted.map((step) => values[step] ?? Number.NaN) };
}
