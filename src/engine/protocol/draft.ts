// Messages about a drawing not yet in use, to a separate worker: drawing must not wait for training.

/** The user draws on the owl, whose change is the update, or on blank paper, which holds the drawing itself. */
export type Ground = 'owl' | 'paper';

export interface DraftMessage {
  readonly on: Ground;
  readonly order: number;
  readonly paint: Float64Array;
  readonly d: number;
  readonly k: number;
  /** Ranks of the best updates to show. */
  readonly ranks: readonly number[];
}

export interface DraftPictureResult {
  readonly rank: number;
  readonly values: Float32Array;
}

export interface DraftResultMessage {
  readonly on: Ground;
  readonly order: number;
  /** Measured rows and columns: those of W, or fewer if W is large. */
  readonly d: number;
  readonly k: number;
  /** Of ΔW*, the largest 1; all 0 if there is nothing to learn. */
  readonly singularValues: Float64Array;
  /** Number of singular values above rounding. */
  readonly directions: number;
  readonly effectiveRank: number;
  /** ΔW*. */
  readonly update: Float32Array;
  /** On the owl W₀ and the best update of each rank, scaled to W₀'s range 0 … 1; on paper the update alone. */
  readonly best: readonly DraftPictureResult[];
}
