import type { Merging } from '../../experiment/merging/merging.ts';

/** What merging does to a layer whose weights are stored in one format. */
export type MergedNumbers = Pick<Merging, 'outputs' | 'worstCase' | 'unmerged' | 'lost'>;

/** Answers a merge message, twice where its intruder dimensions take long. */
export interface MergedMessage {
  readonly type: 'merged';
  readonly run: number;
  /** Of the merge message that this answers. */
  readonly order: number;
  /** Inputs N(0, 1) that the merged and the unmerged layer were given. */
  readonly inputs: number;
  /** ‖s·B·A‖_F/‖W‖_F, W the frozen weight. */
  readonly size: number;
  readonly float32: MergedNumbers;
  readonly bfloat16: MergedNumbers;
  /**
   * Intruder dimensions (k = 10, ε = 0.5) of the layer at its start and of the merged weight; why they are left out,
   * half a sentence; null: they are being counted.
   */
  readonly intruders: { readonly before: number; readonly after: number } | { readonly why: string } | null;
}
