export interface FileSize {
  readonly bytes: number;
  /** ‖ΔW′ − ΔW‖/‖ΔW‖ over the whole file. */
  readonly error: number;
}

export interface SizeScene {
  /** The closest of all files of a size, from the smallest up. */
  readonly floor: readonly FileSize[];
  readonly oneRank: readonly (FileSize & { readonly rank: number })[];
  readonly now: FileSize & { readonly size: string };
  readonly before: number;
}
