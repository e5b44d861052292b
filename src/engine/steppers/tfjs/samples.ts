import { scalar, slice, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { TensorBatch } from '../../tasks/tfjs.ts';
import type { SampleTask } from '../stepper.ts';

/** Numbers that are uploaded at a time: a pack of many steps with large batches goes up in several pieces. */
const AT_ONCE = 2 ** 20;

/** Batches on the device. */
export interface TensorBatches {
  /** Samples a batch. */
  readonly size: number;
  /** The batch of one step, inside a tidy. */
  readonly at: (step: number) => TensorBatch;
  /** Says which steps are asked for next, `count` from `from` on, in order: as many as fit are uploaded together. */
  readonly ahead: (from: number, count: number) => void;
  /** Says that the steps of `ahead` have been made. */
  readonly release: () => void;
  readonly dispose: () => void;
}

/** Steps first … first + count − 1, one batch after another: [x | y] a row. */
interface Piece {
  readonly first: number;
  readonly count: number;
  readonly rows: Tensor;
}

/** Full batches are uploaded once, others a piece of the steps that come at a time. */
export function tensorBatches(d: number, k: number, { inputs, labels, batches }: SampleTask): TensorBatches {
  const { size } = batches;
  const share = scalar(1 / size);
  const whole =
    size * k === inputs.length ? { inputs: tensor(inputs, [size, k]), labels: tensor(labels, [size, d]), share } : null;
  let piece: Piece | null = null;

  function upload(first: number, most: number): Piece {
    const width = k + d;
    const count = Math.max(1, Math.min(most, Math.floor(AT_ONCE / (size * width))));
    const rows = new Float32Array(count * size * width);
    for (let i = 0; i < count; i++) {
      batches.at(first + i).forEach((sample, j) => {
        const at = (i * size + j) * width;
        rows.set(inputs.subarray(sample * k, (sample + 1) * k), at);
        rows.set(labels.subarray(sample * d, (sample + 1) * d), at + k);
      });
    }
    return { first, count, rows: tensor(rows, [count * size, width]) };
  }

  function release(): void {
    piece?.rows.dispose();
    piece = null;
  }

  const has = (step: number) => piece !== null && step >= piece.first && step < piece.first + piece.count;

  return {
    size,
    at(step) {
      if (whole) return whole;
      // Made inside the caller's tidy where it was not announced.
      const from = piece && has(step) ? piece : upload(step, 1);
      const row = (step - from.first) * size;
      return { inputs: slice(from.rows, [row, 0], [size, k]), labels: slice(from.rows, [row, k], [size, d]), share };
    },
    ahead(from, count) {
      if (whole || has(from)) return;
      release();
      piece = upload(from, count);
    },
    release,
    dispose() {
      release();
      share.dispose();
      whole?.inputs.dispose();
      whole?.labels.dispose();
    },
  };
}
