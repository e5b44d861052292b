import type { Linear } from './linear.ts';

/** A network for batches of one size: its adapted layers, and what a batch makes of them. */
export interface LayeredNetwork<Batch> {
  /** Examples of a batch. */
  readonly n: number;
  readonly layers: readonly Linear[];
  /** Logits of the answers of the last batch, a row each. */
  readonly logits: { readonly rows: number; readonly columns: number; at(row: number, column: number): number };
  forward(batch: Batch): void;
  /** Mean cross-entropy in nats; writes the gradients of what trains. */
  measure(batch: Batch): number;
}
