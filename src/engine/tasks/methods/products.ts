import { sizesOfC } from '../../../experiment/methods/lokr.ts';
import { held, type MakePass, panelsOf, trainedArray } from './pass.ts';

/**
 * ΔW = C ⊗ W₂. With the d₁k₁ blocks of ΔW* as rows of M̃ (Van Loan), c the entries of C and w those of W₂ this is
 * E = c·wᵀ − M̃, ∂C = E·w, ∂W₂ = Eᵀ·c.
 */
export const lokrPass: MakePass = ({ kernels, task: { settings }, target }) => {
  const [d1, k1] = sizesOfC(settings);
  const { d, k } = settings;
  const [d2, k2] = [d / d1, k / k1];
  const W2 = trainedArray(kernels, d2, k2, 'A');
  const C = trainedArray(kernels, d1, k1, 'B');
  const places = new Int32Array(d * k);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < k; j++) {
      const block = Math.floor(i / d2) * k1 + Math.floor(j / k2);
      places[block * d2 * k2 + (i % d2) * k2 + (j % k2)] = i * k + j;
    }
  const M = held(
    kernels,
    Float32Array.from(places, (at) => target[at]),
  );
  return {
    trained: [W2, C],
    evaluate: () => kernels.rankOne(C.values, W2.values, M, C.gradient, W2.gradient) / 2,
    update(into) {
      const [c, w] = [C.values, W2.values];
      for (let i = 0, at = 0; i < c.length; i++) for (let j = 0; j < w.length; j++) into[places[at++]] = c[i] * w[j];
    },
  };
};

/** ΔW = W₀ ∘ (BA), Ĝ = E ∘ W₀, ∂B = Ĝ·Aᵀ, ∂A = Bᵀ·Ĝ, a panel of rows at a time. */
export const hiraPass: MakePass = ({ kernels, task: { settings, base }, target }) => {
  const { d, k, rank } = settings;
  const A = trainedArray(kernels, rank, k, 'A');
  const B = trainedArray(kernels, d, rank, 'B', true);
  const [W, M] = [held(kernels, base), held(kernels, target)];
  const turned = kernels.buffer(k * rank);
  const panels = panelsOf(d, k, (rows) => ({
    W: rows(W, k),
    M: rows(M, k),
    B: rows(B.values, rank),
    dB: rows(B.gradient, rank),
  }));
  const P = kernels.buffer(panels[0].rows * k);
  const product = ({ rows, B: b }: (typeof panels)[number]) => {
    const p = P.subarray(0, rows * k);
    kernels.product(p, b, A.values, { n: rows, m: k, l: rank });
    return p;
  };
  return {
    trained: [A, B],
    evaluate() {
      kernels.transpose(turned, A.values, rank, k);
      A.gradient.fill(0);
      let square = 0;
      for (const panel of panels) {
        const p = product(panel);
        square += kernels.weightedResidual(p, panel.W, panel.M);
        kernels.product(panel.dB, p, turned, { n: panel.rows, m: rank, l: k });
        kernels.product(A.gradient, panel.B, p, { n: rank, m: k, l: panel.rows, transposed: true, adds: true });
      }
      return square / 2;
    },
    update(into) {
      for (const panel of panels) {
        const p = product(panel);
        const first = panel.first * k;
        for (let at = 0; at < p.length; at++) into[first + at] = base[first + at] * p[at];
      }
    },
  };
};
