/** The p-quantile of ascending values, of which the last may be infinite, between two of them by their distance; null of none. */
export function quantileAt(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const place = p * (values.length - 1);
  const [low, high] = [values[Math.floor(place)] ?? 0, values[Math.ceil(place)] ?? 0];
  // Between a number and infinity lies infinity, and between two of them the formula would find no number.
  return high === Number.POSITIVE_INFINITY ? high : low + (high - low) * (place - Math.floor(place));
}
