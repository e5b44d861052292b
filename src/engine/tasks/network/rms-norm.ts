import type { FloatArray, NetworkKernels } from './kernels.ts';

const EPSILON = 1e-5;

/** y = x/√(mean x² + ε) by row, without parameters (Zhang and Sennrich, arXiv 1910.07467). */
export function createRmsNorm({ buffer }: NetworkKernels, rows: number, width: number) {
  const y = buffer(rows * width);
  const inverse = new Float64Array(rows);
  return {
    y,
    forward(x: FloatArray): void {
      for (let i = 0; i < rows; i++) {
        const from = i * width;
        let sum = 0;
        for (let j = 0; j < width; j++) sum += x[from + j] * x[from + j];
        inverse[i] = 1 / Math.sqrt(sum / width + EPSILON);
        for (let j = 0; j < width; j++) y[from + j] = x[from + j] * inverse[i];
      }
    },
    /** Adds ∂L/∂x = (δ − y·⟨δ, y⟩/width)/√(mean x² + ε) to `gradient`. */
    backward(delta: FloatArray, gradient: FloatArray): void {
      for (let i = 0; i < rows; i++) {
        const from = i * width;
        let dot = 0;
        for (let j = 0; j < width; j++) dot += delta[from + j] * y[from + j];
        for (let j = 0; j < width; j++)
          gradient[from + j] += (delta[from + j] - (y[from + j] * dot) / width) * inverse[i];
      }
    },
  };
}
