import { largestOf } from '../../src/engine/tasks/network/cross-entropy.ts';
import type { LayeredNetwork } from '../../src/engine/tasks/network/network.ts';
import type { Examples } from './networks.ts';

/** Shares of right answers, and of sequences whose answers are all right. */
export interface Accuracy {
  readonly answers: number;
  readonly whole: number;
}

/** A network's answers to examples, batch by batch; the last batch is filled with the first examples. */
export function answersTo(net: LayeredNetwork<Examples>, { inputs, answers }: Examples): Uint8Array {
  const each = net.logits.rows / net.n;
  const count = answers.length / each;
  const width = inputs.length / count;
  const found = new Uint8Array(answers.length);
  for (let from = 0; from < count; from += net.n) {
    const rows = Array.from({ length: net.n }, (_, i) => (from + i) % count);
    const batch = rows.flatMap((row) => [...inputs.subarray(row * width, (row + 1) * width)]);
    net.forward({ inputs: Float32Array.from(batch), answers });
    const { rows: n, columns, values } = net.logits;
    found.set(largestOf(values, n, columns).subarray(0, answers.length - from * each), from * each);
  }
  return found;
}

/** Accuracy of answers, `each` of a sequence. */
export function accuracyOf(found: Uint8Array, { answers }: Examples, each: number): Accuracy {
  const right = Array.from(found, (answer, i) => answer === answers[i]);
  const wholes = right.filter((_, i) => i % each === 0 && right.slice(i, i + each).every(Boolean));
  return {
    answers: right.filter(Boolean).length / right.length,
    whole: wholes.length / (right.length / each),
  };
}
