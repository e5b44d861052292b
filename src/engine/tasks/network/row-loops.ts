import type { NetworkKernels } from './kernels.ts';

/** Passes over matrices of a layer's size, for methods beside LoRA; sums are in float64. */
export const rowLoops: Pick<
  NetworkKernels,
  'residual' | 'rowDots' | 'mixRows' | 'weightedResidual' | 'difference' | 'rankOne'
> = {
  residual(E, V, T, c) {
    const k = E.length / c.length;
    let sum = 0;
    for (let i = 0; i < c.length; i++)
      for (let at = i * k; at < (i + 1) * k; at++) {
        const e = c[i] * V[at] - T[at];
        E[at] = e;
        sum += e * e;
      }
    return sum;
  },
  rowDots(out, X, Y) {
    const k = X.length / out.length;
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (let at = i * k; at < (i + 1) * k; at++) sum += X[at] * Y[at];
      out[i] = sum;
    }
  },
  mixRows(E, V, a, b) {
    const k = E.length / a.length;
    for (let i = 0; i < a.length; i++) for (let at = i * k; at < (i + 1) * k; at++) E[at] = a[i] * E[at] + b[i] * V[at];
  },
  weightedResidual(P, W, M) {
    let sum = 0;
    for (let at = 0; at < P.length; at++) {
      const e = W[at] * P[at] - M[at];
      P[at] = e * W[at];
      sum += e * e;
    }
    return sum;
  },
  difference(E, X, Y) {
    let sum = 0;
    for (let i = 0; i < E.length; i++) {
      const e = X[i] - Y[i];
      E[i] = e;
      sum += e * e;
    }
    return sum;
  },
  rankOne(c, w, M, dc, dw) {
    const sums = new Float64Array(w.length);
    let square = 0;
    for (let i = 0; i < c.length; i++) {
      let dot = 0;
      for (let j = 0; j < w.length; j++) {
        const e = c[i] * w[j] - M[i * w.length + j];
        dot += e * w[j];
        sums[j] += e * c[i];
        square += e * e;
      }
      dc[i] = dot;
    }
    dw.set(sums);
    return square;
  },
};
