import { updates } from '../../steppers/updates.ts';
import { attentionLoops } from './attention.ts';
import type { NetworkKernels } from './kernels.ts';
import { rmsNormLoops } from './rms-norm.ts';
import { rowLoops } from './row-loops.ts';

/** Plain loops; sums are in float64 whatever the arrays hold. */
const loops = (make: NetworkKernels['buffer']): NetworkKernels => ({
  buffer: make,
  buffer64: (length) => new Float64Array(length),
  ...attentionLoops,
  ...rmsNormLoops,
  product(C, X, Y, { n, m, l, transposed = false, s = 1, adds = false }) {
    const [row, column] = transposed ? [1, n] : [l, 1];
    const sums = new Float64Array(m);
    for (let i = 0; i < n; i++) {
      sums.fill(0);
      for (let p = 0; p < l; p++) {
        const x = X[i * row + p * column];
        if (x !== 0) for (let j = 0; j < m; j++) sums[j] += x * Y[p * m + j];
      }
      for (let j = 0; j < m; j++) C[i * m + j] = (adds ? C[i * m + j] : 0) + s * sums[j];
    }
  },
  transpose(Y, X, d, k) {
    for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) Y[j * d + i] = X[i * k + j];
  },
  relu(H) {
    for (let i = 0; i < H.length; i++) if (H[i] < 0) H[i] = 0;
  },
  reluBackward(delta, H) {
    for (let i = 0; i < H.length; i++) if (!(H[i] > 0)) delta[i] = 0;
  },
  sum(Z, X, Y) {
    for (let i = 0; i < X.length; i++) Z[i] = X[i] + Y[i];
  },
  ...rowLoops,
  norm(X) {
    let sum = 0;
    for (let i = 0; i < X.length; i++) sum += X[i] * X[i];
    return Math.sqrt(sum);
  },
  update: (theta, gradient, moments, { opt, ...by }) => Math.sqrt(updates[opt](theta, gradient, moments, by)),
});

/** The float64 reference, and its twin that keeps float32. */
export const loops64 = loops((length) => new Float64Array(length));
export const loops32 = loops((length) => new Float32Array(length));
