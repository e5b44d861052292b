import { exp } from '../../../math/elementary.ts';
import type { FloatArray, NetworkKernels } from './kernels.ts';

export interface SequenceShape {
  /** Sequences of a batch. */
  readonly count: number;
  readonly length: number;
  readonly heads: number;
  readonly width: number;
}

/** Causal attention: weights softmax(q·kᵀ/√(width/heads)) over the positions up to one's own. */
export function createAttention({ buffer }: NetworkKernels, { count, length, heads, width }: SequenceShape) {
  const size = width / heads;
  const scale = 1 / Math.sqrt(size);
  /** By sequence, head, row and column. */
  const weights = buffer(count * heads * length * length);
  const mixed = buffer(count * length * width);
  const row64 = new Float64Array(length);

  function each(visit: (row: number, own: number, first: number, i: number) => void): void {
    for (let s = 0; s < count; s++)
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < length; i++) {
          const first = s * length * width + h * size;
          visit(((s * heads + h) * length + i) * length, first + i * width, first, i);
        }
  }

  return {
    weights,
    mixed,
    forward(q: FloatArray, k: FloatArray, v: FloatArray): void {
      mixed.fill(0);
      each((row, own, first, i) => {
        let largest = -Infinity;
        for (let j = 0; j <= i; j++) {
          const other = first + j * width;
          let dot = 0;
          for (let l = 0; l < size; l++) dot += q[own + l] * k[other + l];
          row64[j] = dot * scale;
          largest = Math.max(largest, row64[j]);
        }
        let sum = 0;
        for (let j = 0; j <= i; j++) {
          row64[j] = exp(row64[j] - largest);
          sum += row64[j];
        }
        for (let j = 0; j <= i; j++) {
          const weight = row64[j] / sum;
          weights[row + j] = weight;
          const other = first + j * width;
          for (let l = 0; l < size; l++) mixed[own + l] += weight * v[other + l];
        }
      });
    },
    /** Gradients of q, k and v for the gradient δ of `mixed`. */
    backward(
      delta: FloatArray,
      q: FloatArray,
      k: FloatArray,
      v: FloatArray,
      dq: FloatArray,
      dk: FloatArray,
      dv: FloatArray,
    ): void {
      for (const gradient of [dq, dk, dv]) gradient.fill(0);
      each((row, own, first, i) => {
        let mean = 0;
        for (let j = 0; j <= i; j++) {
          const other = first + j * width;
          const weight = weights[row + j];
          let dot = 0;
          for (let l = 0; l < size; l++) {
            dot += delta[own + l] * v[other + l];
            dv[other + l] += weight * delta[own + l];
          }
          row64[j] = dot;
          mean += weight * dot;
        }
        for (let j = 0; j <= i; j++) {
          const g = weights[row + j] * (row64[j] - mean) * scale;
          const other = first + j * width;
          for (let l = 0; l < size; l++) {
            dq[own + l] += g * k[other + l];
            dk[other + l] += g * q[own + l];
          }
        }
      });
    },
  };
}
