// What the page asks of a drawing that is not in use yet, and what its worker says. A worker of its own: that of the runs
// may be training, and a person who draws is not to wait for it.

/** What a person draws on: the owl, whose change is the update, or blank paper, where the drawing itself is. */
export type Ground = 'owl' | 'paper';

export interface DraftMessage {
  readonly on: Ground;
  /** Counts the sheets of a draft. */
  readonly order: number;
  /** Row by row, a square: grey levels 0 … 1, NO_PAINT where the ground shows. */
  readonly paint: Float64Array;
  readonly d: number;
  readonly k: number;
  /** Of the best updates that are to be shown. */
  readonly ranks: readonly number[];
}

/** A matrix as it is drawn, row by row. */
export interface DraftPictureResult {
  readonly rank: number;
  readonly values: Float32Array;
}

export interface DraftResultMessage {
  readonly on: Ground;
  readonly order: number;
  /** Rows and columns of what was measured: those of W, or fewer where W is large. */
  readonly d: number;
  readonly k: number;
  /** Of ΔW*, the largest 1; all 0 where there is nothing to learn. */
  readonly singularValues: Float64Array;
  /** How many of them rounding cannot explain. */
  readonly directions: number;
  readonly effectiveRank: number;
  /** ΔW*. */
  readonly update: Float32Array;
  /** On the owl W₀ and the best update of each rank, 0 and 1 the smallest and largest entry of W₀; on paper the update alone. */
  readonly best: readonly DraftPictureResult[];
}
