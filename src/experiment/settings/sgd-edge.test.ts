import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { type Matrix64, scale, zeros } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { sgdEdge } from './rate.ts';
import { flowProblem } from './testing/flow-problem.ts';

/** The largest eigenvalue of P^½·H·P^½ at (A, B), by power iteration on differences of the exact gradient; P has λ for B. */
function largestCurvature(
  d: number,
  k: number,
  r: number,
  A: Matrix64,
  B: Matrix64,
  M: Matrix64,
  s: number,
  ratio: number,
) {
  const { flow, start } = flowProblem(d, k, r, A, M, s, ratio);
  start.set(B.data, r * k);
  const root = (i: number) => (i < r * k ? 1 : Math.sqrt(ratio));
  let v: Float64Array = gaussian(1, start.length, stream(9, 'v')).data;
  let value = 0;
  for (let turn = 0; turn < 400; turn++) {
    const size = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    v = v.map((x) => x / size);
    const h = 1e-4;
    const [up, down] = [1, -1].map((sign) => flow(start.map((x, i) => x + sign * h * v[i] * root(i))));
    // The flow is −P·∇L: in the coordinates P^(−½)·θ it is −P^½·∇L.
    const image = up.map((x, i) => (down[i] - x) / (2 * h) / root(i));
    value = image.reduce((sum, x, i) => sum + x * v[i], 0);
    // Shifted, so that the most negative eigenvalue, which is −value at B = 0, does not win.
    v = image.map((x, i) => x + 5 * v[i]);
  }
  return value;
}

describe('the edge of SGD', () => {
  const [d, k, r, s] = [5, 6, 2, 1.5];
  const M = scale(gaussian(d, k, stream(5, 'target')), 0.3);
  const { U, S, V } = svd(M);

  it.each([1, 3])(
    'is 2 over the largest curvature, at B = 0 and at the minimum where slow training ends (λ = %d)',
    (ratio) => {
      // A with V₁ among its rows: the largest curvature depends on A's part along it. The law is for a = σ₁(A₀).
      const A = zeros(r, k);
      for (let j = 0; j < k; j++) {
        A.data[j] = 0.7 * V.data[j * S.length];
        A.data[k + j] = 0.2 * V.data[j * S.length + 1];
      }
      const edge = sgdEdge(s, ratio, { a: 0.7, sigma1: S[0] });
      expect(largestCurvature(d, k, r, A, zeros(d, r), M, s, ratio) * edge.first).toBeCloseTo(2, 6);
      // The end of the flow of the first direction: λa² − b² is kept, s·a·b = σ₁; the second one alike.
      const end = (i: number, a0: number) => {
        const c = ratio * a0 * a0;
        const square = (c + Math.sqrt(c * c + (4 * ratio * S[i] * S[i]) / (s * s))) / (2 * ratio);
        return { a: Math.sqrt(square), b: S[i] / (s * Math.sqrt(square)) };
      };
      const B = zeros(d, r);
      for (const [i, a0] of [0.7, 0.2].entries()) {
        const { a, b } = end(i, a0);
        for (let j = 0; j < k; j++) A.data[i * k + j] = a * V.data[j * S.length + i];
        for (let j = 0; j < d; j++) B.data[j * r + i] = b * U.data[j * S.length + i];
      }
      expect(largestCurvature(d, k, r, A, B, M, s, ratio) * edge.unstable).toBeCloseTo(2, 5);
      expect(edge.unstable).toBeLessThan(edge.nothing);
      // 2/q is below both.
      const q = s * s * ratio * 0.49 + 2 * s * Math.sqrt(ratio) * S[0];
      expect(2 / q).toBeLessThan(edge.unstable);
    },
  );
});
