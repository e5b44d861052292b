import { exp } from '../../../math/elementary.ts';
import type { AttentionOutput, FloatArray, NetworkKernels, Projections, SequenceShape } from './kernels.ts';

/** Calls `visit` with the addresses of each query: its row of weights, itself, the first position of its head; and its position. */
function each(
  { count, length, heads, width }: SequenceShape,
  visit: (row: number, own: number, first: number, i: number) => void,
): void {
  const size = width / heads;
  for (let s = 0; s < count; s++)
    for (let h = 0; h < heads; h++)
      for (let i = 0; i < length; i++) {
        const first = s * length * width + h * size;
        visit(((s * heads + h) * length + i) * length, first + i * width, first, i);
      }
}

/** Plain loops, in float64 inside. */
export const attentionLoops: Pick<NetworkKernels, 'attend' | 'attendBackward'> = {
  attend({ mixed, weights }, { q, k, v }, shape) {
    const { heads, length, width } = shape;
    const size = width / heads;
    const scale = 1 / Math.sqrt(size);
    const scores = new Float64Array(length);
    mixed.fill(0);
    each(shape, (row, own, first, i) => {
      let largest = -Infinity;
      for (let j = 0; j <= i; j++) {
        const other = first + j * width;
        let dot = 0;
        for (let l = 0; l < size; l++) dot += q[own + l] * k[other + l];
        scores[j] = dot * scale;
        largest = Math.max(largest, scores[j]);
      }
      let sum = 0;
      for (let j = 0; j <= i; j++) {
        scores[j] = exp(scores[j] - largest);
        sum += scores[j];
      }
      for (let j = 0; j <= i; j++) {
        const weight = scores[j] / sum;
        weights[row + j] = weight;
        const other = first + j * width;
        for (let l = 0; l < size; l++) mixed[own + l] += weight * v[other + l];
      }
    });
  },
  attendBackward(delta, weights, { q, k, v }, gradients, shape) {
    const { heads, length, width } = shape;
    const size = width / heads;
    const scale = 1 / Math.sqrt(size);
    const dots = new Float64Array(length);
    for (const gradient of Object.values(gradients)) gradient.fill(0);
    const { q: dq, k: dk, v: dv } = gradients;
    each(shape, (row, own, first, i) => {
      let mean = 0;
      for (let j = 0; j <= i; j++) {
        const other = first + j * width;
        const weight = weights[row + j];
        let dot = 0;
        for (let l = 0; l < size; l++) {
          dot += delta[own + l] * v[other + l];
          dv[other + l] += weight * delta[own + l];
        }
        dots[j] = dot;
        mean += weight * dot;
      }
      for (let j = 0; j <= i; j++) {
        const g = weights[row + j] * (dots[j] - mean) * scale;
        const other = first + j * width;
        for (let l = 0; l < size; l++) {
          dq[own + l] += g * k[other + l];
          dk[other + l] += g * q[own + l];
        }
      }
    });
  },
};

/** Causal attention with the memory of its passes. */
export function createAttention(kernels: NetworkKernels, shape: SequenceShape) {
  const { count, length, heads, width } = shape;
  const rows = () => kernels.buffer(count * length * width);
  const out: AttentionOutput = { weights: kernels.buffer(count * heads * length * length), mixed: rows() };
  /** Of q, k and v, after a pass back. */
  const gradients: Projections<FloatArray> = { q: rows(), k: rows(), v: rows() };
  return {
    ...out,
    gradients,
    forward: (of: Projections<FloatArray>): void => kernels.attend(out, of, shape),
    backward: (delta: FloatArray, of: Projections<FloatArray>): void =>
      kernels.attendBackward(delta, out.weights, of, gradients, shape),
  };
}
