import type { FloatArray } from './kernels.ts';
import type { Linear } from './linear.ts';

/** A network for batches of one size: its adapted layers, and what a batch makes of them. */
export interface LayeredNetwork<Batch> {
  /** Examples of a batch. */
  readonly n: number;
  readonly layers: readonly Linear[];
  /** What each layer read last, row by row. */
  readonly inputs: readonly FloatArray[];
  /** Logits of the answers of the last batch, a row each. */
  readonly logits: {
    readonly rows: number;
    readonly columns: number;
    /** Row by row. */
    readonly values: FloatArray;
  };
  forward(batch: Batch): void;
  /** Mean cross-entropy in nats; writes the gradients of what trains. */
  measure(batch: Batch): number;
}
