import type { Linear } from './linear.ts';

/** A network for batches of one size: its adapted layers, and what a batch makes of them. */
export interface Network<Batch> {
  /** Examples of a batch. */
  readonly n: number;
  readonly layers: readonly Linear[];
  /** Logits of the answers of the last batch, a row each. */
  readonly logits: { readonly rows: number; readonly columns: number; at(row: number, column: number): number };
  forward(batch: Batch): void;
  /** Mean cross-entropy in nats; writes the gradients of what trains. */
  measure(batch: Batch): number;
}

/** Share of the answers whose logit is the largest; the lowest index wins ties. */
export function accuracyOf({ rows, columns, at }: Network<unknown>['logits'], answers: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < rows; i++) {
    let best = 0;
    for (let j = 1; j < columns; j++) if (at(i, j) > at(i, best)) best = j;
    if (best === answers[i]) right++;
  }
  return right / rows;
}
