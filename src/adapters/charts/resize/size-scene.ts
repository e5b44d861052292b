/** A file as it could be: how large, and how far from this one. */
export interface FileSize {
  readonly bytes: number;
  /** ‖ΔW′ − ΔW‖/‖ΔW‖ over the whole file. */
  readonly error: number;
}

/** Error against size. */
export interface SizeScene {
  /** Of all files of a size the one that is closest, from the smallest up. */
  readonly floor: readonly FileSize[];
  /** One rank for all modules: 1, 2, 3, … */
  readonly oneRank: readonly (FileSize & { readonly rank: number })[];
  /** The present plan, with its size in words. */
  readonly now: FileSize & { readonly size: string };
  /** Bytes of the file as it is. */
  readonly before: number;
}
