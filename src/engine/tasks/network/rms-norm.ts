import type { FloatArray, NetworkKernels } from './kernels.ts';

export const EPSILON = 1e-5;

/** Plain loops, in float64 inside. */
export const rmsNormLoops: Pick<NetworkKernels, 'normalise' | 'normaliseBackward'> = {
  normalise(y, inverse, x, width, epsilon) {
    for (const i of inverse.keys()) {
      const from = i * width;
      let sum = 0;
      for (let j = 0; j < width; j++) sum += x[from + j] * x[from + j];
      inverse[i] = 1 / Math.sqrt(sum / width + epsilon);
      for (let j = 0; j < width; j++) y[from + j] = x[from + j] * inverse[i];
    }
  },
  normaliseBackward(gradient, delta, y, inverse, width) {
    for (const i of inverse.keys()) {
      const from = i * width;
      let dot = 0;
      for (let j = 0; j < width; j++) dot += delta[from + j] * y[from + j];
      for (let j = 0; j < width; j++)
        gradient[from + j] += (delta[from + j] - (y[from + j] * dot) / width) * inverse[i];
    }
  },
};

/** y = x/√(mean x² + ε) by row, without parameters (Zhang and Sennrich, arXiv 1910.07467). */
export function createRmsNorm({ buffer, ...kernels }: NetworkKernels, rows: number, width: number) {
  const y = buffer(rows * width);
  const inverse = kernels.buffer64(rows);
  return {
    y,
    forward: (x: FloatArray): void => kernels.normalise(y, inverse, x, width, EPSILON),
    /** Adds ∂L/∂x to `gradient`. */
    backward: (delta: FloatArray, gradient: FloatArray): void =>
      kernels.normaliseBackward(gradient, delta, y, inverse, width),
  };
}
