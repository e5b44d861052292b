/** A file as it could be: how large, and how far from this one. */
export interface SizedFile {
  readonly bytes: number;
  /** ‖ΔW′ − ΔW‖/‖ΔW‖ over the whole file. */
  readonly error: number;
}

/** Error against size. */
export interface SizeScene {
  /** Of all files of a size the one that is closest, from the smallest up. */
  readonly floor: readonly SizedFile[];
  /** One rank for all modules: 1, 2, 3, … */
  readonly oneRank: readonly (SizedFile & { readonly rank: number })[];
  /** The present plan, with its size in words. */
  readonly now: SizedFile & { readonly size: string };
  /** Bytes of the file as it is. */
  readonly before: number;
}

/** So many points of a falling curve that no screen shows the difference, its ends among them. */
export function thinned<T extends SizedFile>(curve: readonly T[], most = 240): readonly T[] {
  if (curve.length <= most) return curve;
  // Steps of equal length along the diagonal of the chart: dense where it is steep as well as where it is flat.
  const [first, last] = [curve[0], curve[curve.length - 1]];
  const width = Math.abs(last.bytes - first.bytes) || 1;
  const height = Math.abs(first.error - last.error) || 1;
  const step = 2 / most;
  const kept: T[] = [first];
  let before = first;
  for (const one of curve) {
    const moved = Math.abs(one.bytes - before.bytes) / width + Math.abs(one.error - before.error) / height;
    if (moved < step) continue;
    kept.push(one);
    before = one;
  }
  if (before !== last) kept.push(last);
  return kept;
}
